"""Reading one payer policy: refused whole where a fact has no citation, or anything in it is not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cleanclaim.book.payers.conflicts import refuse_conflicts
from cleanclaim.book.payers.entry import Entry, as_day
from cleanclaim.book.payers.model import (
    CodeSet,
    Counted,
    Identifiers,
    Kind,
    Period,
    Policy,
    PolicyFact,
    Source,
    Style,
    Wanted,
    When,
)
from cleanclaim.book.payers.names import words_of
from cleanclaim.book.payers.plain import Document, YamlDocument
from cleanclaim.errors import InputError
from cleanclaim.types import DateInterval, Severity

SCHEMA: Final = "cleanclaim.payer_policy/1"
INDICATORS: Final = ("bilateral", "assistant", "co_surgeon", "team_surgeon", "multiple_procedure", "pc_tc_indicator")
"""Fee-schedule indicators by which a fact may choose its codes."""
_PERIOD: Final = re.compile(r"(?:(\d{1,3}) )?(days?|months?|years?)|calendar year|lifetime")
_MONTH_OR_YEAR: Final = re.compile(r"\d{4}(-\d{2})?")
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_PLACE: Final = re.compile(r"\d{2}", re.ASCII)


class _Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    CONVENTION = "convention"


class _DateKind(StrEnum):
    EFFECTIVE = "effective"
    DOCUMENT = "document"


def read_policy(file: Path) -> Policy:
    """The policy in a file.

    Raises InputError, naming file, line and key, for a fact without a citation, an unknown key, a bad date, a severity
    beyond what its source allows, two facts that contradict each other, or a fact that no case shows.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: this payer policy cannot be read ({type(error).__name__}).") from error
    return policy_from(text, str(file))


def policy_from(text: str, name: str, *, with_cases: bool = True) -> Policy:
    """The policy a text holds; ``name`` is what messages call it. Raises InputError as :func:`read_policy` does.

    ``with_cases`` False takes a policy without any, as the cases of a rule hold one.
    """
    return policy_of(YamlDocument(text, name), with_cases=with_cases)


def policy_of(document: Document, *, with_cases: bool) -> Policy:
    """The policy a document holds. Raises InputError as :func:`read_policy` does."""
    top = Entry(document, (), document.values, "a payer policy")
    if top.need("schema") != SCHEMA:
        raise top.fault("schema", "the schema is another one", f"write schema: {SCHEMA}")
    payer = top.text("payer", pattern=r"[a-z0-9]+(-[a-z0-9]+)*")
    facts = []
    for number, values in enumerate(_list(top, "facts")):
        facts.append(_fact(Entry(document, ("facts", number), values, f"fact {number + 1}")))
    policy = Policy(
        payer=payer,
        name=top.text("name"),
        plan=top.text("plan"),
        file=document.file,
        contract=top.flag("contract", default=True),
        medicare=top.flag("medicare"),
        parent=top.text("parent", ""),
        blue=top.flag("blue"),
        identifiers=_identifiers(Entry(document, ("identifiers",), top.need("identifiers"), "identifiers")),
        facts=tuple(facts),
        cases=_cases(document, top) if with_cases else (),
    )
    if not with_cases:
        top.raw("cases")
    top.done()
    refuse_conflicts(document, policy.facts)
    if with_cases:
        _refuse_facts_without_cases(document, policy)
    return policy


def _list(entry: Entry, key: str) -> list[object]:
    value = entry.need(key)
    if not isinstance(value, list):
        raise entry.fault(key, f"{key} is no list", "begin each entry with a dash")
    return value


def _identifiers(entry: Entry) -> Identifiers:
    found = Identifiers(
        frozenset(entry.texts("payer_ids")),
        tuple(words_of(name) for name in entry.texts("names")),
        tuple(words_of(name) for name in entry.texts("not_names")),
        entry.text("source"),
    )
    entry.done()
    return found


# --- facts


