"""Who bills and who renders: taxonomy codes, and what they say of a service."""
