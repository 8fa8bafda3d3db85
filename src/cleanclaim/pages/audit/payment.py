"""Statements on how a code is paid that a loaded table settles: add-on, global days, units, status, relative values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleanclaim.index.cite import cite_answer
from cleanclaim.pages.audit.blocks import Text, asks
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.labels import Topic, topic_of
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion, moved
from cleanclaim.pages.audit.values import NUMBERS, judge_units, judge_value, number_of

_ADD_ON: Final = re.compile(
    r"\b(?:is|are|as)\s+(?P<no>not\s+)?an?\s+add-on(?:\s+code)?\b|\b(?:this|the)\s+add-on\s+code\b|\badd-on\s+(?:cpt\s+)?code\s+[0-9A-Z]{5}\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    r"\b(?:may|can|could)\s+(?:also\s+)?be\s+(?:billed|reported|coded|used|submitted)\s+(?:by\s+itself|alone|on\s+its\s+own|"
    r"without\s+(?:a|any|the|its)\s+primary)",
    re.IGNORECASE,
)
_NO_GLOBAL: Final = re.compile(
    r"\b(?:no|without(?:\s+a)?)\s+global\s+(?:surgery\s+|surgical\s+)?(?:period|days?)\b", re.IGNORECASE
)
_GLOBAL: Final = re.compile(
    r"\b(?:(?P<days>0|zero|10|ten|90|ninety)(?:[\s-]*days?\s+(?:global|post-?operative)|\s+global\s+days?)|global\s+(?:surgery\s+|surgical\s+)?"
    r"(?:period|days?|indicator)(?:\s+(?:of|for)\s+[0-9A-Z]{5})?\s*(?:of|is|are|:|=)?\s*(?P<after>000|010|090|XXX|YYY|ZZZ|MMM|(?:0|10|90)\b"
    r"(?!\.\d)(?:\s*days?)?))\b",
    re.IGNORECASE,
)
_COUNT: Final = rf"(?P<units>\d{{1,4}}|{'|'.join(NUMBERS)})"
_UNITS: Final = re.compile(
    r"\b(?:mue|medically\s+unlikely\s+edit\w*)\b[^.]{0,40}?\b"
    + _COUNT.replace("units>", "mue>")
    + r"\s+(?:units?\b|(?:per|a|each)\s+day)"
    r"|\b(?:maximum|limit(?:ed)?|up\s+to|no\s+more\s+than|at\s+most|only|accepts?)\b[^.]{0,25}?\b"
    + _COUNT
    + r"\s+units?\b(?P<rest>[^.]*)",
    re.IGNORECASE,
)
_A_DAY: Final = re.compile(
    r"\b(?:per|a|each|same)\s+(?:calendar\s+|service\s+)?(?:day|date)|\bdaily\b|\bmues?\b|medically unlikely",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(
    r"\b[Ss]tatus(?:\s+(?:indicator|code))?(?:\s+(?:of|for)\s+[0-9A-Z]{5})?\s*(?:of|is|:|=)?\s*[\"']?(?P<status>[A-Z])\b(?!')"
)
_WORK: Final = re.compile(
    r"\bwork\s+(?:rvus?|relative\s+values?|values?)(?:\s+(?:of|for)\s+[0-9A-Z]{5})?\s*(?:of|is|:|are|=)?\s*(?P<rvu>\d+\.\d{1,2})(?![\d%]|\.\d)"
    r"|(?<![\d.$])(?P<before>\d+\.\d{1,2})\s+work\s+(?:rvus?|relative\s+value)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\b(?P<label>(?:bilateral|multiple[\s-]procedures?|assistant(?:[\s-](?:at[\s-]surgery|surgeon))?|co-?surge\w+|team\s+surge\w+|pc/tc)"
    r"(?:\s+surgery)?)\s+indicator(?:\s+(?:of|for)\s+[0-9A-Z]{5})?\s*(?:of|is|:|=)?\s*(?P<value>\d)\b"
    r"|\b(?P<total>total\s+(?:non-?)?facility\s+rvus?)(?:\s+(?:of|for)\s+[0-9A-Z]{5})?\s*(?:of|is|are|:|=)?\s*(?P<rvu>\d+\.\d{1,2})(?!\d|\.\d)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(r"\s*(?P<label>[A-Za-z][A-Za-z /()-]{1,50}?)\s*[:=]\s+(?=\S)")
_PAID: Final = re.compile(r"\b(?:payment\s+is\s+made|is\s+(?:separately\s+)?(?:paid|payable)|pays)\b", re.IGNORECASE)
_MEDICARE: Final = re.compile(r"\bmedicare\b|\bfee\s+schedule\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:not|no|never|nothing)\b|n't\b", re.IGNORECASE)
_NEVER_PAID: Final = {"M": "for measurement only", "N": "not covered", "I": "not valid for Medicare"}
_YEAR: Final = re.compile(r"\b(20[0-3]\d)\b")
_LETTERED_DAYS: Final = frozenset({"XXX", "YYY", "ZZZ", "MMM"})
_NO_GLOBAL_DAYS: Final = frozenset({"XXX", "ZZZ"})


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """What a sentence says of the indicators of the one code it speaks of."""
    text = spoken.text.text
    if asks(text):
        return
    years = {int(year) for year in _YEAR.findall(text)}
    if years and facts.date.year not in years:
        return
    yield from _add_on(spoken, facts)
    for code in _one(spoken, facts):
        made = list(_labelled(spoken, code, facts))
        yield from made
        if made:
            continue
        yield from _global_days(spoken, code, facts)
        yield from _units(spoken, code, facts)
        yield from _by_label(spoken, code, facts)
        yield from _paid(spoken, code, facts)


def _one(spoken: Spoken, facts: Facts) -> tuple[str, ...]:
    """The code whose indicators a sentence may name: the only one it speaks of, guidance included."""
    own = list(dict.fromkeys(found.code for found in spoken.named(facts)))
    if len(own) > 1:
        return ()
    return tuple(own) or spoken.about(facts)[:1]


def _add_on(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    text = spoken.text.text
    match, alone = _ADD_ON.search(text), _ALONE.search(text)
    if match is None and (alone is None or _NOT.search(text)):
        return
    named = [found.code for found in spoken.named(facts)]
    for code in named[-1:] or spoken.pointed_at(facts):
        edits, fee = facts.day.add_on(code), facts.fee(code)
        if edits.no_data and fee is None:
            continue
        is_add_on = facts.is_add_on(code)
        if match is None and not is_add_on:
            continue
        cited = [cite_answer(edits, code)] if edits.known else [fee[1]] if fee is not None else []
        right = match is not None and is_add_on is not bool(match["no"])
        fact = f"{code} is {'an' if is_add_on else 'no'} add-on code."
        kind = Kind.PAYMENT_RULE if code in facts.subjects else Kind.RELATED_CODE_MEANING
        verdict = Judgement.SUPPORTED if right else Judgement.CONTRADICTED
        place = _place(spoken, match or alone)
        yield assertion(place, kind, (code,), verdict, fact, [entry for entry in cited if entry is not None])


def _labelled(spoken: Spoken, code: str, facts: Facts) -> Iterator[Assertion]:
    """A label, a colon and its value, as in ``Global days: 000``."""
    match = _LABELLED.match(spoken.text.text)
    topic = topic_of(match["label"]) if match else None
    if match is None or topic is None:
        return
    value = spoken.text.part(match.end(), len(spoken.text.text.rstrip(". ")))
    made = judge_value(topic, value, code, facts)
    if made is not None:
        yield made


def _global_days(spoken: Spoken, code: str, facts: Facts) -> Iterator[Assertion]:
    none = _NO_GLOBAL.search(spoken.text.text)
    fee = facts.fee(code)
    if none is not None and fee is not None:
        own = fee[0].global_days
        if own in _NO_GLOBAL_DAYS:
            fact = f"The global days of {code} are {own}."
            yield assertion(_place(spoken, none), Kind.PAYMENT_RULE, (code,), Judgement.SUPPORTED, fact, [fee[1]])
        return
    match = _GLOBAL.search(spoken.text.text)
    if match is None:
        return
    told = (match["days"] or match["after"]).strip().split()[0]
    value = told.upper() if told.upper() in _LETTERED_DAYS else f"{told} days"
    made = judge_value(Topic.GLOBAL_DAYS, Text(value, 0), code, facts)
    if made is not None:
        yield moved(made, _place(spoken, match))


def _units(spoken: Spoken, code: str, facts: Facts) -> Iterator[Assertion]:
    text = spoken.text.text
    match = _UNITS.search(text)
    if match is None or not _A_DAY.search(text):
        return
    said = match["mue"] or match["units"]
    made = judge_units(_place(spoken, match), code, number_of(said), facts)
    if made is not None:
        yield made


def _by_label(spoken: Spoken, code: str, facts: Facts) -> Iterator[Assertion]:
    """What a sentence says of an indicator that it names: "status E", "1.85 work RVUs", "bilateral indicator 1"."""
    told: list[tuple[Topic | None, str, re.Match[str]]] = []
    if (match := _STATUS.search(spoken.text.text)) is not None:
        told.append((Topic.STATUS, match["status"], match))
    if (match := _WORK.search(spoken.text.text)) is not None:
        told.append((Topic.WORK, match["rvu"] or match["before"], match))
    if (match := _NAMED.search(spoken.text.text)) is not None:
        label = f"{match['label']} indicator" if match["label"] else match["total"]
        told.append((topic_of(label), match["value"] or match["rvu"], match))
    for topic, value, where in told:
        made = judge_value(topic, Text(value, 0), code, facts) if topic is not None else None
        if made is not None:
            yield moved(made, _place(spoken, where))


def _paid(spoken: Spoken, code: str, facts: Facts) -> Iterator[Assertion]:
    """That Medicare pays what its fee schedule never pays."""
    text = spoken.text.text
    match, fee = _PAID.search(text), facts.fee(code)
    if match is None or fee is None or _NOT.search(text) or not _MEDICARE.search(text):
        return
    why = _NEVER_PAID.get(fee[0].status_indicator)
    if why is not None:
        fact = f"The status of {code} is {fee[0].status_indicator}: {why}."
        yield assertion(spoken.text, Kind.PAYMENT_RULE, (code,), Judgement.CONTRADICTED, fact, [fee[1]])


def _place(spoken: Spoken, match: re.Match[str] | None) -> Text:
    return spoken.text if match is None else spoken.text.part(match.start(), match.end())
