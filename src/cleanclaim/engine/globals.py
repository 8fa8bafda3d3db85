"""A patient's claims over time: whose global days a line falls into, and who has met the patient before.

Global days run from the fee schedule's column: 000 is the day itself, 010 the day and ten more, 090 the day before,
the day and ninety more. A procedure of ZZZ shares the days of its primary and opens none; for YYY the contractor sets
them; MMM is maternity care. Source: NCCI Policy Manual for Medicare 2026, I.C.14, I.D and VII; MPFS record layout.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleanclaim.engine.shown import shown
from cleanclaim.engine.units import is_surgery_center
from cleanclaim.rules.code_groups import is_surgery
from cleanclaim.rules.facts import LineFacts, Package, SameProvider
from cleanclaim.rules.modifiers import (
    ASSISTANTS,
    DURING_GLOBAL_DAYS,
    M24,
    M25,
    M53,
    M54,
    M55,
    M56,
    M57,
    M58,
    M78,
    M79,
    any_of,
    position,
)
from cleanclaim.rules.visits import (
    DELIVERY_WITH_ANTEPARTUM,
    DELIVERY_WITH_POSTPARTUM,
    is_face_to_face,
    is_new_patient_visit,
    is_visit,
)
from cleanclaim.types import Date, Setting

if TYPE_CHECKING:
    from cleanclaim.engine.work import ClaimWork, LineWork, Pair

LONGEST_GLOBAL_DAYS: Final = 90
OF_ONE_DAY: Final = 0
OF_TEN_DAYS: Final = 10
_MINOR: Final = (OF_ONE_DAY, OF_TEN_DAYS)
_MAJOR: Final = 90
_YYY: Final = 101
MATERNITY: Final = 103
_OPENING: Final = frozenset({*_MINOR, _MAJOR, _YYY, MATERNITY})
ANTEPARTUM_DAYS: Final = 280
_POSTPARTUM_DAYS: Final = 42
"""Convention: forty weeks before a delivery, six weeks after it."""
_ROUTINE_MATERNITY: Final = ("Z34", "Z392")
"""Supervision of normal pregnancy; routine postpartum follow-up (ICD-10-CM)."""
_YEARS_UNTIL_NEW: Final = 3
_NO_PACKAGE: Final = (*(position(m) for m in (*ASSISTANTS, "TC")), M56, M78)
"""An assistant, a technical component, preoperative care alone and a return to the operating room open no days."""

_EXCUSES: Final = {
    Package.POST_OP: (M24, M57),
    Package.DAY_OF_MAJOR: (M24, M25, M57),
    Package.DAY_BEFORE_MAJOR: (M24, M25, M57),
    Package.DAY_OF_MINOR: (M24, M25, M57),
    Package.MATERNITY: (M24, M25),
    Package.CONTRACTOR: (M24, M25, M57),
    Package.DAY_OF_MAJOR_WITH_25: (M24, M57),
}
"""Modifiers that say of a visit that it does not belong to the package."""
_PROCEDURE_EXCUSES: Final = (M58, M79, *_NO_PACKAGE)
"""What takes a procedure out of another's global days, or is no procedure of the surgeon's own."""

_Who = tuple[str, str, str]
"""Rendering provider, biller and taxonomy."""


@dataclass(slots=True, eq=False)
class _Patient:
    """What opens global days for one patient and payer, by day."""

    by_day: dict[int, dict[tuple[Any, ...], LineWork]] = field(default_factory=dict)
    unknown: dict[int, dict[str, list[LineWork]]] = field(default_factory=dict)
    """Procedures whose global days no release tells, by day and provider."""
    procedures_on: dict[int, int] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    days: list[int] = field(default_factory=list)
    unknown_days: list[int] = field(default_factory=list)
    deliveries: bool = False

    def between(self, first: int, last: int) -> Iterator[LineWork]:
        """One procedure of each kind and provider, of some days."""
        for at in self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]:
            yield from self.by_day[at].values()

    def unknown_between(self, first: int, last: int) -> Iterator[dict[str, list[LineWork]]]:
        """The procedures of which nothing is known, of some days."""
        for at in self.unknown_days[bisect_left(self.unknown_days, first) : bisect_right(self.unknown_days, last)]:
            yield self.unknown[at]


def look_over_time(works: Sequence[ClaimWork], pairs: Sequence[Pair]) -> bool:
    """Fill in what each professional line has to do with others of the patient on other days.

    Returns whether a line that is checked could be told more of by claims sent before.
    """
    lines = _Lines()
    for work in works:
        if work.setting is Setting.PRACTITIONER and not work.void:
            for line in work.lines:
                lines.sort_in(line)
    if lines.of_new_patients:
        _seen_before(works, lines.of_new_patients)
    if lines.may_meet():
        patients = _patients(lines.opening)
        in_edits = _in_edits(pairs) if patients else set()
        for line in lines.looking:
            patient = patients.get(_key(line.claim))
            said = line.billed.over_time
            if said is not None and said.modified:
                _in_sight(line, patient)
            if patient is not None:
                _in_package(line, patient, in_edits=id(line) in in_edits)
    return bool(lines.looking or lines.of_new_patients)


def _in_edits(pairs: Sequence[Pair]) -> set[int]:
    """The lines of some pairs, by identity."""
    return {id(pair.one) for pair in pairs} | {id(pair.two) for pair in pairs}


class OverTime(NamedTuple):
    """What a professional line says by itself that matters to the patient's other days."""

    visit: bool
    opens: bool
    """It opens global days, or may: no release tells those of a surgical code."""
    untold: bool
    modified: bool
    """It bears a modifier that speaks of an earlier procedure."""
    new_patient: bool


