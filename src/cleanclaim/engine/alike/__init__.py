"""Claims settled because they are like claims that were checked before: see docs/explanation/what-is-remembered.md."""
