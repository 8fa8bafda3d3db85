"""Claims and rules brought together."""
