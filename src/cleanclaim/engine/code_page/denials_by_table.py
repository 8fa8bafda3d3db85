"""Denials that follow from a code's own rows: its status, unit limits, pairs, add-on edits and indicators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleanclaim.book.facts import MueLimit
from cleanclaim.engine.code_page.pairs import counted_by, ranked_of
from cleanclaim.engine.code_page.reason import Reason, by_row
from cleanclaim.engine.code_page.related import endoscopy_family
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.engine.code_state import code_state
from cleanclaim.index.lookup import Answer
from cleanclaim.rules.code_groups import is_surgery
from cleanclaim.rules.facts import CodeKind, CodeState
from cleanclaim.types import Setting, State

_BY_STATUS: Final = {
    "B": (
        "COD004",
        "Charged to Medicare, which bundles it always (status B)",
        "do not bill it; no modifier helps, and the patient may not be billed for it either",
    ),
    "I": (
        "COD005",
        "Charged to Medicare, for which it is not valid (status I)",
        "bill the code that Medicare uses for the service; other payers may take this one",
    ),
    "N": (
        "COD006",
        "Charged to Medicare, which does not cover it (status N)",
        "bill the patient or another insurer, and tell the patient before; add GY where a denial is wanted",
    ),
    "P": (
        "COD007",
        "Charged to Medicare on a day with a paid service of the same provider, which includes it (status P)",
        "do not bill it beside the service; what the patient takes home goes to the DME contractor",
    ),
    "T": (
        "COD008",
        "Charged to Medicare on a day on which the same provider bills another paid service (status T)",
        "bill it only where nothing else was done that day; no modifier helps",
    ),
    "R": (
        "COD009",
        "Charged to Medicare without what its coverage instructions ask for (status R)",
        "read the contractor's instructions, and put on the claim the diagnosis or modifier that they name",
    ),
}
_DENIED_BY_STATUS: Final = frozenset("BINPT")
"""A unit limit of 0 is told of no code whose status denies it already, nor does the rule find both."""
_MUE: Final = {
    1: (
        "MUE001",
        "on one line",
        "check what one unit is; more that is justified goes on lines of its own, with the modifier that says why",
    ),
    2: ("MUE002", "on one day, over all lines", "check what one unit is; neither a modifier nor records raise it"),
    3: (
        "MUE003",
        "on one day, over all lines",
        "check what one unit is; if the units are right, keep the records ready for review or appeal",
    ),
}
_UNITS_OF: Final = {Setting.OUTPATIENT: " of an outpatient hospital", Setting.DME: " of a supplier"}
_ADD_ON: Final = {
    1: (
        "ADD001",
        "Billed without one of its primaries, which the edits list",
        "bill the primary that was done with it",
    ),
    2: (
        "ADD002",
        "Billed on a day without any service that could be its primary",
        "bill the primary on the same claim; the contractor says which it accepts",
    ),
    3: (
        "ADD003",
        "Billed without a listed primary, and without another service that the contractor could accept",
        "bill the primary that was done on the same claim",
    ),
}
_BY_PARTS: Final = {
    "1": (
        "CMP003",
        "Billed whole by a practitioner for a patient in a facility, which is paid for the technical part",
        "add 26 in a facility, for the interpretation alone",
    ),
    "2": (
        "CMP001",
        "Billed with 26 or TC, though the code is the professional part already (PC/TC 2)",
        "bill it without 26 and TC",
    ),
    "3": (
        "CMP004",
        "Billed by a practitioner for a patient in a facility: the code is the technical part alone (PC/TC 3)",
        "leave it to the facility, and bill it without 26 and TC elsewhere",
    ),
    "4": (
        "CMP003",
        "Billed by a practitioner for a patient in a facility: the code is the whole test (PC/TC 4)",
        "bill the code of the interpretation there; 26 does not fit this one",
    ),
    "5": (
        "CMP005",
        "Billed to Medicare by a practitioner for a patient of a hospital (PC/TC 5)",
        "leave it to the hospital, whose staff did it",
    ),
    "7": (
        "CMP006",
        "Billed to Medicare by a therapist for a patient of a hospital (PC/TC 7)",
        "leave it to the hospital",
    ),
    "8": (
        "CMP007",
        "Billed to Medicare for a patient who was not admitted (PC/TC 8)",
        "bill it for inpatients only, at the place where the patient was",
    ),
}
_NAMED: Final = 3


def of_tables(subject: Procedure) -> Iterator[Reason]:
    """What the code's rows give reason for, the gravest first."""
    state, listed = code_state(subject.day, Setting.PRACTITIONER, subject.code, subject.fee)
    if state is CodeState.ENDED:
        fault = f"Billed for {subject.day.day}; the code ended on {listed.fact.valid_to}"
        yield by_row(listed, listed.fact, "COD002", fault, "bill the code that replaced it")
        return
    if state is CodeState.NOT_YET:
        fault = f"Billed for {subject.day.day}; the code begins on {listed.fact.valid_from}"
        yield by_row(listed, listed.fact, "COD003", fault, "bill the code in force on the day of the service")
        return
    if subject.measure:
        return
    yield from _status(subject)
    yield from _pairs(subject)
    yield from _units(subject)
    yield from _add_on(subject)
    yield from _indicators(subject)


