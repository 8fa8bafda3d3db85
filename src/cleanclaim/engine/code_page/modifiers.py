"""Which modifiers fit a procedure code, by its indicators.

``applies``: the code's indicators admit the modifier. ``conditional``: only with documents, by report, or for a
service that is distinct. ``does_not_apply``: never on this code. Whether an admitted modifier is right on a claim is
for the record to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cleanclaim.engine.code_page import words
from cleanclaim.engine.code_page.record import PageFact, Section, cited, known, row_fact
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.rules.code_groups import NEVER_DISTINCT
from cleanclaim.rules.facts import CodeKind
from cleanclaim.rules.model import convention, manual
from cleanclaim.rules.modifiers import ANESTHETISTS, ASSISTANTS
from cleanclaim.types import Citation, Setting

APPLIES: Final = "applies"
CONDITIONAL: Final = "conditional"
DOES_NOT_APPLY: Final = "does_not_apply"

_VISIT: Final = (
    ("24", "on a visit unrelated to a procedure, within its 10 or 90 global days"),
    ("25", "on a visit of its own on the day of a procedure with global days 000, 010 or XXX"),
    ("57", "on the visit that decided a procedure with 90 global days, that day or the day before"),
)
ONLY_VISITS: Final = frozenset(name for name, _ in _VISIT)
OUTSIDE: Final = "the concept does not apply"
"""Said of a modifier whose indicator has no meaning for the code."""
_DISTINCT: Final = ("59", "XE", "XS", "XP", "XU")
_MEASURE: Final = ("1P", "2P", "3P", "8P")
_AFTER_SURGERY: Final = ("58", "78", "79")
_SURGICAL_DAYS: Final = frozenset({"000", "010", "090", "YYY"})
_SHARED_DAYS: Final = frozenset({"010", "090"})
_BY_INDICATOR: Final = {"0": DOES_NOT_APPLY, "1": CONDITIONAL, "2": APPLIES}
_ASSISTANT_VALUES: Final = {"0": CONDITIONAL, "1": DOES_NOT_APPLY, "2": APPLIES}


def modifiers(subject: Procedure) -> Section:
    """One fact for each modifier that its indicators, its pairs or its kind speak of."""
    return subject.once("modifiers", lambda: _modifiers(subject))


def _modifiers(subject: Procedure) -> Section:
    if subject.kind is CodeKind.CATEGORY_II:
        custom = convention("modifiers of Category II codes")
        facts = list(_each(_MEASURE, APPLIES, "for a measure; one to a line, where the measure allows it", custom))
    elif subject.measure:
        custom = convention("modifiers of Category II codes")
        facts = list(_each(_MEASURE, DOES_NOT_APPLY, "for Category II codes only", custom))
    else:
        facts = [*_indicator_facts(subject), *_kind_facts(subject), *_pair_facts(subject)]
    return known("modifiers", facts, "No loaded table says which modifiers fit the code.")


def _each(names: Iterable[str], value: str, text: str, citation: Citation) -> Iterator[PageFact]:
    for name in names:
        yield cited(name, value, text, citation)


def _indicator_facts(subject: Procedure) -> Iterator[PageFact]:
    """What the fee schedule's indicators say."""
    row = subject.row
    if row is None:
        return
    of_row = row_fact(subject.fee, row, "", "", "")

    def fact(name: str, value: str, text: str) -> PageFact:
        return cited(name, value, text, of_row.citation, of_row.caveat)

    parts = row.pc_tc_indicator
    text = _reason("PC/TC", parts, words.PC_TC)
    yield fact("26", APPLIES if parts in "16" else DOES_NOT_APPLY, text)
    yield fact("TC", APPLIES if parts == "1" else DOES_NOT_APPLY, text)

    sides = row.bilateral
    text = _reason("bilateral", sides, words.BILATERAL)
    yield fact("50", APPLIES if sides in "13" else DOES_NOT_APPLY, text)
    if sides in "13":
        for side in ("LT", "RT"):
            yield fact(side, APPLIES, f"for one side only, never with 50 (bilateral {sides})")

    several = row.multiple_procedure
    if row.global_days == "ZZZ":
        yield fact("51", DOES_NOT_APPLY, "never on an add-on code (global days ZZZ)")
    else:
        text = _reason("multiple procedures", several, words.MULTIPLE_PROCEDURE)
        yield fact("51", APPLIES if several in "23" else DOES_NOT_APPLY, text)

    text = _reason("assistant", row.assistant, words.ASSISTANT)
    value = _ASSISTANT_VALUES.get(row.assistant, DOES_NOT_APPLY)
    if value == CONDITIONAL and subject.no_operation:
        value = DOES_NOT_APPLY
        text = f"no surgery to assist at (assistant {row.assistant}, global days {row.global_days})"
    for name in ASSISTANTS:
        yield fact(name, value, text)
    text = _reason("co-surgeons", row.co_surgeon, words.CO_SURGEON)
    yield fact("62", _BY_INDICATOR.get(row.co_surgeon, DOES_NOT_APPLY), text)
    text = _reason("team", row.team_surgeon, words.TEAM_SURGEON)
    yield fact("66", _BY_INDICATOR.get(row.team_surgeon, DOES_NOT_APPLY), text)

    shared = row.global_days in _SHARED_DAYS
    text = "for surgeons who divide the care" if shared else "no care of later days to divide"
    text += f" (global days {row.global_days})"
    for name in ("54", "55", "56"):
        yield fact(name, APPLIES if shared else DOES_NOT_APPLY, text)
    stopped = next((entry for entry in subject.fee.facts if entry.modifier == "53"), None)
    if stopped is not None:
        yield row_fact(subject.fee, stopped, "53", APPLIES, "stopped by the physician; it has a row of its own")


