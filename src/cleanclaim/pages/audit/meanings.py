"""Statements on what a procedure code is: in a table of related codes, or where a sentence says what it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cleanclaim.pages.audit.blocks import Row, Text, asks
from cleanclaim.pages.audit.codes import procedures
from cleanclaim.pages.audit.concepts import concepts, conflicts, in_common
from cleanclaim.pages.audit.facts import Facts
from cleanclaim.pages.audit.labels import topic_of
from cleanclaim.pages.audit.model import Assertion, Judgement, Kind
from cleanclaim.pages.audit.spoken import Spoken, assertion
from cleanclaim.pages.audit.words import content_words, likeness
from cleanclaim.types import Citation

_DESCRIBES: Final = re.compile(
    r"\s*(?:\(\w[^)]{0,40}\)\s*)?(?:code\s+)?(?:is\s+(?:used\s+(?:to\s+\w+|for)|defined\s+as|the\s+code\s+for|for\b|an?\b"
    r"|the\b(?!\s+(?:correct|right|only|most|best|add-on|base|code\b)))|=|"
    r"describes?|denotes?|represents?|covers?|refers\s+to|reports?|stands\s+for|means|as:|:|--?)\s+"
    r"|\s+is\s+(?!(?:\w+ly|\w+ed|\w+able|\w+ible|not|never|no|also|always|often|paid|part|the|fine|done|in|on|at|to|one|only|its|"
    r"without|with|subject|integral|wrong|right|correct|more|less|too|still|now|that|what|where|when|free|new|due)\b)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"\"([^\"]{12,})\"")
_CLAUSE_END: Final = re.compile(r",\s+(?:with\s+the\s+option|which\s+is|where|when)|;|\.\s")
_NEAR: Final = 40
"""How far a neighbour of a Level II code may stand off in number."""
_MOST_WORDS: Final = 0.75
_HALF: Final = 0.5
"""The shares of words two texts have in common: where each adds words of its own, and where only one does."""
_LEAST_WORDS: Final = 4
_ADDITIONAL: Final = re.compile(r"each additional|additional (?:level|lesion|unit|minutes)|add-on", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|mcg|ml|units?|gm|g)\b", re.IGNORECASE)
_TELLING_COLUMN: Final = re.compile(r"\b(?:region|level|approach|site|anatom\w*|modality|patient|joint|device|scope)\b")
_LEVEL_TWO: Final = re.compile(r"[A-Z]\d{4}")


def is_table(row: Row) -> bool:
    """The row's first cell is a procedure code, and more stands beside it."""
    found = procedures(row.cells[0])
    return bool(found) and found[0].code == row.cells[0].text.upper() and len(row.cells) > 1


def named(cell: Text, code: str, facts: Facts) -> Assertion | None:
    """What a cell says a code is."""
    return _judged(cell, code, facts, is_name=True)


def _term(spoken: Spoken, facts: Facts) -> str | None:
    """The code that is the whole of the line above, as a list of definitions has it."""
    headed = spoken.headed(facts)
    return headed[0] if headed and spoken.heading.strip(" :").upper() == headed[0] and not spoken.before else None


def of_row(row: Row, places: Sequence[int], facts: Facts) -> Iterator[Assertion]:
    """What the cells of a row at ``places`` say its code is, the first by name; a wrong idea of it in the others."""
    code = row.cells[0].text.upper()
    for at in places:
        cell = row.cells[at]
        column = row.under(at)
        said = f"{cell.text} {column}" if column and topic_of(column) is None else cell.text
        made = (
            _judged(cell, code, facts, is_name=at == places[0] or _TELLING_COLUMN.search(column) is not None, said=said)
            if cell.text
            else None
        )
        if made is not None:
            yield made


def judge(spoken: Spoken, facts: Facts) -> Iterator[Assertion]:
    """What a sentence says the code it begins with describes."""
    text = spoken.text.text
    if asks(text):
        return
    if (term := _term(spoken, facts)) is not None and not spoken.named(facts):
        made = _judged(spoken.text, term, facts, is_name=True)
        if made is not None and made.verdict is not Judgement.UNVERIFIABLE:
            yield made
        return
    for found in spoken.named(facts):
        after = text[found.span.end - spoken.text.start :]
        if (said := _described(after)) is None:
            continue
        made = _judged(Text(said.text, found.span.end + said.start), found.code, facts, is_name=True)
        if made is not None:
            yield made
        return


