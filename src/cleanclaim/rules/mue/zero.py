"""Codes whose published unit limit is 0."""

from __future__ import annotations

from cleanclaim.rules.cod.COD001 import check as is_unknown
from cleanclaim.rules.cod.COD002 import check as has_ended
from cleanclaim.rules.cod.COD003 import check as is_premature
from cleanclaim.rules.cod.COD004 import check as is_bundled
from cleanclaim.rules.cod.COD005 import check as is_invalid
from cleanclaim.rules.cod.COD006 import check as is_not_covered
from cleanclaim.rules.cod.COD007 import check as is_bundled_supply
from cleanclaim.rules.cod.COD008 import check as is_beside_another
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.modifiers import GY


def charged_at_zero_limit(line: LineFacts) -> bool:
    """The line asks payment for a code of which the edits allow no unit in this setting.

    Not asked for: a line at 0.00 (0.01 where software refuses zero) reports without asking payment, GY asks for the
    denial itself, quality measures are the QLT family's, and where the lists or the fee schedule say why the code is
    not paid, the denial is that of the COD family.
    """
    return (
        line.mue_value == 0
        and line.units_per_day > 0
        and not 0 <= line.charge_cents <= 1
        and not line.is_measure
        and not line.modifiers[GY]
        and not _denied_by_list(line)
        and not _denied_by_status(line)
    )


def _denied_by_list(line: LineFacts) -> bool:
    return is_unknown(line) or has_ended(line) or is_premature(line)


def _denied_by_status(line: LineFacts) -> bool:
    """The status is held against practitioners' claims only."""
    return line.professional and (
        is_bundled(line)
        or is_invalid(line)
        or is_not_covered(line)
        or is_bundled_supply(line)
        or is_beside_another(line)
    )
