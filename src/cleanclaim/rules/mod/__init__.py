"""Modifiers: unknown, out of force, contradictory, or on a code they do not fit."""
