"""Medically unlikely edits: units of service."""
