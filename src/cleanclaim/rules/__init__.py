"""The rules: one file per rule, its cases beside it."""
