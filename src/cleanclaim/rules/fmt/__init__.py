"""What cannot be a claim."""
