"""The engine as it was: the same rules, interpreted one by one over Claim objects, in one process."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from bench.books import REPOSITORY

COMMIT: Final = "be1ed36"
"""The last commit before the work on speed."""


def source_before(folder: Path) -> Path:
    """The package's source at that commit, unpacked into ``folder``; raises LookupError that says why it cannot be."""
    place = folder / "before"
    if not place.is_dir():
        try:
            done = subprocess.run(  # noqa: S603 - arguments made here
                ["git", "-C", str(REPOSITORY), "archive", COMMIT, "src"],  # noqa: S607 - the one on the path
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise LookupError(f"the engine as it was cannot be had: {error}") from None
        if done.returncode:
            raise LookupError(f"the engine as it was ({COMMIT}) is not in this repository's history")
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(place, filter="data")
    return place / "src"


def rules_before(source: Path) -> list[str]:
    """The codes of the rules it had."""
    files = (source / "cleanclaim" / "rules").glob("*/*.py")
    return sorted(file.stem for file in files if re.fullmatch(r"[A-Z]{3}\d{3}", file.stem))
