"""Answers on procedure codes: imaging, pairs, modifiers, add-ons, units, status, days, meaning, successors."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Final

from cleanclaim.engine.code_page import PageFact
from cleanclaim.engine.code_state import has_ended
from cleanclaim.engine.pair import PairAnswer, PairVerdict, pair
from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.pages.ask.desk import Desk, Reply, cited, listed, said, together
from cleanclaim.types import Citation, State

_PAIR_WORDS: Final = {
    PairVerdict.BUNDLED: "no",
    PairVerdict.BUNDLED_UNLESS_DISTINCT: "only if distinct",
    PairVerdict.BYPASSED: "yes, with the modifiers given",
    PairVerdict.NO_EDIT: "no edit stands against it",
    PairVerdict.NOT_CHECKED: "no data",
}
_BUNDLED_WORDS: Final = {
    PairVerdict.BUNDLED: "bundled",
    PairVerdict.BUNDLED_UNLESS_DISTINCT: "bundled unless distinct",
    PairVerdict.BYPASSED: "bypassed by the modifiers given",
    PairVerdict.NO_EDIT: "no edit stands against it",
    PairVerdict.NOT_CHECKED: "no data",
}
"""Where the question is whether they are bundled, "no" would be understood as the opposite."""
_IMAGING_WORDS: Final = {
    "included": "yes",
    "without": "no",
    "separately_reportable": "no",
    "not_applicable": "not applicable",
}
_IMAGING_FACTS: Final = {
    "included": "included",
    "without": "not included",
    "separately_reportable": "separately reportable",
    "not_applicable": "not applicable",
}
_SEPARATELY_WORDS: Final = {
    "included": "not separately: it is included",
    "without": "not included in this code",
    "separately_reportable": "separately",
    "not_applicable": "not applicable",
}
_APPLIES: Final = {"applies": "yes", "conditional": "conditional", "does_not_apply": "no"}
_APPLIES_FACTS: Final = {"applies": "applies", "conditional": "conditional", "does_not_apply": "does not apply"}
_FEW: Final = 3
_PAID: Final = {
    "A": "yes",
    "T": "yes",
    "R": "restricted",
    "C": "yes, contractor-priced",
    "J": "yes, as anesthesia",
    "E": "not under the physician fee schedule",
    "X": "not under the physician fee schedule",
    "": "no",
}
"""By status indicator; E and X are perhaps paid under another schedule."""
_PAID_FACTS: Final = _PAID | {
    "A": "paid",
    "T": "paid",
    "C": "paid, contractor-priced",
    "J": "paid, as anesthesia",
    "": "not paid",
}


def imaging_included(desk: Desk) -> Reply:
    """Is imaging guidance part of the code?"""
    section = desk.section(desk.code, "imaging_guidance")
    fact = section.facts[0]
    if section.state is State.NO_DATA:
        return Reply("no data", fact.text, known=False)
    text = fact.text if desk.code in fact.text else f"{desk.code}: {fact.text}"
    words = _SEPARATELY_WORDS if desk.manner.separately else _IMAGING_FACTS if desk.manner.negated else _IMAGING_WORDS
    return Reply(words.get(str(fact.value), str(fact.value)), text, cited([fact]))


def billed_together(desk: Desk) -> Reply:
    """May the codes be billed together? Of more than two, every pair that has an edit."""
    codes = desk.named.codes
    answers = [_pair(desk, one, other) for one, other in combinations(codes, 2)]
    words = _BUNDLED_WORDS if desk.manner.bundled or desk.manner.negated else _PAIR_WORDS
    worst = min(answers, key=lambda entry: list(_PAIR_WORDS).index(entry.verdict))
    if len(answers) == 1:
        chosen = answers
    else:
        chosen = [entry for entry in answers if entry.verdict not in {PairVerdict.NO_EDIT, PairVerdict.NOT_CHECKED}]
        chosen = chosen or [worst]
    text = " ".join(
        entry.explanation
        if entry.column_one in entry.explanation
        else f"{entry.column_one} with {entry.column_two}: {entry.explanation}"
        for entry in chosen
    )
    citations = tuple(dict.fromkeys(found for entry in chosen for found in entry.citations))
    known = any(entry.verdict is not PairVerdict.NOT_CHECKED for entry in answers)
    unknown = [entry for entry in answers if entry.verdict is PairVerdict.NOT_CHECKED]
    if worst.verdict is PairVerdict.NO_EDIT and len(answers) > 1:
        text += f" Nor has it one between any other two of {', '.join(codes)}."
    if known and unknown:
        pairs = listed(f"{entry.column_one} with {entry.column_two}" for entry in unknown)
        text += f" Of {pairs} nothing is known."
    if any(entry.verdict is PairVerdict.BUNDLED_UNLESS_DISTINCT for entry in chosen):
        text = " ".join([text, *_asked_modifiers(desk, chosen)])
    if worst.verdict is PairVerdict.NO_EDIT and len(codes) == 2:  # noqa: PLR2004 - a pair
        added = _added_to(desk, *codes)
        if added.answer in {"yes", "an add-on to it"}:
            text, citations = f"{added.text} {text}", (*added.citations, *citations)
    return Reply(words[worst.verdict], text, citations, known=known)


def _pair(desk: Desk, one: str, other: str, added: tuple[str, ...] = ()) -> PairAnswer:
    """The edit between two codes with the modifiers written on them, and ``added`` on the other."""
    borne = desk.named.of_code
    return pair(
        desk.book,
        one,
        other,
        desk.date,
        modifiers_a=tuple(borne.get(one, ())),
        modifiers_b=(*borne.get(other, ()), *added),
    )


def _asked_modifiers(desk: Desk, answers: list[PairAnswer]) -> list[str]:
    """What each modifier that is asked about, and stands on no code, would do on Column Two."""
    said_of = []
    for modifier in desk.named.modifiers:
        for entry in answers:
            if entry.verdict is not PairVerdict.BUNDLED_UNLESS_DISTINCT:
                continue
            made = _pair(desk, entry.column_one, entry.column_two, (modifier,))
            does = (
                f"would bypass the edit with {entry.column_one}, if the record shows that the services were distinct"
                if made.verdict is PairVerdict.BYPASSED
                else f"would not bypass the edit with {entry.column_one}"
            )
            said_of.append(f"{modifier} on {entry.column_two} {does}.")
    return said_of


def modifier_applies(desk: Desk) -> Reply:
    """Does the modifier apply to the code: of several codes, to the one that bears it?"""
    borne = desk.named.of_code
    code = desk.code if desk.named.modifiers or desk.code in borne else next(iter(borne))
    facts = {fact.key: fact for fact in desk.section(code, "modifiers").facts}
    replies = []
    asked = list(dict.fromkeys([*desk.named.modifiers, *borne.get(code, ())]))
    for modifier in asked:
        fact = facts.get(modifier)
        if fact is None:
            replies.append(Reply("no data", f"No loaded table says whether {modifier} fits {code}.", known=False))
            continue
        value = str(fact.value)
        needed = value == "applies" and desk.manner.needs
        words = _APPLIES_FACTS if desk.manner.negated or needed else _APPLIES
        word = words.get(value, value)
        verb = {"applies": "may be used", "conditional": "may be used on a condition"}.get(value, "does not apply")
        replies.append(Reply(word, f"{modifier} on {code} {verb}: {said([fact])}", cited([fact])))
    if len(replies) == 1:
        return replies[0]
    of_each = zip(asked, replies, strict=True)
    return together("; ".join(f"{modifier}: {reply.answer}" for modifier, reply in of_each), replies)


def modifier_meaning(desk: Desk) -> Reply:
    """What does the modifier mean?"""
    replies = []
    for modifier in desk.named.modifiers:
        reply = desk.of_section(desk.section(modifier, "definition"), modifier)
        replies.append(replace(reply, text=f"{modifier}: {reply.text}"))
    return together(", ".join(desk.named.modifiers), replies)


def add_on(desk: Desk) -> Reply:
    """Is the code an add-on, and to what? With two codes: is the one an add-on to the other?"""
    codes = desk.named.codes
    if len(codes) > 1:
        return _added_to(desk, codes[0], codes[1])
    section = desk.section(codes[0], "add_on")
    if section.state is State.NO_DATA:
        return Reply("no data", section.why, known=False)
    types = [fact for fact in section.facts if fact.key in {"add_on_type", "global_days"}]
    primaries = [fact for fact in section.facts if fact.key == "primary"]
    added = [fact for fact in section.facts if fact.key == "add_on"]
    if types:
        text = said(types[:1])
        if primaries:
            text += f" Its {len(primaries)} listed primaries: {listed(str(fact.value) for fact in primaries)}."
        return Reply(_add_on_word(desk, primaries), text, cited([*types[:1], *primaries[:3]]))
    text = f"{codes[0]} is no add-on code."
    if added:
        text += f" Add-ons that may be added to it: {listed(str(fact.value) for fact in added)}."
    if desk.manner.which and added:
        return Reply(listed((str(fact.value) for fact in added), _FEW), text, cited(added))
    status = _global_days(desk, codes[0])
    word = "no" if desk.manner.plain and not desk.manner.alone else "no add-on"
    return Reply(word, text, cited([*added[:3], *status]) or _not_among_add_ons(desk, codes))


def _add_on_word(desk: Desk, primaries: list[PageFact]) -> str:
    """Yes, or what was asked: which primaries, or that it does not stand alone."""
    if desk.manner.alone or not desk.manner.plain:
        return "an add-on"
    if desk.manner.which:
        names = [str(fact.value) for fact in primaries]
        return listed(names, _FEW) if names else "as the contractor decides"
    return "yes"


def _added_to(desk: Desk, one: str, other: str) -> Reply:
    for added, primary in ((one, other), (other, one)):
        section = desk.section(added, "add_on")
        named = [fact for fact in section.facts if fact.key == "primary" and fact.value == primary]
        if named:
            text = f"{added} is an add-on code, and {primary} is among its primaries: it is not paid without one."
            return Reply("yes" if desk.manner.plain else "an add-on to it", text, cited(named))
    for added, primary in ((one, other), (other, one)):
        types = [fact for fact in desk.section(added, "add_on").facts if fact.key == "add_on_type"]
        if types and types[0].value == 1:
            text = f"{added} is an add-on code, but {primary} is not among the primaries that the edits list for it."
            return Reply("no" if desk.manner.plain else "not among its primaries", text, cited(types))
        if types:
            text = f"{added} is an add-on code whose primaries the contractor decides; {primary} is not listed."
            return Reply("not listed", f"{text} {said(types)}", cited(types))
    sections = [desk.section(code, "add_on") for code in (one, other)]
    if all(section.state is State.NO_DATA for section in sections):
        return Reply("no data", sections[0].why, known=False)
    days = [fact for code in (one, other) for fact in _global_days(desk, code)]
    word = "no" if desk.manner.plain else "no add-on"
    text = f"Neither {one} nor {other} is an add-on code."
    return Reply(word, text, cited(days) or _not_among_add_ons(desk, [one, other]))


def _not_among_add_ons(desk: Desk, codes: list[str]) -> tuple[Citation, ...]:
    """The release of the add-on edits that does not have the codes."""
    answers = {code: desk.day.add_on(code) for code in codes}
    found = [cite_answer(answer, code) for code, answer in answers.items() if not answer.no_data]
    return tuple(citation for citation in found if citation is not None)


def _global_days(desk: Desk, code: str) -> list[PageFact]:
    """What the fee schedule says of a code, ZZZ for an add-on."""
    return [fact for fact in desk.section(code, "payment_policy").facts if fact.key == "global_days"]


def units(desk: Desk) -> Reply:
    """How many units may be billed?"""
    section = desk.section(desk.code, "units")
    limits = [fact for fact in section.facts if fact.key.startswith("mue_")]
    first = next((fact for fact in limits if fact.value is not None), None)
    reply = desk.of_section(section, str(first.value) if first is not None else "no limit is published")
    asked = desk.named.units
    if asked is None or first is None or not isinstance(first.value, int):
        return reply
    within = asked <= first.value
    return Reply(
        "within the limit" if within else "over the limit",
        f"{asked} units: {'within' if within else 'over'} the limit. {reply.text}",
        reply.citations,
    )


def status(desk: Desk) -> Reply:
    """Is the code in force, and does Medicare's fee schedule pay it?"""
    section = desk.section(desk.code, "status")
    indicator = next((fact for fact in section.facts if fact.key == "status_indicator"), None)
    if indicator is None:
        ended = any(fact.key == "in_force" and fact.value is False for fact in section.facts)
        listed_now = any(fact.key == "in_force" and fact.value is True for fact in section.facts)
        return desk.of_section(section, "not in force" if ended else "listed" if listed_now else "not listed")
    words = _PAID if desk.manner.plain else _PAID_FACTS
    word = words.get(str(indicator.value), words[""])
    return desk.of_section(section, word)


