"""Keras models from their source: Sequential and functional, on shapes alone."""
