"""Reading the claims of a large check once, and spreading them over files by patient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import InputFile, inputs, read_placed, read_tables
from cleanclaim.claims.spread import Spread
from cleanclaim.claims.stable import patient_number, stable_hash
from cleanclaim.engine.history_files import History, as_history
from cleanclaim.engine.input_files import WHOLE_FILE, inputs_of, nothing_read, whole_file
from cleanclaim.engine.stream.ahead import made_ahead
from cleanclaim.engine.stream.found import Part
from cleanclaim.engine.stream.parts import CLAIMS_OF_A_PART
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import FileCount, Reject

if TYPE_CHECKING:  # loads arrays, which a run without tables does without
    from cleanclaim.claims.readers.x12_columns.parts import Part as TablePart
    from cleanclaim.claims.table import ClaimTable

_MOST_FILES: Final = 1_024
"""Claims are spread over no more files: each has a buffer in memory."""
_FILES_OF_A_PART: Final = 4
"""Over so many files is spread what may become a part: then parts of an even size can be put together."""
_PARTS_OF_A_JOB: Final = 3
"""A few claims are divided so that each process has some parts to do, and none waits long for the last."""
_FEWEST: Final = 500
"""Claims of a part at least: fewer are checked before another process has begun."""
_BYTES_OF_A_CLAIM: Final = 500
"""Of the smaller ones."""
_BYTES_TOLD: Final = 1 << 20
"""How far the reading of a file has come is told so often."""
_TOO_MANY: Final = 2
"""A file with so many times the claims of a part is divided again."""
_SHIFT: Final = 20
"""Bits of a patient's hash that the first spreading may use; the second uses those behind them."""

Advance = Callable[[int], None]
"""Is told how many bytes of the input have been read since it was told before."""


