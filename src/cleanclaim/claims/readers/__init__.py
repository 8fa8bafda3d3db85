"""One module per claims format."""
