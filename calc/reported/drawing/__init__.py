"""The network as a drawing: which calls are boxes, where they stand, and what is written on them."""
