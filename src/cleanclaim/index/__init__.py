"""The book compiled to memory-mapped arrays for lookup."""
