"""The sections of a procedure's page, each from the tables that speak of it."""

from __future__ import annotations

from typing import Final

from cleanclaim.book import policies
from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page import words
from cleanclaim.engine.code_page.record import (
    PageFact,
    Section,
    absence_fact,
    cited,
    known,
    not_applicable,
    row_fact,
    said_fact,
)
from cleanclaim.engine.code_page.related import primaries_and_add_ons
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.engine.code_state import code_state
from cleanclaim.index.cite import cite_fact
from cleanclaim.rules.facts import CodeKind, CodeState
from cleanclaim.rules.model import convention
from cleanclaim.types import Setting, State

_NOT_GUIDED: Final = "Imaging guidance belongs to procedures: this is {}."
_IMAGING_WORDS: Final = {
    "included": "Imaging guidance is included: it is not billed beside {code}.",
    "without": "{code} is the code for when no imaging guided it.",
    "separately_reportable": "Imaging guidance is not part of {code} and may be reported when it was used.",
    "guidance": "{code} is itself imaging guidance: the imaging it needs is included in it.",
    "supervision_and_interpretation": (
        "{code} is itself the imaging, supervised and read: the fluoroscopy or ultrasound it needs is included in it."
    ),
}
_IMAGING_VALUES: Final = {"guidance": "included", "supervision_and_interpretation": "included"}
_OF_SURGERY: Final = frozenset({"bilateral", "assistant", "co_surgeon", "team_surgeon"})
"""Indicators that say "not permitted" of what nobody would ask of a visit or a test."""
_SETTINGS: Final = {
    Setting.PRACTITIONER: "a practitioner",
    Setting.OUTPATIENT: "an outpatient hospital",
    Setting.DME: "a supplier",
}


def definition(subject: Procedure) -> Section:
    """Our own words, CMS's text of a Level II code, and the descriptor of a file that the user loaded, if licensed."""
    facts = []
    said = policies.meaning(subject.code)
    if said is not None:
        facts.append(said_fact("meaning", said))
    level_two = subject.level_two
    if level_two is not None and level_two.known and level_two.fact.description:
        text = level_two.fact.description.rstrip(".")
        facts.append(row_fact(level_two, level_two.fact, "description", text, f"CMS's text: {text}."))
    if subject.licensed and subject.system == "CPT" and subject.row is not None and subject.row.description:
        text = subject.row.description
        said_by = f"Short descriptor in your fee schedule file (CPT, (c) AMA): {text}."
        facts.append(row_fact(subject.fee, subject.row, "short_descriptor", text, said_by))
    if subject.system == "HCPCS":
        why = "No loaded HCPCS Level II file has its text, and we have no wording of our own."
    else:
        why = "The CPT descriptor is the AMA's and is not shipped; we have no wording of our own for this code."
    return known("definition", facts, why)


def status(subject: Procedure) -> Section:
    """Whether the code could be billed on the day, and how Medicare's fee schedule treats it."""
    facts: list[PageFact] = []
    fee, level_two = subject.fee, subject.level_two
    if subject.row is not None:
        facts.append(_status_fact(subject, subject.row, "status_indicator"))
        facts += [
            _status_fact(subject, row, f"status_indicator_{row.modifier}")
            for row in fee.facts
            if row.modifier and row.status_indicator != subject.row.status_indicator
        ]
    elif fee.release is not None:
        text = f"The fee schedule {fee.release.release} does not list {subject.code}."
        facts.append(absence_fact(fee, subject.code, "fee_schedule", "not_listed", text))
    if level_two is not None and level_two.known:
        since = level_two.fact.valid_from
        text = "In the HCPCS Level II file" + (f" since {since}." if since is not None else ".")
        facts.append(row_fact(level_two, level_two.fact, "in_force", value=True, text=text))
    state, listed = code_state(subject.day, Setting.PRACTITIONER, subject.code, fee)
    if state in {CodeState.ENDED, CodeState.NOT_YET}:
        row = listed.fact
        text = f"Ended on {row.valid_to}." if state is CodeState.ENDED else f"Begins on {row.valid_from}."
        facts.append(row_fact(listed, row, "in_force", value=False, text=text))
    return known("status", facts, "No loaded list speaks of the code on this day.")


def _status_fact(subject: Procedure, row: FeeScheduleRow, key: str) -> PageFact:
    indicator = row.status_indicator
    said = words.STATUS[indicator]
    if subject.kind is CodeKind.CATEGORY_II and indicator == "I":
        said = "a Category II code; for reporting only, Medicare pays nothing for it"
    of = f" of {subject.code}-{row.modifier}" if row.modifier else ""
    return row_fact(subject.fee, row, key, indicator, f"Status {indicator}{of}: {said}.")