def _status(subject: Procedure) -> Iterator[Reason]:
    told = _BY_STATUS.get(subject.status)
    if told is not None and subject.row is not None:
        yield by_row(subject.fee, subject.row, *told)


def _pairs(subject: Procedure) -> Iterator[Reason]:
    """Where the code is Column Two, and so the one that is denied."""
    setting, pairs = next(((at, found) for at, found in subject.pairs.items() if found.known), (None, None))
    if setting is None or pairs is None:
        return
    citation, stale = counted_by(subject, pairs)
    for indicator in (0, 1):
        others = ranked_of(subject, setting, "column_two", indicator)
        if not others:
            continue
        one = len(others) == 1
        named = ", ".join(others[:_NAMED])
        beside = named if one else f"any of {len(others):,} codes"
        beside += "" if one else f" ({named}{' and others' if len(others) > _NAMED else ''})"
        fault = f"Billed beside {beside} by the same provider on one day, "
        if indicator == 0:
            avoid = f"bill it only where {'that code was not' if one else 'none of them was'} done; no modifier helps"
            yield Reason("PTP001", f"{fault}whatever the modifier", avoid, citation, stale)
        elif subject.visit:
            avoid = "add 25 (57 with 90 global days) only where the record shows a visit of its own"
            yield Reason("PTP002", f"{fault}without a modifier of its own", avoid, citation, stale)
        else:
            avoid = (
                "leave it off, unless the record shows another site, encounter or practitioner; then 59 or the X "
                "modifier that says which"
            )
            yield Reason("PTP002", f"{fault}with nothing to set it apart", avoid, citation, stale)


def _units(subject: Procedure) -> Iterator[Reason]:
    setting, answer = next(((at, found) for at, found in subject.limits.items() if found.known), (None, None))
    if setting is None or answer is None:
        return
    limit, where = answer.fact, _UNITS_OF.get(setting, "")
    if limit.mue_value:
        yield _over(subject, answer, limit, where)
    elif subject.status not in _DENIED_BY_STATUS:
        fault = f"Any unit on a claim{where or ' of a practitioner'} to Medicare: the limit is 0"
        avoid = "let the biller or setting that Medicare pays for it bill it, or bill the code that replaces it"
        yield by_row(answer, limit, "MUE004", fault, avoid)


def _over(subject: Procedure, answer: Answer[MueLimit], limit: MueLimit, where: str) -> Reason:
    rule, over, avoid = _MUE[limit.mai]
    several = "" if limit.mue_value == 1 else "s"
    row = subject.row
    if limit.mue_value == 1 and limit.mai in {2, 3} and row is not None and row.bilateral in {"1", "3"}:
        avoid = f"bill both sides as one line with 50; {avoid}"
    fault = f"More than {limit.mue_value} unit{several}{where} {over} (MAI {limit.mai}): all of them are denied"
    return by_row(answer, limit, rule, fault, avoid)


def _add_on(subject: Procedure) -> Iterator[Reason]:
    edits, row = subject.add_on, subject.row
    if edits.known:
        yield by_row(edits, edits.fact, *_ADD_ON[min(edit.edit_type for edit in edits.facts)])
    elif (
        row is not None
        and row.global_days == "ZZZ"
        and subject.payable
        and edits.state is State.NOT_APPLICABLE
        and (subject.kind is not CodeKind.LEVEL_II or subject.code.startswith("G"))
    ):
        fault = "Billed on a day without a service that it could be added to (global days ZZZ)"
        yield by_row(subject.fee, row, "ADD007", fault, "bill the service it was added to on the same claim")


def _indicators(subject: Procedure) -> Iterator[Reason]:
    row, fee = subject.row, subject.fee
    if row is None:
        return
    if row.pc_tc_indicator in _BY_PARTS and subject.status not in _DENIED_BY_STATUS:
        yield by_row(fee, row, *_BY_PARTS[row.pc_tc_indicator])
    if unpaired := _family_without_edits(subject):
        fault = f"Billed beside an endoscopy of which it is the base ({', '.join(unpaired[:_NAMED])})"
        yield by_row(fee, row, "END001", fault, "bill the fuller endoscopy alone")
    if row.bilateral == "2" and not subject.visit:
        yield by_row(fee, row, "MOD007", "Billed with 50, though its value covers both sides", "bill it without 50")
    if row.global_days == "ZZZ" and row.multiple_procedure in {"0", "2", "3"} and is_surgery(subject.code):
        yield by_row(fee, row, "MOD015", "Billed with 51, though it is an add-on", "bill it without 51")
    if row.assistant == "1" and is_surgery(subject.code) and subject.payable:
        fault = "Billed by an assistant at surgery (80, 81, 82, AS), whom Medicare never pays for it"
        yield by_row(fee, row, "MOD009", fault, "do not bill an assistant; the patient may not be billed either")


def _family_without_edits(subject: Procedure) -> list[str]:
    """Endoscopies that include the code as their base, where no pair edit says it already."""
    row, pairs = subject.row, subject.pairs[Setting.PRACTITIONER]
    if row is None or row.endoscopic_base or pairs.no_data:
        return []
    return [code for code in endoscopy_family(subject) if code not in pairs.column_two]
