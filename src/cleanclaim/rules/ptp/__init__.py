"""NCCI procedure-to-procedure edits."""
