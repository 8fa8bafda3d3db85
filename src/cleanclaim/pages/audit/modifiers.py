"""Statements on modifiers: what one means, and that it is used on the page's code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from cleanclaim.pages.audit.blocks import Row, Text, asks
from cleanclaim.pages.audit.codes import Found, modifiers, procedures
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind, Span
from cleanclaim.pages.audit.spoken import Spoken, assertion, moved
from cleanclaim.pages.audit.words import likeness
from cleanclaim.types import Citation

_SHAPE: Final = re.compile(r"\(?-?((?:[0-9A-Z]{2})(?:\s*(?:/|,|&|\band\b|\bor\b)\s*-?[0-9A-Z]{2})*)\)?")
_CALLED: Final = re.compile(r"modifiers?\s+-?([0-9A-Z]{2})\b:?", re.IGNORECASE)
_ONE: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{2}(?![0-9A-Za-z])")
_SAYS_NOTHING: Final = re.compile(r"not (?:listed|available|applicable|provided)|no data|data not|n/a", re.IGNORECASE)
_MEANING_COLUMN: Final = re.compile(r"descri|meaning|name|definition|says|stands for|what|means")
_GROUNDS: Final = re.compile(
    r"\b(?:when|why|goes|example|scenario|application|applies|condition|guid\w+|with|on)\b|\?$"
)
_USED: Final = re.compile(
    r"\b(?:append\w*|appl(?:y|ies|ied|icable)|add(?:ed|ing)?|attach\w*|use[sd]?|using|report\w*|bill\w*|requires?|require\w*|with|"
    r"goes|tak(?:es?|en)|valid|allow\w*|accept\w*|paid|permit\w*|belongs?)\b",
    re.IGNORECASE,
)
_NOT_USED: Final = re.compile(
    r"\b(?:not|never|n't|cannot|inappropriate|invalid|no|nothing)\b|\bwithout\s+(?:a\s+)?modifier", re.IGNORECASE
)
_YES: Final = re.compile(
    r"\W*(?:yes|allowed|applies|valid|permitted|(?:may|can) be (?:appended|used|added|billed|reported)|used)\b",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"\W*(?:no|never|not (?:allowed|paid|used|valid|applicable|permitted|appended)|invalid|does not apply)\b",
    re.IGNORECASE,
)
_HEDGED: Final = re.compile(
    r"\bsome\s+(?:\w+\s+)?(?:payers|plans)\b|\bif\s+(?:required|requested)\s+by\b|\b(?:perhaps|might|sometimes)\b",
    re.IGNORECASE,
)
_MEANS: Final = re.compile(
    r"\s*(?:(?P<called>modifiers?)\s+)?-?(?P<modifier>[0-9A-Z]{2})\s*(?:\([^()]{0,60}\)\s*)?(?P<how>[:=]|--?(?=\s)"
    r"|(?:means|identifies|indicates|denotes|describes|represents|signifies|designates|signals|marks|says|tells|shows|stands\s+for|"
    r"is\s+(?:for|the|an?|used\s+(?:to|for|when))|reports)\b)\s*(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_VISITS: Final = frozenset({"24", "25", "57"})
"""Modifiers of visits: what is said of them beside a procedure speaks of the visit."""
_THE_VISIT: Final = re.compile(r"\bvisits?\b|\be\s?[/&]\s?m\b|\bevaluation\b|\bconsult|\bcare codes?\b", re.IGNORECASE)
_NEXT: Final = re.compile(
    r"[;,]\s+(?:and\s+)?(?=(?:modifier\s+)?[0-9A-Z]{2}\s*(?:=|:|is\b|means\b|marks\b|identifies\b|for\b))"
)
_EXPLAINS: Final = re.compile(r"^(?:used|appended|added|required|allowed|valid|not)\b", re.IGNORECASE)
_TWO_CODES: Final = re.compile(r"\b(?:both|together|and)\b", re.IGNORECASE)
_ALIKE: Final = 0.5
_NEGATED: Final = re.compile(r"\b(?:not|never|unlike|instead of|rather than|other than)\b")
_OF_SERVICES: Final = frozenset(
    {
        "22",
        "24",
        "25",
        "26",
        "50",
        "51",
        "52",
        "53",
        "57",
        "58",
        "59",
        "62",
        "66",
        "76",
        "77",
        "78",
        "79",
        "80",
        "81",
        "82",
        "TC",
    }
)
_SETTLED: Final = frozenset({"26", "TC", "50"})
"""Modifiers that an indicator settles, for or against."""
_DOES_NOT_APPLY: Final = "does_not_apply"


def is_table(row: Row, facts: Facts) -> bool:
    """The row is one of a table of modifiers."""
    first = row.cells[0].text
    if _CALLED.fullmatch(first):
        return len(row.cells) > 1
    match = _SHAPE.fullmatch(first)
    if match is None or len(row.cells) < 2:  # noqa: PLR2004 - a modifier, and what is said of it
        return False
    if re.search(r"\bmod(?:ifier)?s?\b", f"{row.under(0)} {row.heading}", re.IGNORECASE):
        return True
    return all(not one.isdigit() and facts.modifier_meaning(one) is not None for one in _ONE.findall(match[1]))


def of_row(row: Row, facts: Facts) -> Iterator[Assertion]:
    """What a table row says a modifier means, and that it is used on the page's code."""
    called = _CALLED.fullmatch(row.cells[0].text)
    match = called or _SHAPE.fullmatch(row.cells[0].text)
    if match is None:
        return
    named = _ONE.findall(match[1].upper())
    about = facts.subjects[:1]
    used: Text | None = None
    told = False
    described = any(_MEANING_COLUMN.search(column) for column in row.columns[1:])
    for at, cell in enumerate(row.cells[1:], start=1):
        column = row.under(at)
        if _answer(cell.text) is not None:
            of_column = [found.code for found in procedures(Text(column.upper(), 0)) if facts.is_procedure(found.code)]
            told = True
            yield from _answered(cell, named, tuple(of_column) or about, facts)
        elif _MEANING_COLUMN.search(column) or (
            at == 1 and called is None and not described and not _GROUNDS.search(column)
        ):
            yield from _meaning(cell, named, facts)
        elif used is None and not column.endswith("?"):
            used = cell
    if told:
        return
    if used is None and about:
        used = row.cells[0]
    if used is not None and not _SAYS_NOTHING.search(used.text):
        denied = used is not row.cells[0] and _NOT_USED.search(used.text) is not None
        for modifier in named if row.columns else ():
            yield from _use(used, modifier, facts, about, denied=denied)


