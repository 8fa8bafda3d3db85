"""The book, read by people: the audit of published pages."""