def payment_policy(subject: Procedure) -> Section:
    """The payment indicators of the fee schedule, in plain words."""
    if subject.measure:
        return not_applicable("payment_policy", MEASURE)
    row = subject.row
    if row is None:
        return known("payment_policy", [], "No loaded fee schedule speaks of the code on this day.")
    facts = []
    for column, name, meanings in words.POLICIES:
        value = getattr(row, column)
        if value == "0" and column in _OF_SURGERY and (subject.visit or subject.no_operation):
            continue
        if value in meanings:
            facts.append(row_fact(subject.fee, row, column, value, f"{name} {value}: {meanings[value]}."))
    if row.endoscopic_base:
        text = f"Endoscopic base: {row.endoscopic_base}, which is not paid beside it."
        facts.append(row_fact(subject.fee, row, "endoscopic_base", row.endoscopic_base, text))
    if not facts:
        return not_applicable("payment_policy", "Every payment indicator says that its concept does not apply.")
    return known("payment_policy", facts, "")


def imaging_guidance(subject: Procedure) -> Section:
    """Whether imaging guidance is part of the code: always one fact."""
    name = "imaging_guidance"
    imaging = subject.imaging
    reason = _not_guided(subject)
    if reason:
        text = _NOT_GUIDED.format(reason)
        citation = cite_fact(subject.row, subject.fee.release) if subject.row and subject.fee.release else None
        fact = cited(name, "not_applicable", text, citation or convention("told by the code's number"))
        return Section(name, State.NOT_APPLICABLE, (fact,), text)
    if imaging.known:
        state = imaging.fact.state
        text = _IMAGING_WORDS[state].format(code=subject.code)
        if state == "without" and imaging.fact.partner:
            text += f" With imaging, {imaging.fact.partner} is reported instead."
        if imaging.fact.note:
            text += f" {imaging.fact.note}"
        return known(name, [row_fact(imaging, imaging.fact, name, _IMAGING_VALUES.get(state, state), text)], "")
    return no_imaging_data(f"No loaded document says how {subject.code} stands to imaging guidance.")


def no_imaging_data(why: str) -> Section:
    """The imaging section of a code of which nothing is known: its one fact is a gap."""
    return Section("imaging_guidance", State.NO_DATA, (PageFact("imaging_guidance", "no_data", why),), why)


def _not_guided(subject: Procedure) -> str:
    if subject.measure:
        return "a measure code"
    if subject.visit:
        return "a visit"
    if subject.anesthesia:
        return "anesthesia"
    if subject.laboratory:
        return "a laboratory service"
    return "a drug or supply" if subject.item else ""


def add_on(subject: Procedure) -> Section:
    """Whether it is an add-on code, to what, and what is added to it."""
    if subject.measure:
        return not_applicable("add_on", MEASURE)
    edits = subject.add_on
    facts: list[PageFact] = []
    if edits.known:
        kind = min(edit.edit_type for edit in edits.facts)
        text = f"An add-on code of type {kind}: {words.ADD_ON_TYPE[kind]}. Not paid without a primary."
        facts.append(row_fact(edits, edits.fact, "add_on_type", kind, text))
    elif subject.row is not None and subject.row.global_days == "ZZZ":
        text = "The fee schedule marks it as an add-on (ZZZ); the add-on edits do not name its primaries."
        facts.append(row_fact(subject.fee, subject.row, "global_days", "ZZZ", text))
    facts += primaries_and_add_ons(subject)
    if not facts and edits.state is State.NOT_APPLICABLE:
        return not_applicable("add_on", f"{subject.code} is no add-on code, and none is listed for it.")
    return known("add_on", facts, "No loaded release of the add-on edits speaks for the code.")


def units(subject: Procedure) -> Section:
    """The units of service beyond which a claim is denied (MUE)."""
    if subject.measure:
        return not_applicable("units", MEASURE)
    facts = []
    for setting, answer in subject.limits.items():
        key, who = f"mue_{setting}", _SETTINGS[setting]
        if answer.known:
            limit = answer.fact
            if limit.mue_value:
                counted = words.MUE_ADJUDICATION[limit.mai]
                text = f"Units for {who}: at most {limit.mue_value}. Adjudication indicator {limit.mai}: {counted}."
            else:
                text = f"Units for {who}: none; any unit is denied (adjudication indicator {limit.mai})."
            facts.append(row_fact(answer, limit, key, limit.mue_value, text))
        elif answer.state is State.NOT_APPLICABLE:
            text = f"Units for {who}: no limit is published, which is not to say there is none: some are confidential."
            facts.append(absence_fact(answer, subject.code, key, "not_published", text))
    return known("units", facts, "No loaded release of the unit limits speaks for the code.")
