"""The book, read by people: questions answered, published pages audited."""
