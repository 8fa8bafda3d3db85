"""What a payer asks beyond the published edits: its own dated, cited policies."""
