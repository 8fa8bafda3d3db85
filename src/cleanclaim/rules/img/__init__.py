"""Imaging guidance."""