def over_time(facts: LineFacts, missing: Mapping[str, str], hcpcs: str) -> OverTime:
    """What a line of a code says by itself; ``missing`` are the tables that do not tell of it."""
    untold = "mpfs" in missing and is_surgery(hcpcs)
    return OverTime(
        visit=is_visit(hcpcs),
        opens=untold or facts.global_days in _OPENING,
        untold=untold,
        modified=any_of(facts.modifiers, DURING_GLOBAL_DAYS),
        new_patient=is_new_patient_visit(hcpcs),
    )


@dataclass(slots=True, eq=False)
class _Lines:
    """Professional lines by what they are to be asked; those of the history only open global days."""

    opening: list[LineWork] = field(default_factory=list)
    looking: list[LineWork] = field(default_factory=list)
    of_new_patients: list[LineWork] = field(default_factory=list)

    modified: bool = False
    """Some line bears a modifier that speaks of an earlier procedure."""

    def may_meet(self) -> bool:
        """Some line may lie in the global days of another. Procedures of one day do not, whatever they are."""
        if self.modified or not self.opening:
            return self.modified
        day = self.opening[0].facts.service_day
        return any(line.facts.visit or line.facts.service_day != day for line in (*self.looking, *self.opening))

    def sort_in(self, line: LineWork) -> None:
        facts, said = line.facts, line.billed.over_time
        if said is None or not facts.service_day:
            return
        facts.visit = said.visit
        if said.untold:
            line.missing["global"] = line.missing["mpfs"]
        if said.opens:
            self.opening.append(line)
        if line.claim.history:
            return
        self.modified = self.modified or said.modified
        if said.visit or said.opens or said.modified:
            self.looking.append(line)
        if said.new_patient:
            self.of_new_patients.append(line)


def of_itself(line: LineWork) -> tuple[bool, bool]:
    """Whether a line opens global days for others, and whether claims sent before could tell more of it."""
    lines = _Lines()
    lines.sort_in(line)
    return bool(lines.opening), bool(lines.looking or lines.of_new_patients)


# --- what opens global days


def _key(work: ClaimWork) -> tuple[Any, ...]:
    return (work.number if work.alone else None), work.claim.patient_key, work.claim.payer_id


def _patients(opening: Iterable[LineWork]) -> dict[tuple[Any, ...], _Patient]:
    patients: dict[tuple[Any, ...], _Patient] = {}
    for line in opening:
        if line.line.modifiers and any_of(line.facts.modifiers, _NO_PACKAGE):
            continue
        key = _key(line.claim)
        patient = patients.get(key)
        if patient is None:
            patient = patients[key] = _Patient()
        day, who = line.facts.service_day, _who(line)
        if line.facts.global_days not in _OPENING:
            patient.unknown.setdefault(day, {}).setdefault(who[0], []).append(line)
            continue
        patient.by_day.setdefault(day, {}).setdefault((who, *_kind(line)), line)
        patient.procedures_on[day] = patient.procedures_on.get(day, 0) + 1
        patient.counted.add(id(line))
        patient.deliveries = patient.deliveries or line.facts.global_days == MATERNITY
    for patient in patients.values():
        patient.days = sorted(patient.by_day)
        patient.unknown_days = sorted(patient.unknown)
    return patients


