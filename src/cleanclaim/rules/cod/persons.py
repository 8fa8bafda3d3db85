"""The ages and the sex for which procedure codes are, by their numbers.

Facts of the published code sets (ages) and of anatomy (sex), known by the custom of the trade: rules that rest on them
are never more than review. Codes that are both sexes' in part (pelvic organs, intersex surgery, sperm washing) are left
out.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number, is_of_digits
from cleanclaim.rules.facts import CodeKind, LineFacts, Sex


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    """``"59000-59899 G0101"`` as the numbers of each range's first and last code."""
    bounds = (part.split("-") for part in text.split())
    return tuple((code_number(first), code_number(last[0] if last else first)) for first, *last in bounds)


_NEONATE_DAYS: Final = 28
_OF_NEONATES: Final = _ranges("54160 99468-99469 99477")
_AFTER_28_DAYS: Final = _ranges("54161 99471-99472")
_BY_YEARS: Final = tuple(
    (first, last, youngest, oldest)
    for text, youngest, oldest in (
        ("99381 99391", 0, 0),
        ("99382 99392", 1, 4),
        ("99383 99393", 5, 11),
        ("99384 99394", 12, 17),
        ("99385 99395", 18, 39),
        ("99386 99396", 40, 64),
        ("99387 99397", 65, 200),
        ("99471-99472", 0, 2),  # through 24 months: until the third birthday nothing is said
        ("99475-99476", 2, 5),
        ("42820 42825 42830 42835", 0, 11),
        ("42821 42826 42831 42836", 12, 200),
        ("49491-49501 36555 36557 36560 36568 36570 36572", 0, 4),
        ("49505-49507 36556 36558 36561 36569 36571 36573", 5, 200),
        ("90460-90461", 0, 18),
    )
    for first, last in _ranges(text)
)
"""First and last code, and the ages in whole years: preventive visits, critical care of children, tonsils and adenoids,
inguinal hernias, central venous access, counseling at vaccination."""
_OF_SOME_AGE: Final = (*_OF_NEONATES, *_AFTER_28_DAYS, *((first, last) for first, last, _, _ in _BY_YEARS))

_OF_MEN: Final = _ranges(
    "52441-52442 52450 52601 52630 52640 52648-52649 52700 53850-53854 54000-55899 84152-84154 G0102-G0103"
)
"""Prostate, penis, testis, scrotum, cord, vesicles; prostate-specific antigen and its screening."""
_OF_WOMEN: Final = _ranges(
    "56405-58322 58340-58999 59000-59899 76801-76828 76830-76831 88141-88155 88164-88167 88174-88175 "
    "G0101 G0123-G0124 G0141-G0148 P3000-P3001 Q0091"
)
"""Vulva, vagina, uterus, ovary, pregnancy and delivery, their ultrasound; smears of the cervix and vagina."""


def _of_digits_or_level_two(line: LineFacts) -> bool:
    """5-digit CPT, or HCPCS Level II: 0111A, a vaccine's, lies between numbers of digits alone."""
    return line.code_kind == CodeKind.LEVEL_II or is_of_digits(line.code_kind, line.code_number)


def _within(number: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    for first, last in ranges:  # noqa: SIM110 - a plain loop is what a compiler can read too
        if first <= number <= last:
            return True
    return False


def of_another_age(line: LineFacts) -> bool:
    """The patient's age on the first day of service is known, and is none for which the code is."""
    number = line.code_number
    if not _within(number, _OF_SOME_AGE) or not _of_digits_or_level_two(line):  # the code first: see engine/asking
        return False
    years = line.age_years
    if years < 0:
        return False
    days = line.service_day - line.birth_day
    if days > _NEONATE_DAYS and _within(number, _OF_NEONATES):
        return True
    if days <= _NEONATE_DAYS and _within(number, _AFTER_28_DAYS):
        return True
    for first, last, youngest, oldest in _BY_YEARS:
        if first <= number <= last and (years < youngest or years > oldest):
            return True
    return False


def of_the_other_sex(line: LineFacts) -> bool:
    """The patient's sex is known, and the code is of the other."""
    number = line.code_number
    men, women = _within(number, _OF_MEN), _within(number, _OF_WOMEN)
    if not (men or women) or not _of_digits_or_level_two(line):
        return False
    return men if line.patient_sex == Sex.FEMALE else women and line.patient_sex == Sex.MALE