def of_cell(cell: Text, column: str, code: str, facts: Facts) -> Iterator[Assertion]:
    """What a cell says of the modifier that its column names, on the code of its row."""
    called = _CALLED.fullmatch(column.strip().upper())
    if called is not None:
        yield from _answered(cell, [called[1]], (code,), facts)


def _answer(text: str) -> bool | None:
    """Yes or no, where a cell says so first."""
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def _answered(cell: Text, named: Sequence[str], codes: tuple[str, ...], facts: Facts) -> Iterator[Assertion]:
    answer = _answer(cell.text)
    if answer is None or (answer and _HEDGED.search(cell.text)):
        return
    for modifier in named:
        if not (modifier in _VISITS and _THE_VISIT.search(cell.text)):
            yield from _use(cell, modifier, facts, codes, denied=not answer, of_answer=True)


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """What a sentence says a modifier means, or else of a modifier on a code."""
    text = spoken.text.text
    if asks(text) or _HEDGED.search(text):
        return
    clauses = _clauses(spoken.text)
    if not spoken.named(facts):
        made = [entry for clause in clauses for entry in _defined(clause, spoken, facts)]
        yield from (moved(entry, spoken.text) if len(clauses) == 1 else entry for entry in made)
        if made:
            return
    named = modifiers(spoken.text)
    if spoken.heading and not named and re.search(r"\bmodifier", spoken.heading, re.IGNORECASE):
        named = _bare(spoken.text, facts)
    if not named or not _USED.search(text):
        return
    denied = bool(_NOT_USED.search(text))
    about = spoken.about(facts)
    own = [found.code for found in spoken.named(facts)]
    for modifier in dict.fromkeys(found.code for found in named):
        if modifier in _VISITS and (not own or _THE_VISIT.search(text)):
            yield from _ground(spoken.text, modifier, about, denied=denied)
            continue
        codes = _carriers(text, modifier, own) or about
        if modifier in _VISITS:
            codes = codes if len(codes) == 1 and not _TWO_CODES.search(text) else ()
        yield from _use(spoken.text, modifier, facts, codes, denied=denied)


