"""Markdown in, HTML out, and the site as it is built."""
