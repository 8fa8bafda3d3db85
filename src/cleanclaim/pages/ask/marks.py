"""The modifiers and the denial codes that a question names; both are easily taken for words, ages or diagnoses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cleanclaim.rules.modifiers import KNOWN_TO_RULES

_TWO: Final = r"[0-9A-Za-z]{2}"
_MODIFIERS: Final = re.compile(
    rf"\bmod(?:ifi?er)?s?\b\.?[\s:#-]*({_TWO}\b(?:(?:\s*[,/&+]\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+)-?{_TWO}\b)*)",
    re.IGNORECASE,
)
_BEFORE_THE_WORD: Final = re.compile(rf"(?<![\w.])-?({_TWO})\s+mod(?:ifi?er)?s?\b", re.IGNORECASE)
_LOOSE: Final = re.compile(
    rf"(?<![\w.$#'-])-?({_TWO})(?![\w.%'/-]|\s*(?:years?|yrs?|y/?o|days?|weeks?|months?|hours?|hrs?|min|minutes?|"
    r"units?|times?|visits?|lines?|levels?|percent|mg|ml|patients?|claims?|codes?|injections?|x)\b)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"(?:\bx|\bage|\baged|\bpos|\bqty|\bquantity|\blast|\bnext|\bpast|\bever?y)\s*$", re.IGNORECASE
)
_WORDS: Final = frozenset(
    "AD AM AN AS AT BE BY CC CO DO DR DX ED ER EX FT FY GA GO GP GT HE HI HR ID IF IN IS IT IV LA LL LM LP MD ME MN MR "
    "MS MY NH NO NP OF OH OK ON OP OR OT PA PI PT QA SO ST TO TX UK UN UP US VS WE YO".split()
)
"""Two letters that are words, states or abbreviations far more often than modifiers."""
_SPOKEN_OF: Final = frozenset({"AS", "AT", "GO", "GA", "GP", "GT", "AD", "CO", "LM"})
"""Of these, the modifiers: taken behind the word "modifier", or written large in a question that is not."""
_AFTER_MODIFIER: Final = re.compile(
    r"\s*(?:$|[?.,;!)]|(?:on|with|to|for)?\s*,|(?:appl|valid|allow|mean|work|fit|stand|do|go)\w*\b|modifier\b|on\s+(?:a|an)\b)",
    re.IGNORECASE,
)
"""What follows a modifier, where a word would be followed by more of its sentence."""

_REASON: Final = re.compile(
    r"(?<![\w-])(?:(?:CO|PR|OA|PI)\s?[-:#]?\s?|(?:carc|reason|reason code|denial code|denial reason|denial|"
    r"rejection code|rejection|"
    r"adjustment|adjustment code)\s*(?:code)?\s*[-:#]?\s*)((?:[0-9]{1,3}|[ABDPWY][0-9]{1,2}))(?![\w.]*\w)",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(
    r"(?<![\w.-])(?:rarc|remark(?:\s*code)?)?\s*#?\b((?:MA?|N)[0-9]{1,3})(?!\w|\.\w)", re.IGNORECASE
)


def modifiers_named(text: str, *, beside_a_code: bool) -> list[str]:
    """The modifiers, each once: behind or before the word, or alone in a question that names a code."""
    found: dict[str, None] = {}
    loud = text.upper() == text

    def take(match: re.Match[str]) -> str:
        kept = [
            part for part in re.finditer(_TWO + r"\b", match[1]) if _spoken_of(part, text, match.start(1), loud=loud)
        ]
        for part in kept:
            found[part[0].upper()] = None
        return " " * len(match[0]) if kept else match[0]

    text = _BEFORE_THE_WORD.sub(take, _MODIFIERS.sub(take, text))
    if beside_a_code or found:
        for match in _LOOSE.finditer(text):
            if _stands_alone(match, text, loud=loud):
                found[match[1].upper()] = None
    return list(found)


def borne_modifiers(written: str) -> list[str]:
    """The modifiers that a dash joins to a code; a word behind a dash, as in "20610 - is it", is none."""
    parts = re.findall(rf"(\s?)-(\s?)({_TWO})", written)
    return [name.upper() for before, after, name in parts if not ((before or after) and name.upper() in _WORDS)]


def _spoken_of(part: re.Match[str], text: str, start: int, *, loud: bool) -> bool:
    """Whether two characters beside the word "modifier" are one."""
    name = part[0].upper()
    if name in _WORDS:
        large = part[0].isupper() and not loud
        return name in _SPOKEN_OF and (large or _AFTER_MODIFIER.match(text, part.end() + start) is not None)
    return name in KNOWN_TO_RULES or not name.isalpha()


def _stands_alone(match: re.Match[str], text: str, *, loud: bool) -> bool:
    """Whether two characters by themselves are a modifier."""
    name = match[1].upper()
    if name not in KNOWN_TO_RULES or _COUNTED.search(text[: match.start()]):
        return False
    if name in _WORDS:
        large = match[1].isupper() and not loud
        return name in _SPOKEN_OF and large and _AFTER_MODIFIER.match(text, match.end()) is not None
    return True


def denials_named(text: str, is_remark: Callable[[str], bool]) -> tuple[list[str], str]:
    """The adjustment reason and remark codes, without their group, and the text without them.

    ``is_remark`` decides for what has the shape of a remark code, as N20 and M80 are also headings of diagnoses.
    """
    found: dict[str, None] = {}

    def reason(match: re.Match[str]) -> str:
        found[match[1].upper().lstrip("0") or "0"] = None
        return " "

    def remark(match: re.Match[str]) -> str:
        code = match[1].upper()
        if not found and not is_remark(code):
            return match[0]
        found[code] = None
        return " "

    text = _REMARK.sub(remark, _REASON.sub(reason, text))
    return list(found), text
