"""The built site in a real browser: what a reader sees, types and gets."""
