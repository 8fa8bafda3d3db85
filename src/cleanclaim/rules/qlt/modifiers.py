"""The modifiers of Category II codes: 1P, 2P and 3P say why a measure was not met, 8P that no reason is given."""

from __future__ import annotations

from cleanclaim.rules.modifiers import P1, P2, P3, P8


def measure_modifiers(flags: bytes) -> int:
    """How many of 1P, 2P, 3P and 8P are on the line."""
    return flags[P1] + flags[P2] + flags[P3] + flags[P8]
