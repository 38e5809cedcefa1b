"""The arithmetic on values: matrices as tuples of rows, one module a subject; nothing is drawn here."""
