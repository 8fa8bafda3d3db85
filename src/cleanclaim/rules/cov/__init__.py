"""Medicare coverage: what the articles of its contractors say of diagnoses and drugs."""
