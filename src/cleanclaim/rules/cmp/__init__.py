"""Professional and technical components."""
