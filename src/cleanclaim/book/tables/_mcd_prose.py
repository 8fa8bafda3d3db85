"""What can be read off the paragraphs of an article's diagnosis groups, as codes and yes or no; never the text.

The columns of the export do not say to which procedures a group belongs, whether a list is closed, or that a diagnosis
needs another: contractors write that in prose. Only plain wordings are read. Everything else leaves the group open,
so that a rule can say "review" and name the article, but not "denied".
"""

from __future__ import annotations

import re
from typing import Final

from cleanclaim.book.tables._mcd import plain

_HCPCS: Final = r"(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})"
_ICD10CM: Final = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_NOT_A_CODE: Final = re.compile(
    r"\b(?:CR|change request|transmittal|pub\.?|section|article|lcd|ncd)\s*#?\s*[0-9A-Z.-]+", re.IGNORECASE
)
_PROCEDURES: Final = re.compile(
    rf"(?<![0-9A-Z.])({_HCPCS})(?:\s*(?:-|\u2013|\u2014|to|thru|through)\s*({_HCPCS}))?(?![0-9A-Z.]*[0-9A-Z])"
)
_ALL_OTHERS: Final = re.compile(
    r"\b(?:all|any)\b[^.]{0,60}\b(?:not|other than)\b[^.]{0,40}\b(?:listed|specified|included)\b"
    r"|\buse of any\b[^.]{0,40}\bnot listed\b[^.]{0,120}\bdenied\b"
    r"|\ball other\b[^.]{0,30}\b(?:diagnos[ie]s|ICD-10)\b[^.]{0,30}\bdenied\b",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r"\bexcept\b|\bspecific (?:CPT|HCPCS)\b|^\W*for\b|\bindicated above\b", re.IGNORECASE)
_NOTHING: Final = re.compile(r"\W*(?:n\W*a|not applicable|none|non-?covered)?\W*", re.IGNORECASE)
_SECOND: Final = re.compile(
    r"\b(?:must|should|required to|needs? to)\b[^.]{0,80}"
    r"\b(?:billed|reported|coded|submitted|accompanied|used|paired|listed)\b"
    r"[^.]{0,60}\b(?:with|by|together|secondary|in addition|and)\b"
    r"|\b(?:dual|two|both)\b[^.]{0,40}\bdiagnos[ie]s\b|\bboth\b[^.]{0,60}\brequired\b|\bsecondary diagnosis\b"
    r"|\bin (?:addition to|conjunction with|combination with)\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(r"\bstand\W*alone\b", re.IGNORECASE)
_WITH: Final = re.compile(r"\bmust (?:also )?be (?:billed|reported|coded|submitted|used) (?:together )?with\b")
_SENTENCE: Final = re.compile(r"[.;:](?:\s|$)|\*")
_CODE: Final = re.compile(rf"(?<![0-9A-Z.-])({_ICD10CM})(?![0-9A-Z])")


def procedures(paragraph: str) -> str:
    """The procedure codes and ranges (``64642-64647``) that a paragraph names, with a blank between them."""
    text = _NOT_A_CODE.sub(" ", plain(paragraph))
    found = (first if not last else f"{first}-{last}" for first, last in _PROCEDURES.findall(text))
    return " ".join(dict.fromkeys(found))


def closes_the_list(paragraph: str) -> bool:
    """The paragraph of the diagnoses not covered says, without condition, that they are all others."""
    text = plain(paragraph)
    return bool(_ALL_OTHERS.search(text)) and not _CONDITION.search(text)


def says_nothing(paragraph: str) -> bool:
    """Blank, or words for "not applicable"."""
    return bool(_NOTHING.fullmatch(plain(paragraph)))


def wants_another(paragraph: str) -> bool:
    """The paragraph asks for a second diagnosis beside one of its group."""
    text = plain(paragraph)
    return bool(_SECOND.search(text)) and not _ALONE.search(text)


def needed_with(explanation: str) -> str:
    """Pairs of which an explanation says that the first must be billed with one of the second.

    ``G9689:T66XXXA,T66XXXD``, with a blank between pairs; "" where it says so of none in plain words.
    """
    pairs: dict[str, list[str]] = {}
    text = plain(explanation)
    for match in _WITH.finditer(text):
        left = _SENTENCE.split(text[: match.start()])[-1]
        right = _SENTENCE.split(text[match.end() :])[0]
        partners = [code.replace(".", "") for code in _CODE.findall(right)]
        for code in _CODE.findall(left) if partners else ():
            known = pairs.setdefault(code.replace(".", ""), [])
            known += [partner for partner in partners if partner not in known]
    return " ".join(f"{code}:{','.join(partners)}" for code, partners in pairs.items())