def _kind(line: LineWork) -> tuple[Any, ...]:
    """What two procedures of one provider and day must share so that one may stand for the other."""
    flags = line.facts.modifiers
    delivery = line.line.hcpcs if line.facts.global_days == MATERNITY else ""
    return line.facts.global_days, flags[M53], flags[M54], flags[M55], delivery


def _who(line: LineWork) -> _Who:
    claim = line.claim.claim
    taxonomy = line.line.rendering_taxonomy
    return claim.rendered_by(line.line), claim.billing_npi, taxonomy


def _same_provider(one: _Who, two: _Who) -> SameProvider:
    if one[0] == two[0]:
        return SameProvider.SAME
    if not one[1] or one[1] != two[1]:
        return SameProvider.NO
    if not one[2] or not two[2]:
        return SameProvider.PERHAPS
    return SameProvider.COLLEAGUE if one[2] == two[2] else SameProvider.NO


# --- into whose package a line falls


def _in_package(line: LineWork, patient: _Patient, *, in_edits: bool) -> None:
    facts, who = line.facts, _who(line)
    if not facts.visit and (facts.global_days not in (*_MINOR, _MAJOR) or any_of(facts.modifiers, _PROCEDURE_EXCUSES)):
        return
    best: tuple[bool, int, int, bool] | None = None
    day = facts.service_day
    last = day + (ANTEPARTUM_DAYS if patient.deliveries else 1)
    for surgery in patient.between(day - LONGEST_GLOBAL_DAYS, last):
        by = _same_provider(who, _who(surgery))
        if surgery is line or by is SameProvider.NO:
            continue
        package = _package(line, surgery)
        if package is Package.DAY_OF_MAJOR and facts.modifiers[M25]:
            package = Package.DAY_OF_MAJOR_WITH_25  # a pair edit that 25 bypasses says nothing of it
        elif package is Package.NONE or (in_edits and surgery.facts.service_day == day):
            continue
        if facts.visit and any_of(facts.modifiers, _EXCUSES[package]):
            continue
        certain = not surgery.facts.modifiers[M55] and not surgery.facts.modifiers[M53]
        rank = (package is Package.DAY_OF_MAJOR_WITH_25, by, package, not certain)
        if best is None or rank < best:
            best = rank
            facts.package, facts.package_by, facts.package_certain = package, by, certain
            line.surgery = surgery
    if line.surgery is not None:
        line.answers["global"] = line.surgery.answers["mpfs"]
    if facts.visit and facts.package == Package.NONE and not any_of(facts.modifiers, (M24,)):
        _unknown_days(line, patient, who[0])


def _package(line: LineWork, surgery: LineWork) -> Package:  # noqa: PLR0911 - one return for each part of the package
    """The part of the procedure's package that the day of a visit, or of another procedure, lies in."""
    days, flags = surgery.facts.global_days, surgery.facts.modifiers
    after = line.facts.service_day - surgery.facts.service_day
    if days in (OF_TEN_DAYS, _MAJOR) and 1 <= after <= days and not flags[M54]:
        return Package.POST_OP
    if not line.facts.visit:
        return Package.NONE
    if days == _MAJOR and after in (0, -1) and not flags[M55]:
        return Package.DAY_OF_MAJOR if after == 0 else Package.DAY_BEFORE_MAJOR
    if days in _MINOR and after == 0 and not flags[M55]:
        return Package.DAY_OF_MINOR
    if days == MATERNITY and _in_maternity_care(line, surgery, after):
        return Package.MATERNITY
    if days == _YYY and 0 <= after <= LONGEST_GLOBAL_DAYS:
        return Package.CONTRACTOR
    return Package.NONE