@dataclass(slots=True)
class ClaimsRead:
    """What was read, and the parts it was divided into. Everything in it can be kept as JSON."""

    parts: list[Part] = field(default_factory=list)
    files: list[FileCount] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is to be said of the history."""
    claims: int = 0
    rejects: int = 0

    def plain(self) -> dict[str, Any]:
        """For the state of the work folder; :meth:`of_plain` reads it back."""
        return {
            "parts": [[part.number, part.claims, part.files, part.history] for part in self.parts],
            "files": [[count.file, count.claims, count.reported, count.rejected] for count in self.files],
            "unusable": self.unusable,
            "notes": self.notes,
            "claims": self.claims,
            "rejects": self.rejects,
        }

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> ClaimsRead:
        """What :meth:`plain` gave."""
        parts = [Part(number, claims, tuple(files), tuple(old)) for number, claims, files, old in plain["parts"]]
        files = [FileCount(*count) for count in plain["files"]]
        return cls(parts, files, plain["unusable"], plain["notes"], plain["claims"], plain["rejects"])


@dataclass(slots=True)
class _Reading:
    folder: Path
    forced: str | None
    advance: Advance
    claims: Spread
    ahead: int
    """Parts of a file that are read while the one before is spread."""
    read: ClaimsRead = field(default_factory=ClaimsRead)
    place: int = 0
    """Of the next record in the input."""
    whole: list[Reject] | None = field(default_factory=list)
    """The rejects, as long as nothing but whole files has been rejected and no claim read; then None."""

    def opened(self, source: InputFile, forced: str | None) -> Iterator[tuple[int, Claim | Reject]]:
        """The records of a file with their places in the input, in any order; what was unpacked for it is removed."""
        first, last, told = self.place, self.place - 1, 0
        try:
            for at, entry in read_placed(source, forced, self.folder):
                last = max(last, first + at)
                if entry.byte is not None and entry.byte >= told + _BYTES_TOLD:
                    self.advance(entry.byte - told)
                    told = entry.byte
                yield first + at, entry
        finally:
            self.place = last + 1
            self.close(source, told)

    def opened_tables(self, source: InputFile, parts: Iterator[TablePart]) -> Iterator[TablePart]:
        """The parts of a file, whose claims and rejects follow each other in the input."""
        told = 0
        try:
            for part in made_ahead(parts, self.ahead) if self.ahead else parts:
                yield part
                last = int(part.table.claim_rows["byte"].max(initial=0))
                self.advance(max(0, last - told))
                told = max(told, last)
        finally:
            self.close(source, told)

    def close(self, source: InputFile, told: int) -> None:
        """A file has been read to its end, of which ``told`` bytes were told."""
        for path in self.folder.glob("unpacked-*"):
            path.unlink()
        self.advance(max(0, source.size - told))

    def reject(self, place: int, reject: Reject) -> None:
        """Keep a reject, beside claims of any patient."""
        self.read.rejects += 1
        self.claims.put(place, place, reject)
        if self.whole is not None:
            if reject.segment == WHOLE_FILE:
                self.whole.append(reject)
            else:
                self.whole = None

    def reject_next(self, reject: Reject) -> None:
        """Keep a reject that stands after all that was read so far."""
        self.reject(self.place, reject)
        self.place += 1

    def take_table(self, part: TablePart) -> None:
        """Keep the claims of a table, and the rejects between them."""
        import numpy as np  # noqa: PLC0415 - who reads tables has loaded it

        table, first = part.table, self.place
        if len(table):
            self.whole = None
        places = first + np.arange(len(table)) + np.searchsorted(part.places, np.arange(len(table)), side="right")
        numbers = table.patient_hash()
        self.claims.put_table(np.where(numbers == 0, places.astype(np.uint64), numbers), places, table)
        for before, (claims, reject) in enumerate(zip(part.places, part.rejects, strict=True)):
            self.reject(first + claims + before, reject)
        self.place = first + len(table) + len(part.rejects)

    def take(self, source: InputFile) -> None:
        """Read a file: each of its claims is kept, or the reject that stands for it."""
        source = _loaded_once(source)
        claims = gone = 0
        try:
            tables = read_tables(source, self.forced, self.ahead)
            for part in self.opened_tables(source, tables) if tables is not None else ():
                claims += len(part.table)
                gone += sum(reject.claims for reject in part.rejects)
                self.take_table(part)
            for place, entry in self.opened(source, self.forced) if tables is None else ():
                if isinstance(entry, Claim):
                    claims += 1
                    self.whole = None
                    self.claims.put(_number(entry, place), place, entry)
                else:
                    gone += entry.claims
                    self.reject(place, entry)
        except UnreadableFile as error:
            self.read.unusable.append(str(error))
            self.reject_next(whole_file(source.name, str(error)))
        self.read.files.append(FileCount(source.name, claims + gone, claims, gone))
        self.read.claims += claims


def read_claims(
    paths: Iterable[str | Path],
    history: Sequence[str | Path],
    folder: Path,
    *,
    forced: str | None,
    jobs: int,
    size: int,
    advance: Advance,
) -> ClaimsRead:
    """Read every claim of the files, and of the history, into ``folder``, divided so that ``jobs`` can check them.

    ``size`` is about how many bytes there are, unpacked. Raises UnreadableFile when nothing at all could be read.
    """
    many = min(_MOST_FILES, _FILES_OF_A_PART * max(jobs, size // (_BYTES_OF_A_CLAIM * CLAIMS_OF_A_PART)) + 1)
    reading = _Reading(folder, forced, advance, Spread(folder, "claims", many), ahead=int(jobs > 1))
    read = reading.read
    for source in inputs_of(paths, read.unusable, reading.reject_next, partial(inputs, scratch=folder)):
        reading.take(source)
    if reading.whole:
        raise nothing_read(reading.whole)
    before = Spread(folder, "history", many)
    if history:
        _take_history(history, reading, before)
    reading.claims.flush()
    before.flush()
    read.parts = _divided(folder, reading.claims, before, read.claims, jobs)
    return read


def _take_history(paths: Sequence[str | Path], reading: _Reading, before: Spread) -> None:
    """Spread the claims sent before like those of their patients."""
    history = History()

    def reject_next(reject: Reject) -> None:
        reading.reject_next(as_history(reject))

    for source in inputs_of(paths, history.unusable, reject_next, partial(inputs, scratch=reading.folder)):
        try:
            for place, entry in reading.opened(source, None):
                if not isinstance(entry, Claim):
                    reading.reject(place, history.reject(entry))
                elif history.count(entry):
                    before.put(patient_number(entry.patient_key), place, entry)
        except UnreadableFile as error:
            history.unusable.append(str(error))
            reject_next(whole_file(source.name, str(error)))
    reading.read.unusable += history.unusable
    reading.read.notes += history.notes()


def _loaded_once(source: InputFile) -> InputFile:
    """The same file, which is opened once however often it is asked for its content."""
    return replace(source, load=cache(source.load))


def _number(claim: Claim, place: int) -> int:
    """Claims of one patient have one number; a claim that names none is looked at alone, and goes anywhere."""
    return patient_number(claim.patient_key) or stable_hash(str(place))


def _divided(folder: Path, claims: Spread, before: Spread, many: int, jobs: int) -> list[Part]:
    """The parts: files put together until they have claims enough, or divided again where one has too many."""
    for_each = max(_FEWEST, many // (_PARTS_OF_A_JOB * jobs)) if jobs > 1 else CLAIMS_OF_A_PART
    wanted = min(CLAIMS_OF_A_PART, for_each)
    parts: list[Part] = []
    together: list[tuple[str, str, int]] = []
    for name, old, records in _files(folder, claims, before, wanted):
        together.append((name, old, records))
        if sum(entry[2] for entry in together) >= wanted:
            parts.append(_part(len(parts), together, folder))
            together.clear()
    if together:
        parts.append(_part(len(parts), together, folder))
    return parts


def _part(number: int, files: Sequence[tuple[str, str, int]], folder: Path) -> Part:
    history = tuple(old for _, old, _ in files if (folder / old).exists())
    return Part(number, sum(entry[2] for entry in files), tuple(name for name, _, _ in files), history)


def _files(folder: Path, claims: Spread, before: Spread, wanted: int) -> Iterator[tuple[str, str, int]]:
    """Name of each file with claims, of the one with the history of their patients, and how many records it has."""
    for number, records in enumerate(claims.counts):
        name, old = claims.path(number), before.path(number)
        if records > _TOO_MANY * wanted:
            pieces = -(-records // wanted)
            apart = Spread(folder, f"claims-{number:05d}", pieces)
            _divide(name, apart)
            _divide(old, Spread(folder, f"history-{number:05d}", pieces))
            for piece, some in enumerate(apart.counts):
                if some:
                    yield apart.path(piece).name, old.with_name(f"{old.name}-{piece:05d}").name, some
        elif records:
            yield name.name, old.name, records


def _divide(path: Path, apart: Spread) -> None:
    tables, records = spill.read_apart(path)
    for place, entry in records:
        number = _number(entry, place) if isinstance(entry, Claim) else stable_hash(str(place))
        apart.put(number >> _SHIFT, place, entry)
    if tables:
        _divide_tables(tables, apart)
    apart.flush()
    path.unlink(missing_ok=True)


def _divide_tables(tables: Sequence[tuple[Sequence[int], ClaimTable]], apart: Spread) -> None:
    import numpy as np  # noqa: PLC0415 - who has tables has loaded it

    from cleanclaim.claims.table import ClaimTable  # noqa: PLC0415 - as above

    together = ClaimTable.concat([table for _, table in tables])
    places = np.concatenate([at for at, _ in tables])
    numbers = together.patient_hash()
    unnamed = places.astype(np.uint64) << np.uint64(_SHIFT)  # a claim that names no patient goes anywhere
    apart.put_table(np.where(numbers == 0, unnamed, numbers) >> np.uint64(_SHIFT), places, together)
