"""Claims and the readers that deliver them."""
