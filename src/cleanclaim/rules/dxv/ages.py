"""The ages for which the tabular list, or Medicare's code editor, has diagnosis codes.

Titles: Z00.110 is the examination of a newborn under 8 days old, Z00.111 at 8 to 28 days. Notes: Z00.12- is for a child
over 28 days old; at Z68, adult codes are for persons of 20 years or more, pediatric ones for 2 to 19. Medicare's code
editor, read second-hand, takes pregnancy from 9 to 64 years, the routine examination of adults (Z00.0-) from 15 and
that of children (Z00.12-) to 17; screening of children under Medicaid goes on to 20, so nothing is said before 21.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import DiagnosisFacts

_FIRST_WEEK: Final = code_number("Z00110")
_FIRST_WEEK_LAST_DAY: Final = 7
_FIRST_MONTH: Final = code_number("Z00111")
_FIRST_MONTH_LAST_DAY: Final = 28
_OF_CHILD: Final = (code_number("Z00121"), code_number("Z00129"))
_OF_CHILD_LAST_YEAR: Final = 20
_OF_ADULT: Final = (code_number("Z0000"), code_number("Z0001"))
_OF_ADULT_YEARS: Final = 15
_LOW_ADULT: Final = code_number("Z681")
_ADULT_FIRST: Final = code_number("Z6820")
_ADULT_LAST: Final = code_number("Z6845")
_CHILD_FIRST: Final = code_number("Z6851")
_CHILD_LAST: Final = code_number("Z6856")
_ADULT_YEARS: Final = 20
_CHILD_YEARS: Final = 2
_MATERNAL_YEARS: Final = 9
_MATERNAL_LAST_YEAR: Final = 64


def out_of_age(dx: DiagnosisFacts) -> bool:
    """The patient's age is known, and is none for which the code is."""
    if dx.age_days < 0 or not dx.is_icd10cm:
        return False
    if dx.maternal:
        return dx.age_years < _MATERNAL_YEARS or dx.age_years > _MATERNAL_LAST_YEAR
    return _examined_at_another_age(dx) or _measured_at_another_age(dx)


def _examined_at_another_age(dx: DiagnosisFacts) -> bool:
    code, days, years = dx.code_number, dx.age_days, dx.age_years
    if code == _FIRST_WEEK:
        return days > _FIRST_WEEK_LAST_DAY
    if code == _FIRST_MONTH:
        return days <= _FIRST_WEEK_LAST_DAY or days > _FIRST_MONTH_LAST_DAY
    if code in _OF_CHILD:
        return days <= _FIRST_MONTH_LAST_DAY or years > _OF_CHILD_LAST_YEAR
    return code in _OF_ADULT and years < _OF_ADULT_YEARS


def _measured_at_another_age(dx: DiagnosisFacts) -> bool:
    code, years = dx.code_number, dx.age_years
    if code == _LOW_ADULT or _ADULT_FIRST <= code <= _ADULT_LAST:
        return years < _ADULT_YEARS
    return _CHILD_FIRST <= code <= _CHILD_LAST and (years < _CHILD_YEARS or years >= _ADULT_YEARS)


def said_by_tabular_list(dx: DiagnosisFacts) -> bool:
    """It is the tabular list that has the code for another age, not Medicare's code editor alone."""
    if dx.maternal or dx.code_number in _OF_ADULT:
        return False
    return dx.code_number not in _OF_CHILD or dx.age_days <= _FIRST_MONTH_LAST_DAY
