"""Quality measure codes."""
