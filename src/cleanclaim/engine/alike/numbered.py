"""What the engine can see of each claim of a table, as numbers: claims with equal numbers are checked alike.

Four numbers tell all of it that a rule or gathering looks at, other claims aside:

* how it is **billed**: payer, providers and form, and every line with its code, modifiers, units, place and days.
  Charges count as none, zero, a cent or more, since no rule looks closer; days by the stretch they lie in
  (:mod:`~cleanclaim.engine.alike.days`) and by how far they lie from each other;
* its **diagnoses** in their order; where no two of them have to do with each other, only what they have in common;
* each **diagnosis** by itself, with the patient's age and sex where these matter to it;
* the **patient** beside each line in the same way.

Where diagnoses decide more of a line than whether it points at them (:class:`~cleanclaim.engine.alike.kinds.Trait`),
they are part of how the claim is billed. What is too seldom, or too intricate, to be told by numbers makes a claim
unusual: it is always checked itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cleanclaim.book.payers import Policies
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

LONGEST_CLAIM: Final = 366
"""Days from the first to the last; over more, the calendar counts in more ways than stretches tell."""
OLDEST: Final = 120 * 366
"""Days: an age that no rule doubts."""
MOST_TOLD: Final = 2
"""Cents: rules tell a charge of a cent from more, and nothing above it."""
INFANT: Final = 10
"""The age of an infant of ``n`` days is told as ``-n`` less this."""
UNBORN: Final = -2
_PROMPT: Final = 360
"""A claim sent within so many days is late for no payer, unless its policy says so."""
_DAYS_OF_MONTH: Final = 28

PAYER: Final = ("payer_id", "payer_name", "filing_indicator", "payer_responsibility", "billing_state")
"""What of a claim tells, with its type, whose it is and by what that payer judges it."""
PLACE: Final = ("bill_type", "billing_taxonomy", "billing_zip", "service_state", "service_zip", "pos")
"""What tells besides to which Medicare contractor it may go."""
NPIS: Final = ("billing_npi", "rendering_npi", "referring_npi", "attending_npi", "service_facility_npi")
"""Of a claim it counts whether they are well formed."""
DATED: Final = ("statement_from", "statement_to", "admission_date")
CODED: Final = ("hcpcs", "pos", "code_system", "revenue_code")
"""What of a line decides, with its modifiers, how the book is asked."""
DIAGNOSIS: Final = ("code", "system", "role")

USUAL_DAYS: Final = range(Date(1900, 1, 1).toordinal(), Date(2100, 1, 1).toordinal())
"""Days of whose quarters and years stretches tell."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of one claim."""

    billed: int
    day: int
    """Its first."""
    diagnoses: int
    diagnosis_day: int
    """The day whose list of diagnoses binds."""
    of_lines: Sequence[int]
    """For each line the number of the patient beside it."""
    of_diagnoses: Sequence[int]
    """For each diagnosis its own number, the patient included."""
    looks_back: bool
    """Claims sent before could tell more of it."""
    payer: int
    """How the payer is named: the place in :attr:`~cleanclaim.engine.alike.kinds.Kinds.told_payers`."""
    begun: int = 0
    """How often numbering had been begun anew when they were given."""


def prompt_days(policies: Policies) -> int:
    """Within so many days of its first service a claim is late for nobody."""
    facts = [fact for policy in policies.by_payer.values() for fact in policy.facts]
    limits = (fact.months * _DAYS_OF_MONTH + fact.days for fact in facts)
    return min([_PROMPT, *filter(None, limits)])


def may_settle(rules: Iterable[LoadedRule]) -> bool:
    """The rules look at nothing that the numbers of a claim do not tell. A plugin's may look at anything."""
    return not any(loaded.origin for loaded in rules)