def global_days(desk: Desk) -> Reply:
    """How many global days has the code?"""
    section = desk.section(desk.code, "payment_policy")
    days = _global_days(desk, desk.code)
    if section.state is State.KNOWN and not days:
        return Reply("not applicable", f"The global concept does not apply to {desk.code}.")
    return desk.of_section(section, str(days[0].value) if days else "not applicable", days)


def meaning(desk: Desk) -> Reply:
    """What does a code mean? A procedure, or a diagnosis."""
    replies = [_meaning(desk, name) for name in (*desk.named.codes, *desk.named.diagnoses)]
    return together(", ".join(reply.answer for reply in replies), replies)


def _meaning(desk: Desk, name: str) -> Reply:
    page = desk.page(name)
    section = page.section("definition")
    if section.state is not State.KNOWN:
        return Reply(page.code, f"{page.headline} {section.why}", known=False)
    return Reply(page.code, f"{page.code}: {said(section.facts)}", cited(section.facts))


def replaced_by(desk: Desk) -> Reply:
    """Which codes replace one that ended? What CMS's Level II file refers it to; no other source says so."""
    code = desk.code
    listed_now = desk.day.hcpcs(code)
    row = listed_now if listed_now.known else desk.day.hcpcs_ever(code)
    page = desk.page(code)
    status = [fact for fact in page.section("status").facts if fact.key in {"in_force", "fee_schedule"}]
    if row is not None and row.facts and row.facts[0].successors and row.release is not None:
        successors = row.facts[0].successors.split()
        text = f"The HCPCS Level II file refers {code} to {' and '.join(successors)} as what is valid in its stead."
        unlisted = [name for name in successors if has_ended(desk.day, name)]
        if unlisted:
            text += f" {', '.join(unlisted)} has itself ended since."
        text = " ".join([text, *(fact.text for fact in status)])
        source = cite_fact(row.facts[0], row.release)
        others = [entry for entry in cited(status) if (entry.source, entry.locator) != (source.source, source.locator)]
        return Reply(", ".join(successors), text, (source, *others))
    facts = " ".join(fact.text for fact in status)
    text = f"{page.headline} {facts} No loaded source says which code takes the place of {code}."
    return Reply("no data", " ".join(text.split()), cited(status), known=False)
