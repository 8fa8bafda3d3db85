"""Dates and filing limits."""