def _reason(name: str, value: str, meanings: Mapping[str, str]) -> str:
    """The first words of what an indicator means, and the indicator."""
    said = re.split("[:;]", meanings.get(value, OUTSIDE))[0]
    return f"{said} ({name} {value})"


def _kind_facts(subject: Procedure) -> Iterator[PageFact]:
    """What follows from the kind of service."""
    for name, text in _VISIT:
        if subject.visit:
            yield cited(name, APPLIES, text, manual("I.D"))
        else:
            yield cited(name, DOES_NOT_APPLY, "for visits only", manual("I.D"))
    if subject.anesthesia:
        yield from _each(ANESTHETISTS, APPLIES, "one of these stands on every anesthesia line", _anesthesia_custom())
    elif subject.kind is not CodeKind.LEVEL_II:
        yield from _each(ANESTHETISTS, DOES_NOT_APPLY, "for anesthesia 00100-01999 only", _anesthesia_custom())
    if subject.laboratory:
        text = "the test repeated on the day to follow the result, not to confirm it"
        yield cited("91", APPLIES, text, manual("I.E"))
    if subject.drug:
        custom = convention("JW and JZ on single-dose drugs, required since July 2023")
        yield cited("JW", CONDITIONAL, "on a single-dose drug, for the part thrown away", custom)
        yield cited("JZ", CONDITIONAL, "on a single-dose drug of which nothing was thrown away", custom)
    if _is_procedure(subject):
        yield from _procedure_facts(subject)
    custom = convention("modifiers of Category II codes")
    yield from _each(_MEASURE, DOES_NOT_APPLY, "for Category II codes only", custom)


def _procedure_facts(subject: Procedure) -> Iterator[PageFact]:
    row = subject.row
    yield cited("22", CONDITIONAL, "substantially more work than usual; paid by report", manual("I.E.a"))
    yield cited("52", CONDITIONAL, "done in part; paid by report", manual("VI.C.4"))
    if row is not None and not any(entry.modifier == "53" for entry in subject.fee.facts):
        yield row_fact(subject.fee, row, "53", CONDITIONAL, "stopped by the physician; reviewed and paid by report")
    if row is not None and row.global_days in _SURGICAL_DAYS:
        text = "within the global days of an earlier procedure"
        yield from _each(_AFTER_SURGERY, APPLIES, text, manual("I.E"))
    for name, who in (("76", "the same physician"), ("77", "another physician")):
        yield cited(name, APPLIES, f"done again by {who}; bypasses no procedure pair", manual("I.E"))


def _is_procedure(subject: Procedure) -> bool:
    """A procedure or imaging that the fee schedule may pay: no visit, anesthesia, laboratory test, drug or supply.

    Of what is bundled, not covered, not valid or paid elsewhere nothing is said: no modifier changes that.
    """
    if subject.paid_nowhere:
        return False
    dental = subject.kind is CodeKind.LEVEL_II and subject.code[0] == "D"
    return not (subject.visit or subject.anesthesia or subject.laboratory or subject.item or dental)


def _pair_facts(subject: Procedure) -> Iterator[PageFact]:
    """59 and X, by the pairs that they may bypass."""
    pairs = subject.pairs[Setting.PRACTITIONER]
    if subject.visit:
        yield from _each(_DISTINCT, DOES_NOT_APPLY, "not on a visit; 25 is for that", manual("I.E.d"))
        return
    if pairs.no_data:
        return
    bypassable = sum(1 for side in (pairs.column_one, pairs.column_two) for indicator in side.values() if indicator)
    for name in _DISTINCT:
        if name == "59" and subject.code in NEVER_DISTINCT:
            yield cited(name, DOES_NOT_APPLY, "never on this code", manual("I.E.d"))
        elif bypassable:
            text = f"only for a service that is distinct: {bypassable:,} of its pairs may be bypassed"
            yield cited(name, CONDITIONAL, text, manual("I.E.d"))
        else:
            yield cited(name, DOES_NOT_APPLY, "it has no pair that may be bypassed", manual("I.E.d"))


def _anesthesia_custom() -> Citation:
    return convention("anesthesia modifiers belong to codes 00100-01999")
