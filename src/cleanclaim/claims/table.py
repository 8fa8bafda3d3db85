"""Many claims as columns: the lossless form between a reader and whatever works on arrays.

Nothing is rounded, cut or normalised: ``ClaimTable.of(claims)`` gives back equal claims, field by field. The few whose
values do not fit the records (five modifiers, an amount of twenty digits) are kept as the objects they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.claims.stable import patient_number
from cleanclaim.claims.table_layout import (
    CLAIM,
    CLAIM_DATES,
    CLAIM_TEXTS,
    DIAGNOSIS,
    DIAGNOSIS_TEXTS,
    LINE,
    LINE_DATES,
    LINE_TEXTS,
    NO_AMOUNT,
    SLOTS,
    TYPES,
)
from cleanclaim.claims.table_objects import claims_of
from cleanclaim.claims.vocabulary import Ids, Starts, Vocabulary
from cleanclaim.types import Date

Records = npt.NDArray[np.void]
Rows = npt.NDArray[np.intp]
Hashes = npt.NDArray[np.uint64]

_TYPE_NUMBERS: Final = {kind: number for number, kind in enumerate(TYPES)}
_BLOCK: Final = 4096
"""So many claims are made objects at a time."""
_LARGEST: Final = 10**18
_FINEST: Final = 100
_LARGEST_POINTER: Final = (1 << 15) - 1
_LARGEST_NUMBER: Final = (1 << 31) - 1


class DoesNotFit(Exception):
    """The claim has a value that the records cannot hold exactly."""


class ClaimTable:
    """Claims, their lines and their diagnoses as records (:mod:`cleanclaim.claims.table_layout`).

    ``faults`` are the distinct ``envelope_faults`` of the claims, the first one empty. Tables are not changed once
    made. The lines of a claim lie together, but not always in the order of the claims, and there may be lines that no
    claim of this table refers to: after :meth:`take` with all rows they are in order and complete.
    """

    __slots__ = ("claim_rows", "diagnosis_rows", "faults", "kept", "line_rows", "vocabulary")

    def __init__(  # noqa: PLR0917 - the parts of a table, in their order
        self,
        claim_rows: Records,
        line_rows: Records,
        diagnosis_rows: Records,
        vocabulary: Vocabulary,
        faults: Sequence[tuple[str, ...]] = ((),),
        kept: Sequence[Claim] = (),
    ) -> None:
        self.claim_rows = claim_rows
        self.line_rows = line_rows
        self.diagnosis_rows = diagnosis_rows
        self.vocabulary = vocabulary
        self.faults = tuple(faults)
        self.kept = tuple(kept)

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> ClaimTable:
        """The table of ``claims``, in their order."""
        builder = TableBuilder()
        for claim in claims:
            builder.add(claim)
        return builder.table()

    def __len__(self) -> int:
        return len(self.claim_rows)

    def claim(self, row: int) -> Claim:
        """The claim of one row."""
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        (found,) = self.claims([row])
        return found

    def claims(self, rows: Iterable[int] | None = None) -> Iterator[Claim]:
        """The claims of ``rows``, in that order; of every row where none are given."""
        if rows is not None:
            yield from self.take(list(rows)).claims()
            return
        texts = self.vocabulary.texts()
        for first in range(0, len(self), _BLOCK):
            block = self.take(np.arange(first, min(first + _BLOCK, len(self))))
            yield from claims_of(
                block.claim_rows,
                block.line_rows,
                block.diagnosis_rows,
                texts=texts,
                faults=self.faults,
                kept=block.kept,
            )

    def take(self, rows: Sequence[int] | Rows | npt.NDArray[np.bool_]) -> ClaimTable:
        """A table of these rows, in this order, with their lines and diagnoses in the same order, and nothing else.

        The vocabulary is shared; :meth:`divided` leaves out the texts no longer used.
        """
        at = np.asarray(rows, None if len(rows) else np.intp)
        claims = self.claim_rows.take(np.flatnonzero(at) if at.dtype == np.bool_ else at)
        lines, claims["first_line"] = _gathered(self.line_rows, claims["first_line"], claims["line_count"])
        diagnoses, claims["first_diagnosis"] = _gathered(
            self.diagnosis_rows, claims["first_diagnosis"], claims["diagnosis_count"]
        )
        kept = claims["kept"]
        objects = [self.kept[number - 1] for number in kept[kept > 0].tolist()]
        claims["kept"][kept > 0] = np.arange(1, len(objects) + 1)
        return ClaimTable(claims, lines, diagnoses, self.vocabulary, faults=self.faults, kept=objects)

    def divided(self, rows: Rows, counts: Sequence[int]) -> Iterator[ClaimTable]:
        """These rows in as many tables as there are counts, the first of so many.

        The vocabulary of each has only the texts that it uses.
        """
        whole = self.take(rows)
        claims = whole.claim_rows
        lines = [*claims["first_line"].tolist(), len(whole.line_rows)]
        diagnoses = [*claims["first_diagnosis"].tolist(), len(whole.diagnosis_rows)]
        kept = [0, *np.cumsum(claims["kept"] > 0).tolist()]
        start = 0
        for count in counts:
            end = start + count
            piece = ClaimTable(
                claims[start:end],
                whole.line_rows[lines[start] : lines[end]],
                whole.diagnosis_rows[diagnoses[start] : diagnoses[end]],
                whole.vocabulary,
            )
            vocabulary, renumbered = whole.vocabulary.only(words_of(piece))
            put_behind(piece, renumbered, -lines[start], -diagnoses[start])
            own = piece.claim_rows["kept"]
            own[own > 0] -= kept[start]
            yield ClaimTable(
                piece.claim_rows,
                piece.line_rows,
                piece.diagnosis_rows,
                vocabulary,
                faults=whole.faults,
                kept=whole.kept[kept[start] : kept[end]],
            )
            start = end

    @staticmethod
    def concat(tables: Sequence[ClaimTable]) -> ClaimTable:
        """One table of the claims of several, in order."""
        if len(tables) == 1:
            return tables[0]
        vocabulary, renumbered = Vocabulary.merged(table.vocabulary for table in tables)
        claims = _together([table.claim_rows for table in tables], CLAIM)
        lines = _together([table.line_rows for table in tables], LINE)
        diagnoses = _together([table.diagnosis_rows for table in tables], DIAGNOSIS)
        faults: dict[tuple[str, ...], int] = {(): 0}
        kept: list[Claim] = []
        claim = line = diagnosis = 0
        for table, numbers in zip(tables, renumbered, strict=True):
            ends = claim + len(table), line + len(table.line_rows), diagnosis + len(table.diagnosis_rows)
            piece = ClaimTable(
                claims[claim : ends[0]], lines[line : ends[1]], diagnoses[diagnosis : ends[2]], vocabulary
            )
            put_behind(piece, numbers, line, diagnosis)
            own = piece.claim_rows
            of_faults = np.array([faults.setdefault(fault, len(faults)) for fault in table.faults], np.int32)
            own["envelope_faults"] = of_faults[own["envelope_faults"]]
            own["kept"][own["kept"] > 0] += len(kept)
            kept += table.kept
            claim, line, diagnosis = ends
        return ClaimTable(claims, lines, diagnoses, vocabulary, faults=tuple(faults), kept=kept)

    def patient_hash(self) -> Hashes:
        """A number for the patient of each claim, the same in every run and process; 0 where there is none.

        Claims of one patient have the same one. Two patients share one as seldom as two patient keys are the same:
        the key is a 64-bit hash itself.
        """
        hashes: Hashes = self.claim_rows["patient"]
        return hashes


def amount_of(value: Decimal | None) -> tuple[int, int]:
    """An amount as a whole number and its decimals. Raises where that would not give the same Decimal again."""
    if value is None:
        return NO_AMOUNT
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -_FINEST <= exponent <= 0 or (sign and not value):
        raise DoesNotFit
    number = int("".join(map(str, digits)))
    if number >= _LARGEST:
        raise DoesNotFit
    return -number if sign else number, -exponent


class TableBuilder:
    """Makes a table claim by claim, in Python: for claims that are objects already."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {"": 0}
        self._faults: dict[tuple[str, ...], int] = {(): 0}
        self._claims: list[tuple[Any, ...]] = []
        self._lines: list[tuple[Any, ...]] = []
        self._diagnoses: list[tuple[Any, ...]] = []
        self._kept: list[Claim] = []

    def add(self, claim: Claim) -> None:
        """Put a claim behind those there are."""
        try:
            lines = [self._line(line) for line in claim.lines]
            diagnoses = [
                (*self._numbers(_diagnosis_texts(diagnosis)), _byte(diagnosis.byte)) for diagnosis in claim.diagnoses
            ]
            amounts = [amount_of(value) for value in (claim.total_charge,)]
            patient = patient_number(claim.patient_key)
            if claim.patient_key and (not patient or f"{patient:016x}" != claim.patient_key):
                raise DoesNotFit
            row = (
                *self._numbers(_claim_texts(claim)),
                *map(_ordinal, _claim_dates(claim)),
                self._faults.setdefault(claim.envelope_faults, len(self._faults)),
                *(len(lines), len(diagnoses), 0),
                *(number for number, _ in amounts),
                *(_byte(claim.byte), len(self._lines), len(self._diagnoses), patient),
                *(scale for _, scale in amounts),
                *(_TYPE_NUMBERS[claim.claim_type], claim.has_attachment),
            )
        except DoesNotFit:
            self._keep(claim)
            return
        self._claims.append(row)
        self._lines += lines
        self._diagnoses += diagnoses

    def table(self) -> ClaimTable:
        """The table of the claims added."""
        return ClaimTable(
            np.array(self._claims, CLAIM),
            np.array(self._lines, LINE),
            np.array(self._diagnoses, DIAGNOSIS),
            Vocabulary.of(self._texts),
            faults=tuple(self._faults),
            kept=self._kept,
        )

    def _keep(self, claim: Claim) -> None:
        self._kept.append(claim)
        row = np.zeros(1, CLAIM)
        row["kept"], row["patient"] = len(self._kept), patient_number(claim.patient_key)
        self._claims.append(row[0].item())

    def _numbers(self, texts: Iterable[str]) -> list[int]:
        known = self._texts
        return [known.setdefault(text, len(known)) for text in texts]

    def _line(self, line: ClaimLine) -> tuple[Any, ...]:
        amounts = [amount_of(value) for value in (line.units, line.charge, line.ndc_units)]
        modifiers, pointers = line.modifiers, line.diagnosis_pointers
        if len(modifiers) > SLOTS or len(pointers) > SLOTS or "" in modifiers:
            raise DoesNotFit
        if not all(0 <= pointer <= _LARGEST_POINTER for pointer in pointers):
            raise DoesNotFit
        return (
            *self._numbers(_line_texts(line)),
            *map(_ordinal, _line_dates(line)),
            _small(line.line_no),
            [*self._numbers(modifiers), *[0] * (SLOTS - len(modifiers))],
            [*pointers, *[-1] * (SLOTS - len(pointers))],
            *(number for number, _ in amounts),
            _byte(line.byte),
            *(scale for _, scale in amounts),
            line.has_attachment,
        )


