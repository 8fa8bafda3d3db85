"""The code a page is about: what kind it is, and what the book answers about it, each asked once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from cleanclaim.book.facts import AddOnEdit, FeeScheduleRow, HcpcsCode, ImagingGuidance, MueLimit
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import Answer, DayBook, Index, OpenBook, PairsOf
from cleanclaim.pricing.context import PAID_BY_RVU
from cleanclaim.rules.code_groups import code_kind, is_evaluation_and_management, is_laboratory, is_surgery
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Date, Setting, StaleUse, State

MEASURE: Final = "A measure code is reported for quality and never paid."
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_DIAGNOSIS: Final = re.compile(r"([A-Z][0-9][0-9A-Z])\.?([0-9A-Z]{0,4})")
_CATEGORIES: Final = {CodeKind.CATEGORY_I: "I", CodeKind.CATEGORY_II: "II", CodeKind.CATEGORY_III: "III"}
_OUR_OWN: Final = "imaging-guidance"
_ITEM_LETTERS: Final = frozenset("ABEJKLV")
_PAYABLE: Final = frozenset("ARC")
_PAID_SOMEWHERE: Final = PAID_BY_RVU | {"C"}
_THERAPY: Final = "5"
"""Multiple-procedure indicator of the therapy services."""
_NO_PERIOD: Final = frozenset({"XXX", "ZZZ"})

_Made = TypeVar("_Made")


@dataclass
class Subject:
    """A code with the book as it stood on the day. Every answer that was used is kept, for what it cannot say."""

    code: str
    book: OpenBook
    day: DayBook
    licensed: bool = False
    """Descriptors that the user's own licence covers may be told."""

    def __post_init__(self) -> None:
        self.answers: list[Answer[Any]] = []
        self._made: dict[str, Any] = {}

    @property
    def index(self) -> Index:
        """The opened index."""
        return self.book.index

    def keep(self, answer: Answer[Any]) -> Answer[Any]:
        """Remember an answer that the page rests on."""
        self.answers.append(answer)
        return answer

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What several sections ask for, made when the first does."""
        if name not in self._made:
            self._made[name] = make()
        made: _Made = self._made[name]
        return made

    def stale(self) -> tuple[StaleUse, ...]:
        """Releases used although they do not cover the day."""
        used = (answer.release for answer in self.answers if answer.stale and not answer.no_data)
        return tuple(
            dict.fromkeys(StaleUse(entry.source, entry.release, entry.covers_to) for entry in used if entry is not None)
        )

    def missing(self) -> tuple[tuple[str, str], ...]:
        """Sources that say nothing of the code on the day, where another source of the same kind does."""
        return ()

    def starter(self) -> bool:
        """True when an answer comes from an embedded part of a release; our own imaging families are no such part."""
        used = (answer.release for answer in self.answers if not answer.no_data)
        return any(
            release.starter and not release.whole and release.source != _OUR_OWN
            for release in used
            if release is not None
        )


class Procedure(Subject):
    """A procedure code: CPT, or HCPCS Level II."""

    @cached_property
    def kind(self) -> CodeKind:
        """Told by its shape."""
        return code_kind(self.code)

    @property
    def system(self) -> str:
        """CPT or HCPCS."""
        return "HCPCS" if self.kind is CodeKind.LEVEL_II else "CPT"

    @property
    def category(self) -> str:
        """I, II or III; PLA and MAAA for the laboratory codes that end in U and M; "" for HCPCS Level II."""
        if self.kind is CodeKind.LABORATORY:
            return "PLA" if self.code.endswith("U") else "MAAA"
        return _CATEGORIES.get(self.kind, "")

    @cached_property
    def fee(self) -> Answer[FeeScheduleRow]:
        """Its fee-schedule rows."""
        return self.keep(self.day.fee_schedule(self.code))

    @cached_property
    def row(self) -> FeeScheduleRow | None:
        """Its fee-schedule row without a modifier."""
        rows = {row.modifier: row for row in self.fee.facts}
        return rows.get("") or (self.fee.fact if self.fee.known else None)

    @cached_property
    def level_two(self) -> Answer[HcpcsCode] | None:
        """Its row of the HCPCS Level II file; None for a CPT code."""
        return self.keep(self.day.hcpcs(self.code)) if self.kind is CodeKind.LEVEL_II else None

    @cached_property
    def imaging(self) -> Answer[ImagingGuidance]:
        """How it stands to imaging guidance."""
        return self.keep(self.day.imaging(self.code))

    @cached_property
    def add_on(self) -> Answer[AddOnEdit]:
        """Its edits as an add-on code."""
        return self.keep(self.day.add_on(self.code))

    @cached_property
    def add_ons(self) -> Answer[AddOnEdit]:
        """The add-on edits of which it is a primary."""
        return self.keep(self.day.primary_of(self.code))

    @cached_property
    def limits(self) -> dict[Setting, Answer[MueLimit]]:
        """Its unit limits; suppliers' only where there is one."""
        asked = {setting: self.day.mue(setting, self.code) for setting in (Setting.PRACTITIONER, Setting.OUTPATIENT)}
        supplier = self.day.mue(Setting.DME, self.code)
        if supplier.known:
            asked[Setting.DME] = supplier
        return {setting: self.keep(answer) for setting, answer in asked.items()}

    @cached_property
    def pairs(self) -> dict[Setting, PairsOf]:
        """Every pair edit in force, by setting."""
        found = {setting: self.day.ptp_of(setting, self.code) for setting in (Setting.PRACTITIONER, Setting.OUTPATIENT)}
        for pairs in found.values():
            for release, stale in pairs.releases:
                self.keep(Answer(State.KNOWN, (), release, stale))
        return found

    def missing(self) -> tuple[tuple[str, str], ...]:
        """Settings for which no pair edits, or no unit limits, are loaded."""
        if self.measure or not self.listed:
            return ()
        pairs = [(f"ncci-ptp-{setting}", "pair edits") for setting, found in self.pairs.items() if found.no_data]
        limits = [(f"ncci-mue-{setting}", "unit limits") for setting, found in self.limits.items() if found.no_data]
        return tuple(
            (source, f"No loaded release of {source} has {what} of the code.") for source, what in pairs + limits
        )

    @cached_property
    def listed(self) -> bool:
        """True when a loaded list or edit has the code, on whatever day."""
        return self.index.is_code(self.code, None) or any(pairs.known for pairs in self.pairs.values())

    def absence(self) -> str:
        """Which lists do not have the code, and what to do about it."""
        asked: list[Answer[Any]] = [self.fee]
        if self.level_two is not None:
            asked.append(self.level_two)
        whole = [release for answer in asked for release in answer.looked_in if release.whole]
        if not whole:
            return (
                "no loaded list has this code, and none is whole. `cleanclaim data update` loads whole lists; "
                "`cleanclaim data status` says what is loaded."
            )
        names = ", ".join(dict.fromkeys(f"{release.source} {release.release}" for release in whole))
        return f"no loaded list has this code; looked in the whole of {names}."

    @property
    def status(self) -> str:
        """Its status indicator, "" where no release has it."""
        return self.row.status_indicator if self.row is not None else ""

    @property
    def payable(self) -> bool:
        """Active, restricted, or priced by the contractor: there is a payment that a fault would cost."""
        return self.status in _PAYABLE

    @property
    def paid_nowhere(self) -> bool:
        """The fee schedule lists it and pays it in no place."""
        return self.row is not None and self.status not in _PAID_SOMEWHERE

    @property
    def therapy(self) -> bool:
        """Always therapy, by its multiple-procedure indicator; the therapies of physicians too."""
        return self.row is not None and self.row.multiple_procedure == _THERAPY

    @property
    def no_operation(self) -> bool:
        """Without a global period, and no procedure of the surgery section: nobody operates or assists."""
        row = self.row
        return (
            row is not None
            and row.global_days in _NO_PERIOD
            and not (is_surgery(self.code) and row.pc_tc_indicator == "0")
        )

    @cached_property
    def measure(self) -> bool:
        """A Category II code or a MIPS measure: reported, never paid."""
        return self.kind is CodeKind.CATEGORY_II or self.status == "M"

    @cached_property
    def visit(self) -> bool:
        """An evaluation and management service."""
        return is_evaluation_and_management(self.code)

    @cached_property
    def laboratory(self) -> bool:
        """A laboratory test."""
        return is_laboratory(self.code)

    @property
    def anesthesia(self) -> bool:
        """An anesthesia service."""
        return self.status == "J"

    @property
    def item(self) -> bool:
        """A drug, device or supply, by the letter of its Level II code. Convention."""
        return self.kind is CodeKind.LEVEL_II and self.code[0] in _ITEM_LETTERS

    @property
    def drug(self) -> bool:
        """A drug paid by the dose: a J code, or a Q code that the fee schedule leaves to the drugs' own. Convention."""
        if self.kind is not CodeKind.LEVEL_II:
            return False
        return self.code[0] == "J" or (self.code[0] == "Q" and self.status == "E")


