"""The ages for which the tabular list has diagnosis codes, where it says so itself.

Titles: Z00.110 is the examination of a newborn under 8 days old, Z00.111 at 8 to 28 days. Notes at Z68: adult codes are
for persons of 20 years or more, pediatric ones for 2 to 19. That chapter 15 is no child's is the custom of the trade
(Medicare's code editor begins at 9 years).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import DiagnosisFacts

_FIRST_WEEK: Final = code_number("Z00110")
_FIRST_WEEK_LAST_DAY: Final = 7
_FIRST_MONTH: Final = code_number("Z00111")
_FIRST_MONTH_LAST_DAY: Final = 28
_LOW_ADULT: Final = code_number("Z681")
_ADULT_FIRST: Final = code_number("Z6820")
_ADULT_LAST: Final = code_number("Z6845")
_CHILD_FIRST: Final = code_number("Z6851")
_CHILD_LAST: Final = code_number("Z6856")
_ADULT_YEARS: Final = 20
_CHILD_YEARS: Final = 2
_MATERNAL_YEARS: Final = 9


def out_of_age(dx: DiagnosisFacts) -> bool:
    """The patient's age is known, and is none for which the code is."""
    code, days, years = dx.code_number, dx.age_days, dx.age_years
    if days < 0 or not dx.is_icd10cm:
        return False
    if code == _FIRST_WEEK:
        return days > _FIRST_WEEK_LAST_DAY
    if code == _FIRST_MONTH:
        return days <= _FIRST_WEEK_LAST_DAY or days > _FIRST_MONTH_LAST_DAY
    if code == _LOW_ADULT or _ADULT_FIRST <= code <= _ADULT_LAST:
        return years < _ADULT_YEARS
    if _CHILD_FIRST <= code <= _CHILD_LAST:
        return years < _CHILD_YEARS or years >= _ADULT_YEARS
    return dx.maternal and years < _MATERNAL_YEARS
