"""Run by an interpreter of its own that has the other packages: one of them over a file, timed.

``python other_packages.py PACKAGE FILE`` prints what it took as JSON: processor seconds without imports, how many
claims it says there are, and how many of them it complains about (null where it does not judge).
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

# ruff: noqa: PLC0415 - each is imported only where it is asked for
Counted = tuple[int, int | None]


def pyx12(path: Path) -> Callable[[], Counted]:
    """Validate against the implementation guide, as its command x12valid does."""
    import pyx12.params  # type: ignore[import-not-found]
    import pyx12.x12n_document  # type: ignore[import-not-found]

    def work() -> Counted:
        out = io.StringIO()
        pyx12.x12n_document.x12n_document(pyx12.params.params(), str(path), out, None, None)
        said = out.getvalue()
        return path.read_text().count("\nCLM*"), said.count("IK3*")

    return work


def x12sdk(path: Path) -> Callable[[], Counted]:
    """Read into its validated models."""
    from x12sdk.io import X12ModelReader  # type: ignore[import-not-found]

    def work() -> Counted:
        claims = 0
        with X12ModelReader(str(path)) as reader:
            for model in reader.models():
                claims += sum(1 for _ in model.claims())
        return claims, None

    return work


def openx12(path: Path) -> Callable[[], Counted]:
    """Read into its dictionaries."""
    from openx12 import x837p  # type: ignore[import-not-found]

    return lambda: (len(x837p.parse(path.read_text()).claims), None)


def claim_validator(path: Path) -> Callable[[], Counted]:
    """Validate claims given as JSON lines: it reads no 837."""
    from claim_validator import validate  # type: ignore[import-not-found]
    from pydantic import ValidationError

    claims = [json.loads(line) for line in path.read_text().splitlines()]

    def work() -> Counted:
        complaints = 0
        for claim in claims:
            try:
                complaints += bool(validate(claim).findings)
            except ValidationError:
                complaints += 1
        return len(claims), complaints

    return work


PACKAGES: Final[dict[str, Callable[[Path], Callable[[], Counted]]]] = {
    "pyx12": pyx12,
    "x12sdk": x12sdk,
    "openx12": openx12,
    "claim-validator": claim_validator,
}


def main() -> None:
    """Print what one package took."""
    name, path = sys.argv[1], Path(sys.argv[2])
    work = PACKAGES[name](path)
    begun = time.process_time()
    claims, complaints = work()
    told: dict[str, Any] = {
        "seconds": time.process_time() - begun,
        "claims": claims,
        "complaints": complaints,
        "version": importlib.metadata.version(name),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
