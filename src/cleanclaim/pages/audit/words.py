"""Names compared by their words: titles of diagnoses, specialties, drugs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9]+")
_EMPTY: Final = frozenset(
    "a an and any as at by due for from in into is nor not of on or other others per specified the to type unspecified "
    "with within without which disease diseases disorder disorders condition conditions syndrome nos nec general "
    "code codes provider providers physician physicians specialist specialty services service".split()
)
_SAME: Final = {
    "gerd": "reflux",
    "oesophagus": "esophagus",
    "gastroesophageal": "esophageal",
    "family practice": "family medicine",
    "neoplasm": "tumor",
    "cancer": "tumor",
    "carcinoma": "tumor",
    "malignant": "malign",
    "malignancy": "malign",
    "stricture": "obstruction",
    "strictures": "obstruction",
    "stenosis": "obstruction",
    "narrowing": "obstruction",
    "ulcers": "ulcer",
    "ulceration": "ulcer",
    "hypertension": "pressure",
    "practice": "medicine",
    "surgeon": "surgery",
    "surgical": "surgery",
    "radiologist": "radiology",
    "anesthesiologist": "anesthesiology",
    "gastroenterologist": "gastroenterology",
    "cardiologist": "cardiology",
    "crna": "anesthetist",
    "np": "nurse",
    "orthopaedic": "orthopedic",
    "orthopaedics": "orthopedic",
    "orthopedics": "orthopedic",
    "physiatry": "rehabilitation",
    "physiatrist": "rehabilitation",
    "paediatrics": "pediatrics",
    "renal": "kidney",
    "cardiac": "heart",
    "hepatic": "liver",
    "pulmonary": "lung",
}
_ENDINGS: Final = ("ical", "eal", "ial", "ic", "al", "ies", "es", "s", "y", "us", "um", "is")
_STEM: Final = 5


@lru_cache(maxsize=8192)
def content_words(text: str) -> frozenset[str]:
    """The words of a name that tell it from another: no articles, lower case, cut to their stem."""
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])", "", text.lower())
    words = (_SAME.get(word, word) for word in _WORD.findall(plain))
    return frozenset(_stem(word) for word in words if word not in _EMPTY and (len(word) > 1 or word.isdigit()))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


def likeness(said: str, true: str) -> float:
    """The share of the words of the shorter name that the other has too; 0 where one has no words."""
    one, two = content_words(said), content_words(true)
    return len(one & two) / min(len(one), len(two)) if one and two else 0.0