_claim_texts: Final = attrgetter(*CLAIM_TEXTS)
_claim_dates: Final = attrgetter(*CLAIM_DATES)
_line_texts: Final = attrgetter(*LINE_TEXTS)
_line_dates: Final = attrgetter(*LINE_DATES)
_diagnosis_texts: Final = attrgetter(*DIAGNOSIS_TEXTS)


def _ordinal(day: Date | None) -> int:
    return 0 if day is None else day.toordinal()


def _byte(byte: int | None) -> int:
    if byte is None:
        return -1
    if not 0 <= byte < _LARGEST:
        raise DoesNotFit
    return byte


def _small(number: int) -> int:
    if not -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER:
        raise DoesNotFit
    return number


def _words_in(records: Records) -> npt.NDArray[np.int64]:
    """The records as rows of 64-bit words: so they are copied in a third of the time."""
    return np.ascontiguousarray(records).view(np.int64).reshape(len(records), records.itemsize // 8)


def _together(pieces: Sequence[Records], record: np.dtype[np.void]) -> Records:
    """The records of all pieces."""
    if not pieces:
        return np.zeros(0, record)
    found: Records = np.concatenate([_words_in(piece) for piece in pieces]).view(record).reshape(-1)
    return found


def _gathered(records: Records, first: Starts, count: Ids) -> tuple[Records, Starts]:
    """The records of every claim, one claim after the other, and where those of each begin."""
    starts = np.zeros(len(count) + 1, np.int64)
    np.cumsum(count, out=starts[1:])
    at = np.repeat(first - starts[:-1], count) + np.arange(starts[-1])
    return records.take(at), starts[:-1]


def put_behind(table: ClaimTable, numbers: Ids, lines: int, diagnoses: int) -> None:
    """Write into a table's own records other numbers for its texts, and places behind so many lines and diagnoses."""
    for words in words_of(table):
        words[...] = numbers[words]
    table.claim_rows["first_line"] += lines
    table.claim_rows["first_diagnosis"] += diagnoses


def words_of(table: ClaimTable) -> Iterator[Ids]:
    """Every field that holds numbers of texts, in arrays that can be written through."""
    for records, blocks in (
        (table.claim_rows, _CLAIM_WORDS),
        (table.line_rows, _LINE_WORDS),
        (table.diagnosis_rows, _DIAGNOSIS_WORDS),
    ):
        words = records.view(np.int32).reshape(len(records), records.dtype.itemsize // 4)
        for block in blocks:
            yield words[:, block]


def _block(record: np.dtype[np.void], names: Sequence[str], slots: int = 1) -> slice:
    """The 32-bit words of some fields of a record, which lie behind one another."""
    assert record.fields is not None
    places = [record.fields[name][1] for name in names]
    assert places == list(range(places[0], places[0] + 4 * len(places), 4))
    return slice(places[0] // 4, places[0] // 4 + slots * len(places))


_CLAIM_WORDS: Final = (_block(CLAIM, CLAIM_TEXTS),)
_LINE_WORDS: Final = (_block(LINE, LINE_TEXTS), _block(LINE, ("modifiers",), SLOTS))
_DIAGNOSIS_WORDS: Final = (_block(DIAGNOSIS, DIAGNOSIS_TEXTS),)
