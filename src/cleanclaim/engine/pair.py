"""May two procedures be billed together? The NCCI edit between them, in whichever order it is published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cleanclaim.book.facts import PtpEdit
from cleanclaim.engine.line_facts import GLOBAL_DAYS
from cleanclaim.errors import InputError
from cleanclaim.index.cite import cite_answer, cite_fact, distinct
from cleanclaim.index.lookup import Answer, DayBook, OpenBook
from cleanclaim.rules.code_groups import NEVER_DISTINCT, code_kind, is_evaluation_and_management, is_laboratory
from cleanclaim.rules.facts import UNKNOWN, CodeKind, EditFacts, LineFacts
from cleanclaim.rules.model import manual
from cleanclaim.rules.modifiers import modifier_flags
from cleanclaim.rules.ptp.bypass import Bypass, bypass, visit_unmarked
from cleanclaim.rules.ptp.words import distinct_advice
from cleanclaim.types import Citation, Date, Setting


class PairVerdict(StrEnum):
    """The answer to a pair question."""

    BUNDLED = "bundled"
    BUNDLED_UNLESS_DISTINCT = "bundled_unless_distinct"
    BYPASSED = "bypassed"
    NO_EDIT = "no_edit"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """The edit between two codes on a day. Without an edit, ``column_one`` and ``column_two`` are as asked.

    ``imaging`` says how the Column One code stands to imaging guidance, where one of the two is guidance.
    """

    column_one: str
    column_two: str
    date: Date
    setting: Setting
    verdict: PairVerdict
    explanation: str
    modifier_indicator: int | None = None
    rationale: str = ""
    imaging: str = ""
    valid_from: Date | None = None
    valid_to: Date | None = None
    stale: bool = False
    covers_to: Date | None = None
    citations: tuple[Citation, ...] = ()


_HARDEST_FIRST: Final = (PairVerdict.BUNDLED, PairVerdict.BUNDLED_UNLESS_DISTINCT, PairVerdict.BYPASSED)
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_BYPASS_WORDS: Final = {
    Bypass.NONE: "A modifier may bypass the edit.",
    Bypass.CANNOT: "The modifier given does not fit the service it stands on, so the edit is not bypassed.",
    Bypass.SAME_SITE: "The same site on both lines does not make the services distinct.",
    Bypass.QUALIFIES: "The modifiers given bypass the edit; the record must show that the services were distinct.",
}


def pair(
    book: OpenBook,
    code_a: str,
    code_b: str,
    date: Date,
    *,
    setting: Setting = Setting.PRACTITIONER,
    modifiers_a: tuple[str, ...] = (),
    modifiers_b: tuple[str, ...] = (),
    known_on: Date | None = None,
) -> PairAnswer:
    """The edit between ``code_a`` and ``code_b`` for one patient, provider and day.

    Raises InputError for text that cannot be a procedure code or a modifier, a code given twice, or a setting
    without PTP edits.
    """
    first, second = (_code(code) for code in (code_a, code_b))
    if first == second:
        raise InputError(f"A pair needs two different codes; {first} was given twice. For its units see MUE rules.")
    if setting not in {Setting.PRACTITIONER, Setting.OUTPATIENT}:
        raise InputError(f"Setting {setting} has no procedure pairs; choose practitioner or outpatient.")
    day = book.as_of(date, known_on)
    modifiers = {first: _modifiers(modifiers_a), second: _modifiers(modifiers_b)}
    answers = [day.ptp(setting, first, second), day.ptp(setting, second, first)]
    edits = [_edit_answer(answer, day, setting, modifiers) for answer in answers if answer.known]
    if edits:  # where both orders have one, the edit that is hardest to bypass decides
        return min(edits, key=lambda made: (_HARDEST_FIRST.index(made.verdict), made.column_one))
    absent = max(answers, key=lambda answer: answer.stale)
    if any(answer.no_data for answer in answers):
        return PairAnswer(
            first,
            second,
            date,
            setting,
            PairVerdict.NOT_CHECKED,
            f"No loaded release of the {setting} edits speaks for both {first} and {second} on {date}. "
            "Load the whole table: cleanclaim data update, or cleanclaim data load FILE.",
        )
    return _no_edit_answer(absent, day, setting, first, second)


def _edit_answer(
    answer: Answer[PtpEdit], day: DayBook, setting: Setting, modifiers: dict[str, tuple[str, ...]]
) -> PairAnswer:
    edit = answer.fact
    said = f"Column One {edit.column_one} is paid and Column Two {edit.column_two} is denied"
    if edit.modifier_indicator == 0:
        verdict = PairVerdict.BUNDLED
        explanation = f"{said}; no modifier changes that."
    else:
        outcome, words = _outcome(edit, day, setting, modifiers)
        verdict = PairVerdict.BYPASSED if outcome is Bypass.QUALIFIES else PairVerdict.BUNDLED_UNLESS_DISTINCT
        explanation = f"{said} unless the services are distinct. {words}"
    imaging, imaging_words, imaging_row = _imaging(day, edit)
    release = answer.release
    rows = [cite_fact(edit, release)] if release is not None else []
    return PairAnswer(
        edit.column_one,
        edit.column_two,
        day.day,
        setting,
        verdict,
        " ".join(filter(None, [explanation, imaging_words, _stale_words(answer)])),
        modifier_indicator=edit.modifier_indicator,
        rationale=edit.rationale,
        imaging=imaging,
        valid_from=edit.valid_from,
        valid_to=edit.valid_to,
        stale=answer.stale,
        covers_to=release.covers_to if release is not None else None,
        citations=distinct([*rows, *imaging_row, manual("I.E")]),
    )


def _no_edit_answer(absent: Answer[PtpEdit], day: DayBook, setting: Setting, first: str, second: str) -> PairAnswer:
    release = absent.release
    name = f"{release.source} {release.release}" if release is not None else ""
    said = (
        f"{name} has no edit between {first} and {second} in force on {day.day}. "
        "That no edit is published does not mean that both may be paid."
    )
    return PairAnswer(
        first,
        second,
        day.day,
        setting,
        PairVerdict.NO_EDIT,
        " ".join(filter(None, [said, _stale_words(absent)])),
        stale=absent.stale,
        covers_to=release.covers_to if release is not None else None,
        citations=distinct(
            [cite_answer(absent, f"{first}/{second}"), manual("I.E.c", "absence of an edit is not permission")]
        ),
    )


def _stale_words(answer: Answer[PtpEdit]) -> str:
    release = answer.release
    if not answer.stale or release is None:
        return ""
    return (
        f"The release used ({release.release}) covers {release.covers_from} to {release.covers_to}: "
        "load the one in force to be sure."
    )


def _imaging(day: DayBook, edit: PtpEdit) -> tuple[str, str, list[Citation]]:
    """How Column One stands to imaging, when Column Two is imaging."""
    one, two = day.imaging(edit.column_one), day.imaging(edit.column_two)
    if not one.known or not two.known or one.release is None:
        return "", "", []
    if two.fact.state not in {"guidance", "supervision_and_interpretation"}:
        return "", "", []
    words = {
        "included": f"Imaging guidance is included in {edit.column_one}.",
        "without": f"{edit.column_one} is the code without imaging guidance.",
    }.get(one.fact.state, "")
    if one.fact.state == "without" and one.fact.partner:
        words += f" With imaging, {one.fact.partner} is reported instead."
    return one.fact.state, words, [cite_fact(one.fact, one.release)]


def _outcome(
    edit: PtpEdit, day: DayBook, setting: Setting, modifiers: dict[str, tuple[str, ...]]
) -> tuple[Bypass, str]:
    """What the modifiers given do to an edit, and what is to be said of it."""
    one, two = (_facts(code, day, setting, modifiers) for code in (edit.column_one, edit.column_two))
    facts = EditFacts(edit.modifier_indicator, day.day.toordinal())
    outcome = bypass(facts, one, two)
    words = [_BYPASS_WORDS[outcome]]
    if outcome in {Bypass.NONE, Bypass.CANNOT}:
        words.append(f"{distinct_advice(edit.column_one, edit.column_two, one, two)}.")
    elif visit_unmarked(facts, one, two):
        words.append(f"The visit {edit.column_two} bears none of its own (24, 25 or 57), which it needs.")
    return outcome, " ".join(words)


def _facts(code: str, day: DayBook, setting: Setting, modifiers: dict[str, tuple[str, ...]]) -> LineFacts:
    fee = day.fee_schedule(code)
    return LineFacts(
        global_days=GLOBAL_DAYS.get(fee.fact.global_days, UNKNOWN) if fee.known else UNKNOWN,
        never_distinct=code in NEVER_DISTINCT,
        modifiers=modifier_flags(modifiers.get(code, ())),
        evaluation_and_management=is_evaluation_and_management(code),
        laboratory=is_laboratory(code),
        professional=setting is Setting.PRACTITIONER,
    )


def _modifiers(texts: tuple[str, ...]) -> tuple[str, ...]:
    modifiers = tuple(text.strip().upper() for text in texts)
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise InputError(f"{modifier!r} is no modifier: expected two characters, such as 59, LT or XU.")
    return modifiers


def _code(text: str) -> str:
    code = text.strip().upper()
    if code_kind(code) in {CodeKind.ABSENT, CodeKind.MALFORMED}:
        raise InputError(
            f"{text!r} is no procedure code: expected five characters, such as 43214, 4324F, 0042T or G4000."
        )
    return code
