"""The words of a question, mistypings mended, and the topics that they stand for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?!\w)")

TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "imaging": tuple(
        "imaging image images fluoroscopy fluoroscopic fluoro ultrasound sonography sonographic sonogram guidance "
        "guided xray radiologic".split()
    ),
    "include": tuple(
        "include includes included including inclusive bundle bundles bundled inherent integral contain "
        "contains packaged part separate separately extra additional additionally".split()
    ),
    "together": tuple(
        "together with alongside beside both combination conjunction combine combined same along addition "
        "pair paired unbundle unbundled unbundling ncci cci ptp edit edits conflict".split()
    ),
    "bill": tuple(
        "bill billed billing bills report reported reporting code coded coding charge charged submit "
        "submitted claim use used using".split()
    ),
    "modifier": tuple("modifier modifiers mod mods append appended".split()),
    "apply": tuple(
        "apply applies applicable appropriate allowed allow permitted valid need needed needs required "
        "require use used using append appended attach put add okay ok fit fits appropriate".split()
    ),
    "addon": tuple("addon addons standalone primary primaries parent base".split()),
    "units": tuple("units unit mue mues quantity qty maximum max many times limit limits often".split()),
    "price": tuple(
        "pay pays paid payment price priced prices reimburse reimburses reimbursed reimbursement allowable "
        "fee fees rate rates cost costs dollars worth amount amt money rvu rvus wrvu wrvus".split()
    ),
    "replace": tuple(
        "replace replaced replaces replacing replacement successor instead supersede superseded crosswalk "
        "substitute succeeded".split()
    ),
    "billable": tuple(
        "billable valid invalid reportable specific payable unspecified specificity vague nonspecific "
        "acceptable complete incomplete "
        "character characters digit digits wrong".split()
    ),
    "diagnosis": tuple("diagnosis diagnoses diag dx icd".split()),
    "support": tuple(
        "support supports supported covered cover covers coverage justify justifies necessity indicated "
        "necessary lcd ncd supporting qualify qualifies qualifying indication indications".split()
    ),
    "authorization": tuple(
        "authorization authorisation authorizations preauthorization preauth precertification precert auth "
        "approval prior authorize authorized preapproval".split()
    ),
    "change": tuple(
        "change changes changed changing update updates updated difference differences latest quarter "
        "quarterly revised revision revisions different differ increase increased decrease decreased".split()
    ),
    "deny": tuple(
        "denied deny denying denial denials denies reject rejected rejection rejecting carc rarc remark remittance "
        "eob era remit".split()
    ),
    "mean": tuple(
        "mean means meaning definition define defined describe describes description stand stands explain "
        "what's".split()
    ),
    "status": tuple("status active inactive bundled noncovered deleted indicator".split()),
    "global": tuple("global globals postop postoperative followup aftercare".split()),
}
_PHRASES: Final = (
    (re.compile(r"add[\s-]*on(?:s)?\b"), " addon "),
    (re.compile(r"x[\s-]ray"), " xray "),
    (re.compile(r"\bu/s\b|\bsono\b"), " ultrasound "),
    (re.compile(r"\bct\b(?!\s+guid)|\bmri\b(?!\s+guid)"), " imaging "),
    (re.compile(r"\bc[\s-]?arm\b"), " fluoroscopy "),
    (re.compile(r"\bmedically unlikely(?: edits?)?"), " mue "),
    (re.compile(r"\bmore than (?:once|twice)\b"), " units "),
    (re.compile(r"\bhow (?:does|is|are) (\w+) change"), r" \1 changed "),
    (re.compile(r"\bpre[\s-]?(auth\w*|cert\w*)"), r" pre\1 "),
    (re.compile(r"\bpost[\s-]?op(\w*)"), r" postop\1 "),
    (re.compile(r"\bstand[\s-]*alone"), " standalone "),
    (re.compile(r"\bfollow[\s-]*up days?"), " followup "),
    (re.compile(r"\bpa\b(?=.*\b(?:required|need|needed|necessary)\b)"), " authorization "),
    (re.compile(r"\bhow much\b"), " price "),
    (re.compile(r"\bhow often\b"), " often "),
    (re.compile(r"\bper day\b|\ba day\b|\bin one day\b"), " units "),
    (re.compile(r"\b(?:ct|us|mri?)[\s-]guid\w+"), " guidance "),
    (re.compile(r"\bmedically necessary\b|\bmedical necessity\b"), " necessity "),
    (re.compile(r"\bwhat (?:is|does|are|s)\b"), " what "),
)
_OF_WORD: Final = {
    word: tuple(topic for topic, words in TOPICS.items() if word in words)
    for words in TOPICS.values()
    for word in words
}
_PLAIN: Final = frozenset(
    "a about after again all also am an and any anyone are as ask at be because been before being but by can "
    "cannot could day did do does doing done during each either else every fee find for from get give given go "
    "going good had has have having he hello help her here hi his how i if in into is it its just know like line "
    "look made make may me medicare might more most much must my name new no not now of off on once one only or "
    "other our out over own patient please procedure question right say see service services shall she should "
    "show so some still such tell than thank thanks that the their them then there these they thing this those "
    "through time to today too under until up us very want was way we were what when where whether which while "
    "who why will without work would year yes you your doctor provider office hospital facility payer insurance "
    "plan cpt hcpcs icd physician schedule schedules drug dos pos asc zip physicians practice someone coder "
    "coders biller correct really actually ever always per both either current currently today's day's january "
    "february march april may june july august september october november december level site sites side place "
    "code codes left right pain joint knee spine lumbar needle injection visit patients reading heading leading".split()
)
_SHORT: Final = 3
_LEAST: Final = 5
_LONG: Final = 8


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a question in lower case, with what is written in several ways written in one."""
    lowered = text.lower()
    for shape, put in _PHRASES:
        lowered = shape.sub(put, lowered)
    return tuple(_WORD.findall(lowered))


@lru_cache(maxsize=4096)
def topics_of(text: str) -> dict[str, int]:
    """How many words of a question stand for each topic; a mistyped word counts for the one it is nearest to."""
    counted: dict[str, int] = {}
    for word in words_of(text):
        for topic in _topics(word):
            counted[topic] = counted.get(topic, 0) + 1
    return counted


@lru_cache(maxsize=16384)
def _topics(word: str) -> tuple[str, ...]:
    known = _OF_WORD.get(word)
    if known is not None:
        return known
    if word in _PLAIN or len(word) < _LEAST:
        return ()
    most = 2 if len(word) >= _LONG else 1
    near = [
        (distance, candidate)
        for candidate in _OF_WORD
        if len(candidate) >= _LEAST
        and abs(len(candidate) - len(word)) <= most
        and candidate[0] == word[0]
        and (distance := mistypings(word, candidate, most)) <= most
    ]
    return _OF_WORD[min(near)[1]] if near else ()


def is_understood(word: str) -> bool:
    """The word stands for a topic, or is a plain word that changes nothing."""
    return len(word) < _SHORT or word in _PLAIN or word.endswith("n't") or bool(_topics(word))


def mistypings(one: str, other: str, most: int) -> int:
    """Letters left out, added, changed, or two beside each other exchanged; more than ``most`` is not counted out."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        last, before, row = before, row, [at]
        for place, wanted in enumerate(other, start=1):
            cost = min(row[-1] + 1, before[place] + 1, before[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
