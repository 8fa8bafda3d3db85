"""Place of service."""