class Diagnosis(Subject):
    """An ICD-10-CM code, without its dot."""


class Modifier(Subject):
    """A two-character modifier."""


def find_subject(book: OpenBook, text: str, date: Date, known_on: Date | None, *, licensed: bool = False) -> Subject:
    """What ``text`` names: a modifier, a procedure, or a diagnosis.

    Text that could be a Level II code as well as a diagnosis (J1100) is the one that a loaded list has, the
    procedure first; with its dot (J11.00) it is always the diagnosis. Raises InputError for what can be none.
    """
    code = text.strip().upper()
    day = book.as_of(date, known_on)
    if _MODIFIER.fullmatch(code):
        return Modifier(code, book, day)
    shaped = _DIAGNOSIS.fullmatch(code)
    if shaped is not None and (code_kind(code) is CodeKind.MALFORMED or _only_diagnosis(book, day, code)):
        return Diagnosis(shaped[1] + shaped[2], book, day)
    if code_kind(code) in {CodeKind.MALFORMED, CodeKind.ABSENT}:
        raise InputError(
            f"{text!r} can be no code: expected a procedure (43214, 4324F, G4000), a diagnosis (K22.2) or a "
            "modifier (59, TC)."
        )
    return Procedure(code, book, day, licensed)


def _only_diagnosis(book: OpenBook, day: DayBook, code: str) -> bool:
    return day.icd10cm(code).known and not book.index.is_code(code, None)
