"""The unit suite inside the interpreter that the site ships."""