def _in_maternity_care(line: LineWork, delivery: LineWork, after: int) -> bool:
    """The visit is for routine care alone, on a day for which the delivery's code includes it."""
    hcpcs = delivery.line.hcpcs
    before_birth = hcpcs in DELIVERY_WITH_ANTEPARTUM and -ANTEPARTUM_DAYS <= after <= 0
    after_birth = hcpcs in DELIVERY_WITH_POSTPARTUM and 0 < after <= _POSTPARTUM_DAYS
    if not before_birth and not after_birth:
        return False
    diagnoses = line.claim.claim.diagnoses
    pointed = [diagnoses[at - 1] for at in line.line.diagnosis_pointers if 1 <= at <= len(diagnoses)] or diagnoses
    return bool(pointed) and all(diagnosis.code.startswith(_ROUTINE_MATERNITY) for diagnosis in pointed)


def _unknown_days(line: LineWork, patient: _Patient, npi: str) -> None:
    """A visit may lie in the global days of the provider's procedure of which no release tells them."""
    day = line.facts.service_day
    for of_day in patient.unknown_between(day - LONGEST_GLOBAL_DAYS, day + 1):
        if npi in of_day:
            other = of_day[npi][0].line
            code = shown("procedure", other.hcpcs)
            line.missing["global"] = f"no release tells the global days of {code} on {other.service_from} (mpfs-rvu)"
            return


def _in_sight(line: LineWork, patient: _Patient | None) -> None:
    """Whether some procedure before the line, or beside it, explains a modifier for global days."""
    facts, day = line.facts, line.facts.service_day
    if patient is None:
        facts.surgery_in_sight = 0
    elif patient.procedures_on.get(day, 0) > (id(line) in patient.counted) or any(
        _explains(surgery, day) for surgery in patient.between(day - LONGEST_GLOBAL_DAYS, day - 1)
    ):
        facts.surgery_in_sight = 1
    elif not any(
        other is not line
        for of_day in patient.unknown_between(day - LONGEST_GLOBAL_DAYS, day)
        for lines in of_day.values()
        for other in lines[:2]
    ):
        facts.surgery_in_sight = 0


def _explains(surgery: LineWork, day: int) -> bool:
    days = surgery.facts.global_days
    return day - surgery.facts.service_day <= (LONGEST_GLOBAL_DAYS if days in (_YYY, MATERNITY) else days)


# --- new patients


def _seen_before(works: Iterable[ClaimWork], new_patients: Iterable[LineWork]) -> None:
    """The latest day within three years on which the provider, or one of the same group and taxonomy, met them."""
    wanted = {_key(line.claim)[:2] for line in new_patients}
    met: dict[tuple[Any, ...], dict[int, LineWork]] = {}
    for work in works:
        patient = _key(work)[:2]
        if patient not in wanted or work.setting is not Setting.PRACTITIONER or work.void:
            continue
        for line in work.lines:
            if _met(line):
                for who in _names_of(line):
                    met.setdefault((patient, *who), {}).setdefault(line.facts.service_day, line)
    days_of = {key: sorted(lines) for key, lines in met.items()}
    for line in new_patients:
        day, patient = line.facts.service_day, _key(line.claim)[:2]
        since = _years_before(day)
        for by, who in zip((SameProvider.SAME, SameProvider.COLLEAGUE), _names_of(line), strict=False):
            days = days_of.get((patient, *who), [])
            at = bisect_left(days, day) - 1
            if at >= 0 and days[at] > since:
                line.facts.seen_before = by
                line.seen = met[patient, *who][days[at]]
                break


def _names_of(line: LineWork) -> list[tuple[str, ...]]:
    """The provider, and where both are known the group and its specialty."""
    npi, biller, taxonomy = _who(line)
    return [(npi,), (biller, taxonomy)] if biller and taxonomy else [(npi,)]


def _met(line: LineWork) -> bool:
    facts = line.facts
    if not facts.is_hcpcs or not facts.service_day or any_of(facts.modifiers, _NOT_MET):
        return False
    return is_face_to_face(line.line.hcpcs) and not is_surgery_center(line.claim.claim.billing_taxonomy, line.line.pos)


_NOT_MET: Final = tuple(position(modifier) for modifier in ("26", "TC", *ASSISTANTS))


@lru_cache(maxsize=4096)
def _years_before(day: int) -> int:
    """The same day three years earlier; of a leap day, the 28th."""
    date = Date.fromordinal(day)
    year = date.year - _YEARS_UNTIL_NEW
    try:
        return date.replace(year=year).toordinal()
    except ValueError:
        return date.replace(year=year, day=28).toordinal()
