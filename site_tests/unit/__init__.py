"""Tables and properties that need nothing but Python and pytest."""