def _clauses(text: Text) -> list[Text]:
    """The sentence, cut where it goes on to another modifier."""
    bounds = [0, *(match.end() for match in _NEXT.finditer(text.text)), len(text.text)]
    return [text.part(start, end) for start, end in pairwise(bounds) if text.text[start:end].strip()]


def _defined(clause: Text, spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """What a clause says that the modifier it begins with means."""
    means = _MEANS.match(clause.text)
    if means is None or not _is_modifier(means, spoken, facts) or _EXPLAINS.search(means["said"]):
        return
    said = clause.part(means.start("said"), means.end("said"))
    for entry in _meaning(said, [means["modifier"].upper()], facts):
        place = Text(clause.text.rstrip(" ,;"), clause.start)
        yield moved(entry, place)


def _carriers(text: str, modifier: str, own: Sequence[str]) -> tuple[str, ...]:
    """The code that the sentence says carries the modifier: ``43239-59``, ``59 on 43239``, ``append 59 to 43239``."""
    for code in own:
        if re.search(
            rf"\b{code}-{modifier}\b|\b{modifier}\b[^.;]{{0,30}}?\b(?:on|to|with)\s+(?:cpt\s+|hcpcs\s+|code\s+)*{code}\b",
            text,
            re.IGNORECASE,
        ):
            return (code,)
    return tuple(dict.fromkeys(own)) if len(set(own)) == 1 else ()


def _is_modifier(match: re.Match[str], spoken: Spoken, facts: Facts) -> bool:
    """The two characters a sentence begins with are a modifier, by name, by the heading, or as one that is listed."""
    modifier = match["modifier"]
    if facts.modifier_meaning(modifier.upper()) is None:
        return False
    if match["called"]:
        return True
    if modifier != modifier.upper():
        return False
    if re.search(r"\bmodifier", spoken.heading, re.IGNORECASE):
        return True
    return not modifier.isdigit() and (
        len(match["how"]) == 1 or not re.match(r"is\b", match["how"]) or modifier in _words()
    )


def _bare(text: Text, facts: Facts) -> list[Found]:
    """Modifiers in a sentence under a heading on modifiers."""
    return [
        Found(match[0], Span(text.start + match.start(), text.start + match.end()))
        for match in re.finditer(r"^\s*([0-9A-Z]{2})(?=\s+(?:may|can|is|goes|must|should)\b)", text.text)
        if facts.modifier_meaning(match[1]) is not None
    ]


def _meaning(cell: Text, named: Sequence[str], facts: Facts) -> Iterator[Assertion]:
    """What is said modifiers mean. It is wrong where it is what another modifier means, and not what this one does."""
    if _SAYS_NOTHING.search(cell.text):
        return
    said = cell.text.lower()
    for modifier in named:
        known = facts.modifier_meaning(modifier)
        if known is None:
            continue
        text, citation = known
        groups = _words().get(modifier)
        cited, fact = [citation], f"{modifier}: {text.rstrip('.')}."
        verdict = Judgement.UNVERIFIABLE
        if groups is None:
            verdict = Judgement.SUPPORTED if likeness(said, text) >= _ALIKE else Judgement.UNVERIFIABLE
        elif all(re.search(group, said) for group in groups):
            verdict = Judgement.SUPPORTED
        elif len(named) == 1 and not _NEGATED.search(said) and (other := _another(said, modifier)) is not None:
            verdict = Judgement.CONTRADICTED
            if (meant := facts.modifier_meaning(other)) is not None:
                fact += f" {other}: {meant[0].rstrip('.')}."
                cited.append(meant[1])
        yield assertion(cell, Kind.MODIFIER_MEANING, (modifier,), verdict, fact, cited)


def _another(said: str, modifier: str) -> str | None:
    """Another modifier of which a text says all that it must."""
    return next(
        (
            other
            for other, groups in _words().items()
            if other != modifier and all(re.search(group, said) for group in groups)
        ),
        None,
    )


def _ground(place: Text, modifier: str, codes: tuple[str, ...], *, denied: bool) -> Iterator[Assertion]:
    """A ground for a modifier that is none, whatever the code."""
    use, said = _grounds().get(modifier), place.text.lower()
    if use is None:
        return
    never = "never" in use and re.search(use["never"], said)
    if never or (not denied and re.search(use["wrong"], said) and not re.search(use["right"], said)):
        cited = Citation(use["source"], use["release"], use["locator"], text="in our own words")
        yield assertion(
            place, Kind.MODIFIER_APPLICABILITY, (*codes, modifier), Judgement.CONTRADICTED, f"{use['why']}.", [cited]
        )


def _use(
    place: Text, modifier: str, facts: Facts, codes: tuple[str, ...], *, denied: bool = False, of_answer: bool = False
) -> Iterator[Assertion]:
    refused = list(_ground(place, modifier, codes, denied=denied))
    if refused:
        yield from refused
        return
    for code in codes:
        known = _known(code, modifier, facts)
        if known is None:
            continue
        value, text, citation = known
        applies = value != _DOES_NOT_APPLY
        verdict = Judgement.SUPPORTED if applies is not denied else Judgement.CONTRADICTED
        if denied and applies and not (of_answer and value == "applies" and modifier in _SETTLED):
            # "not with ..." may speak of one use; that the code admits the modifier does not make it wrong.
            verdict = Judgement.UNVERIFIABLE
        fact = f"{modifier} on {code}: {value.replace('_', ' ')}; {text}."
        yield assertion(
            place,
            Kind.MODIFIER_APPLICABILITY,
            (code, modifier),
            verdict,
            fact,
            [citation] if citation is not None else [],
        )


def _known(code: str, modifier: str, facts: Facts) -> tuple[str, str, Citation | None] | None:
    """Whether a modifier applies to a code: applies, does_not_apply or conditional; why, and where it stands."""
    page = facts.modifier(code, modifier)
    if page is not None:
        return str(page.value), page.text, page.citation
    fee = facts.fee(code)
    if fee is not None and fee[0].status_indicator == "M" and not modifier.endswith("P") and modifier in _OF_SERVICES:
        return _DOES_NOT_APPLY, "a measure code has no parts, sides or sessions", fee[1]
    if fee is not None and re.fullmatch(r"\d{4}F", code) and modifier in _OF_SERVICES:
        return _DOES_NOT_APPLY, "a Category II code takes 1P, 2P, 3P and 8P only", fee[1]
    return None


@cache
def _words() -> Mapping[str, list[str]]:
    words: dict[str, list[str]] = _yaml("modifier_words.yaml")
    return words


@cache
def _grounds() -> Mapping[str, dict[str, str]]:
    grounds: dict[str, dict[str, str]] = _yaml("modifier_use.yaml")
    return grounds


def _yaml(name: str) -> Any:
    import yaml  # noqa: PLC0415 - only an audit needs it

    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
