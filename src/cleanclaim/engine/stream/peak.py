"""How much memory a process has used at most."""

from __future__ import annotations

import sys


def peak_memory() -> int:
    """The most memory this process has had, in bytes; 0 where the machine does not tell."""
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
