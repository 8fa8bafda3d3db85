"""Thin doors: command line, and later API, agents and web."""