def _fact(entry: Entry) -> PolicyFact:
    kind = entry.word("kind", Kind)
    source = _source(Entry(entry.document, (*entry.path, "citation"), _citation(entry), "the citation"))
    severity = entry.word("severity", Severity)
    if severity.rank < source.ceiling.rank:
        raise entry.fault(
            "severity",
            f"a fact with this citation is never more than {source.ceiling}",
            f"write severity: {source.ceiling}, or cite the payer's own dated text",
        )
    valid = DateInterval(entry.day("valid_from"), entry.day("valid_to"))
    if valid.valid_from and valid.valid_to and valid.valid_to < valid.valid_from:
        raise entry.fault("valid_to", "the fact ends before it begins", "correct valid_from or valid_to")
    when = When()
    if entry.has("when"):
        when = _when(Entry(entry.document, (*entry.path, "when"), entry.raw("when"), "the condition"))
    codes = entry.codes("codes")
    indicators = _indicators(entry)
    if kind is not Kind.TIMELY_FILING and not (codes or indicators or when != When()):
        raise entry.fault("", "the fact names no codes, indicators or condition", "say which services it is about")
    fact = PolicyFact(
        id=entry.text("id", pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
        kind=kind,
        text=entry.text("text"),
        severity=severity,
        source=source,
        valid=valid,
        codes=codes,
        indicators=indicators,
        when=when,
        network=entry.text("network", "", pattern="participating|out_of_network"),
        **_of_kind(entry, kind),
    )
    if not fact.text.endswith("."):
        raise entry.fault("text", "the text is no sentence", "end it with a full stop: reports print it")
    entry.done()
    return fact


def _citation(entry: Entry) -> object:
    citation = entry.raw("citation")
    if citation is None:
        raise entry.fault("", "the fact has no citation", "add `citation:` with document, confidence and url")
    return citation


def _source(entry: Entry) -> Source:
    given = as_day(entry.raw("date"))
    date_text = "" if given is None else str(given)
    readable = isinstance(given, dt.date) or not date_text or _MONTH_OR_YEAR.fullmatch(date_text)
    if isinstance(given, dt.datetime) or not readable:
        raise entry.fault("date", f"{given!r} is no date", "write YYYY-MM-DD, YYYY-MM or YYYY")
    source = Source(
        document=entry.text("document"),
        confidence=entry.word("confidence", _Confidence),
        first_hand=entry.flag("first_hand"),
        date=given if isinstance(given, dt.date) else None,
        date_kind=entry.word("date_kind", _DateKind) if date_text else entry.text("date_kind", ""),
        date_text=date_text,
        url=entry.text("url", "", pattern=r"https?://\S+"),
        where=entry.text("where", ""),
        seen=entry.text("seen", ""),
    )
    if not source.url and not source.where:
        raise entry.fault("", "the citation does not say where the document can be read", "add `url:` or `where:`")
    if source.date_kind and not date_text:
        raise entry.fault("date_kind", "a kind of date stands without a date", "add `date:`")
    entry.done()
    return source


def _when(entry: Entry) -> When:
    found = When(
        modifiers_any=_shaped(entry, "modifiers_any", _MODIFIER),
        modifiers_none=_shaped(entry, "modifiers_none", _MODIFIER),
        places=_shaped(entry, "places", _PLACE),
        claim_types=_among(entry, "claim_types", ("PROFESSIONAL", "INSTITUTIONAL")),
        bill_types=frozenset(entry.texts("bill_types")),
        lines_of_business=_among(entry, "lines_of_business", ("COMMERCIAL", "MEDICARE_ADVANTAGE", "MEDICAID")),
        states=_shaped(entry, "states", re.compile("[A-Z]{2}")),
        taxonomies=entry.texts("taxonomies"),
        taxonomies_not=entry.texts("taxonomies_not"),
        diagnoses=tuple(code.replace(".", "") for code in entry.texts("diagnoses")),
        with_codes=entry.codes("with_codes"),
    )
    entry.done()
    return found


def _shaped(entry: Entry, key: str, pattern: re.Pattern[str]) -> frozenset[str]:
    texts = entry.texts(key)
    for text in texts:
        if not pattern.fullmatch(text):
            raise entry.fault(key, f"{text!r} is not the shape of {key}", f"it must match {pattern.pattern}")
    return frozenset(texts)


def _among(entry: Entry, key: str, words: tuple[str, ...]) -> frozenset[str]:
    texts = entry.texts(key)
    for text in texts:
        if text not in words:
            raise entry.fault(key, f"{text.lower()!r} is not one of {key}", f"choose of {', '.join(words).lower()}")
    return frozenset(text.lower() for text in texts)


def _indicators(entry: Entry) -> tuple[tuple[str, frozenset[int]], ...]:
    if not entry.has("indicators"):
        return ()
    given = Entry(entry.document, (*entry.path, "indicators"), entry.raw("indicators"), "indicators")
    found = []
    for name in INDICATORS:
        values = given.raw(name)
        if values is None:
            continue
        if not isinstance(values, list) or not all(isinstance(value, int) and value in range(10) for value in values):
            raise given.fault(name, f"{name} is no list of digits", f"write {name}: [1, 3]")
        found.append((name, frozenset(values)))
    given.done()
    return tuple(found)


def _of_kind(entry: Entry, kind: Kind) -> dict[str, Any]:
    reader = _READERS.get(kind)
    return reader(entry) if reader is not None else {}


def _place(entry: Entry) -> dict[str, Any]:
    places = _shaped(entry, "allowed_places", _PLACE)
    if not places:
        raise entry.fault("", "the fact names no allowed_places", "add `allowed_places:`")
    return {"allowed_places": places}


def _frequency(entry: Entry) -> dict[str, Any]:
    text = entry.text("period")
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise entry.fault("period", f"{text!r} is no period", "write day, 12 months, 10 years, calendar year, lifetime")
    unit = (found[2] or text.replace(" ", "_")).removesuffix("s")
    number = int(found[1] or 1)
    period = {"day": Period("days", number), "month": Period("months", number), "year": Period("months", 12 * number)}
    counted = entry.word("counted", Counted) if entry.has("counted") else Counted.DAYS
    return {
        "maximum": entry.whole("maximum"),
        "period": period.get(unit) or Period(unit),
        "counted": counted,
        "per_code": entry.flag("per_code"),
        "groups": _groups(entry, counted),
    }


def _groups(entry: Entry, counted: Counted) -> tuple[CodeSet, ...]:
    if not entry.has("groups"):
        if counted is Counted.GROUPS:
            raise entry.fault("", "groups are counted and none is named", "add `groups:` with the codes of each")
        return ()
    given = Entry(entry.document, (*entry.path, "groups"), entry.raw("groups"), "groups")
    names = list(entry.raw("groups"))
    found = tuple(given.codes(name) for name in names)
    given.done()
    return found


def _timely_filing(entry: Entry) -> dict[str, Any]:
    unit = "months" if entry.has("months") else "days"
    return {unit: entry.whole(unit), "from_end_of_year": entry.flag("from_end_of_year")}


def _bundling(entry: Entry) -> dict[str, Any]:
    instead = entry.flag("instead_of_ncci")
    payable = entry.flag("payable")
    into = entry.codes("into")
    if payable and not instead:
        raise entry.fault("payable", "a pair can only be payable instead of an NCCI edit", "add instead_of_ncci: true")
    if not into:
        raise entry.fault("", "the fact does not say which codes the others are part of", "add `into:`")
    return {
        "into": into,
        "instead_of_ncci": instead,
        "payable": payable,
        "among_ncci_pairs": entry.flag("among_ncci_pairs"),
        "bypass": _shaped(entry, "bypass", _MODIFIER),
    }


_READERS: Final[dict[Kind, Callable[[Entry], dict[str, Any]]]] = {
    Kind.FREQUENCY: _frequency,
    Kind.MODIFIER_STYLE: lambda entry: {"style": entry.word("style", Style)},
    Kind.BUNDLING: _bundling,
    Kind.TIMELY_FILING: _timely_filing,
    Kind.DOCUMENTATION: lambda entry: {"wanted": entry.word("wanted", Wanted)},
    Kind.PLACE: _place,
    Kind.NOT_PAYABLE: lambda entry: {"unless_with": entry.codes("unless_with")},
}
"""What a fact of each kind has besides; prior authorization has nothing."""


# --- cases


def _cases(document: Document, top: Entry) -> tuple[dict[str, Any], ...]:
    return tuple(_case(document, number, values) for number, values in enumerate(_list(top, "cases")))


def _case(document: Document, number: int, values: object) -> dict[str, Any]:
    entry = Entry(document, ("cases", number), values, f"case {number + 1}")
    found: dict[str, Any] = {"name": entry.text("name"), "line": document.lines["cases", number]}
    claims = entry.raw("claims")
    claim = entry.raw("claim")
    if (claims is None) == (claim is None):
        raise entry.fault("", "a case has one `claim:`, or several in `claims:`", "write one of the two")
    found["claims"] = claims if claims is not None else [claim]
    expected = entry.raw("expect")
    if not isinstance(expected, list):
        raise entry.fault("", "the case does not say what to expect", "add `expect:` with a list, empty for nothing")
    for at, wanted in enumerate(expected):
        of_finding = Entry(document, ("cases", number, "expect", at), wanted, "an expected finding")
        of_finding.text("fact")
        of_finding.text("rule", "")
        of_finding.text("severity", "")
        of_finding.whole("line", default=0)
        of_finding.text("claim", "")
        of_finding.done()
    found["expect"] = expected
    found["book"] = entry.raw("book") or {}
    entry.done()
    return found


def _refuse_facts_without_cases(document: Document, policy: Policy) -> None:
    """Every fact must be seen to fire, and the file must show at least one claim that it leaves alone."""
    ids = {fact.id for fact in policy.facts}
    fired: set[str] = set()
    silent = False
    for number, case in enumerate(policy.cases):
        expected = {wanted["fact"] for wanted in case["expect"]}
        for unknown in sorted(expected - ids):
            raise document.fault(("cases", number), f"there is no fact {unknown!r}", "name one of this file's facts")
        fired |= expected
        silent = silent or not expected
    for number, fact in enumerate(policy.facts):
        if fact.id not in fired:
            raise document.fault(("facts", number), f"no case shows {fact.id!r} firing", "add a case that expects it")
    if policy.facts and not silent:
        raise document.fault(("cases",), "no case shows a claim left alone", "add one with `expect: []`")
