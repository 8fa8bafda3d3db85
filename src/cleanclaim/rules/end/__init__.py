"""Endoscopies of one family, or of one region, on one day."""
