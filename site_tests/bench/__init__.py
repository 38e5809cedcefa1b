"""What takes how long; nothing here decides whether a test passes."""
