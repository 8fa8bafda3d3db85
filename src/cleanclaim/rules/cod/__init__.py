"""Procedure codes and their Medicare status."""