def _described(after: str) -> Text | None:
    """What stands after a code as its description: what is quoted of it, else up to the end of the clause."""
    quoted = _QUOTED.search(after)
    if quoted is not None and len(content_words(quoted[1])) >= _LEAST_WORDS:
        return Text(quoted[1], quoted.start(1))
    match = _DESCRIBES.match(after)
    if match is None or _QUOTED.search(after):
        return None
    rest = after[match.end() :]
    end = _CLAUSE_END.search(rest)
    said = rest[: end.start()] if end else rest.rstrip(".")
    return Text(said, match.end()) if said.strip() else None


def _judged(place: Text, code: str, facts: Facts, *, is_name: bool, said: str = "") -> Assertion | None:
    """What a place says of a code: its text, or ``said`` where its column adds to it."""
    known = facts.meaning(code)
    if known is None:
        return None
    own, citation = known
    kind = Kind.DEFINITION if code in facts.subjects else Kind.RELATED_CODE_MEANING
    fact, cited = f"{code}: {own.rstrip('.')}.", [citation]
    verdict, more = _verdict(said or place.text, own, code, facts, is_name=is_name)
    if verdict is not Judgement.CONTRADICTED and not is_name:
        return None
    return assertion(place, kind, (code,), verdict, fact + more[0], [*cited, *more[1]])


def _verdict(
    said: str, own: str, code: str, facts: Facts, *, is_name: bool
) -> tuple[Judgement, tuple[str, list[Citation]]]:
    nothing: tuple[str, list[Citation]] = ("", [])
    apart = conflicts(said, own, of_imaging=facts.is_the_imaging(code)) if is_name else _of_another_act(said, own)
    if apart:
        return Judgement.CONTRADICTED, nothing
    if is_name and _ADDITIONAL.search(said) and not _ADDITIONAL.search(own):
        fee = facts.fee(code)
        if (
            fee is not None
            and fee[0].global_days not in {"ZZZ", "XXX", "YYY"}
            and facts.day.add_on(code).known is False
        ):
            return Judgement.CONTRADICTED, (" It is no add-on code.", [fee[1]])
    if is_name and (imaging := _imaging(said, code, facts)) is not None:
        return Judgement.CONTRADICTED, ("", imaging)
    if _LEVEL_TWO.fullmatch(code):
        return _level_two(said, own, code, facts), nothing
    return (Judgement.SUPPORTED if in_common(said, own) else Judgement.UNVERIFIABLE), nothing


def _of_another_act(said: str, own: str) -> bool:
    """A remark beside the name speaks of another act than the code's: billed for dilations, where it resects."""
    return "action" in conflicts(said, own)


def _imaging(said: str, code: str, facts: Facts) -> list[Citation] | None:
    """Where it stands that a code is with imaging, of one said to be without, or the reverse; else None."""
    told = concepts(said).get("imaging", frozenset())
    known = facts.imaging(code)
    if len(told) != 1 or known is None or known.citation is None or facts.is_the_imaging(code):
        return None
    apart = {"without imaging": "included", "with imaging": "without"}
    return [known.citation] if known.value == apart[next(iter(told))] else None


def _level_two(said: str, own: str, code: str, facts: Facts) -> Judgement:
    """CMS's text of a Level II code: another drug, another amount of it, or what a neighbour's text says."""
    like = likeness(said, own)
    amounts = {(figure, unit.lower().rstrip("s")) for figure, unit in _NUMBER.findall(own)}
    told = {(figure, unit.lower().rstrip("s")) for figure, unit in _NUMBER.findall(said)}
    if amounts and told and not amounts & told:
        return Judgement.CONTRADICTED
    if _neighbour(said, own, code, facts):
        return Judgement.CONTRADICTED
    if not like:
        return Judgement.CONTRADICTED if amounts and told else Judgement.UNVERIFIABLE
    ours, theirs = content_words(own), content_words(said)
    least = _MOST_WORDS if ours - theirs and theirs - ours else _HALF
    return Judgement.SUPPORTED if like >= least else Judgement.UNVERIFIABLE


def _neighbour(said: str, own: str, code: str, facts: Facts) -> bool:
    """A code near this one is all that is said, and this one is not."""
    words = content_words(said)
    if not words or words <= content_words(own):
        return False
    number = int(code[1:])
    for other in range(max(number - _NEAR, 0), min(number + _NEAR, 9999) + 1):
        answer = facts.day.hcpcs(f"{code[0]}{other:04}")
        if other != number and answer.known and words <= content_words(answer.fact.description or ""):
            return True
    return False
