"""The claims of an impact, patient by patient: every patient's claims are looked at together."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import about, read
from cleanclaim.engine.input_files import LARGE, WHOLE_FILE, inputs_of, nothing_read, whole_file
from cleanclaim.engine.stream.folder import WorkFolder
from cleanclaim.engine.stream.parts import CLAIMS_OF_A_PART
from cleanclaim.engine.stream.reading import read_claims
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import FileCount, Reject

Placed = tuple[int, Claim]
"""A claim with its place in the input."""


@dataclass(slots=True)
class Input:
    """What was read besides the claims, whole once all parts have been gone through."""

    rejects: list[Reject] = field(default_factory=list)
    files: list[FileCount] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)


def parts_of(claims: Sequence[Claim]) -> Iterator[list[Placed]]:
    """Claims in memory, divided so that each patient's are in one part, in their order."""
    numbers: dict[str, int] = {}
    parts: list[list[Placed]] = [[]]
    for place, claim in enumerate(claims):
        number = numbers.get(claim.patient_key) if claim.patient_key else None
        if number is None:
            if len(parts[-1]) >= CLAIMS_OF_A_PART:
                parts.append([])
            number = len(parts) - 1
            if claim.patient_key:
                numbers[claim.patient_key] = number
        parts[number].append((place, claim))
    yield from (part for part in parts if part)


@contextlib.contextmanager
def opened(
    paths: Sequence[str | Path], forced: str | None, beside: Path | None = None
) -> Iterator[tuple[Input, Iterator[list[Placed]]]]:
    """The claims of files part by part, and what else was read.

    Large input is read through once, into a folder in ``beside`` that only its owner can read and that is gone
    afterwards. Raises UnreadableFile when nothing at all could be read.
    """
    size, streamed = about(paths)
    read_of = Input()
    if size < LARGE and not streamed:
        yield read_of, parts_of(_in_memory(paths, forced, read_of))
        return
    with WorkFolder.for_now(beside) as folder:
        yield read_of, _from_folder(paths, forced, size, folder.path, read_of)


def _in_memory(paths: Sequence[str | Path], forced: str | None, read_of: Input) -> list[Claim]:
    claims: list[Claim] = []
    for source in inputs_of(paths, read_of.unusable, read_of.rejects.append):
        before, lost = len(claims), len(read_of.rejects)
        try:
            for entry in read(source, forced):
                if isinstance(entry, Claim):
                    claims.append(entry)
                else:
                    read_of.rejects.append(entry)
        except UnreadableFile as error:
            read_of.unusable.append(str(error))
            read_of.rejects.append(whole_file(source.name, str(error)))
        own, gone = len(claims) - before, sum(reject.claims for reject in read_of.rejects[lost:])
        read_of.files.append(FileCount(source.name, own + gone, own, gone))
    if read_of.rejects and not claims and all(reject.segment == WHOLE_FILE for reject in read_of.rejects):
        raise nothing_read(read_of.rejects)
    return claims


def _from_folder(
    paths: Sequence[str | Path], forced: str | None, size: int, folder: Path, read_of: Input
) -> Iterator[list[Placed]]:
    spread = read_claims(paths, (), folder, forced=forced, jobs=1, size=size, advance=lambda _: None)
    read_of.files, read_of.unusable = spread.files, spread.unusable
    rejects: list[tuple[int, Reject]] = []
    for part in spread.parts:
        entries = sorted((entry for file in part.files for entry in spill.read(folder / file)), key=itemgetter(0))
        rejects += ((place, entry) for place, entry in entries if isinstance(entry, Reject))
        claims = [(place, entry) for place, entry in entries if isinstance(entry, Claim)]
        del entries
        if claims:
            yield claims
    read_of.rejects = [reject for _, reject in sorted(rejects, key=itemgetter(0))]
