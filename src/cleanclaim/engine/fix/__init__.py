"""Fixes: which changes a finding offers, which of them go together, and the files with them made."""
