"""Comparison with the real frameworks. A framework that is missing fails these tests: nothing is skipped."""
