"""The plain side of the oracles: claims made at random, and what their lines have to do with each other.

Written from RULES.md and the NCCI manual, not from the engine: slow, obvious, without any index or grouping.
Alphabets are small so that lines often meet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.testing.inline import claim_from

DAYS = (dt.date(2026, 7, 14), dt.date(2026, 7, 15), dt.date(2026, 7, 16))
BILLING = ("1992999031", "1992999007")
RENDERING = ("1992999015", "1234567893")
REPEATS = {"59", "XE", "XS", "XP", "XU", "27", "76", "77", "91"}


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value four times in five, so that what is drawn together often meets."""
    return st.sampled_from((usual,) * (4 * len(others) or 1) + others)


def claims_of(
    codes: Sequence[str],
    modifiers: Sequence[str] = (),
    *,
    days: Sequence[dt.date] = DAYS,
    units: Sequence[str] = ("1",),
    charges: Sequence[str] = ("100.00",),
    last_days: Sequence[int] = (0,),
    unit_bases: Sequence[str] = ("UN",),
    taxonomies: Sequence[str] = ("",),
    places: Sequence[str] = ("11",),
    filing: Sequence[str] = ("",),
    most_claims: int = 3,
    most_lines: int = 6,
    alike: bool = False,
) -> st.SearchStrategy[list[Claim]]:
    """Lists of claims whose fields are drawn from few values; ``last_days`` are days after the first.

    ``alike``: one patient, payer, biller and provider, and claims of the first kind: all of it is about the lines.
    """

    def field(*values: str) -> st.SearchStrategy[str]:
        return st.just(values[0]) if alike else mostly(*values)

    line = st.fixed_dictionaries(
        {
            "hcpcs": st.sampled_from(codes),
            "modifiers": st.lists(st.sampled_from(modifiers), max_size=2) if modifiers else st.just([]),
            "service_from": mostly(*days),
            "span": st.sampled_from(last_days),
            "units": st.sampled_from(units),
            "unit_basis": st.sampled_from(unit_bases),
            "charge": st.sampled_from(charges),
            "pos": st.sampled_from(places),
            "rendering_npi": field(*RENDERING),
        }
    )
    claim = st.fixed_dictionaries(
        {
            "form": field("professional", "13", "11"),
            "patient_key": field("one", "two", ""),
            "billing_npi": field(*BILLING),
            "payer_id": field("12345", "67890"),
            "frequency": field("1", "7", "8", ""),
            "original_reference": st.sampled_from(("", "X1")),
            "billing_taxonomy": st.sampled_from(taxonomies),
            "filing_indicator": st.sampled_from(filing),
            "lines": st.lists(line, min_size=most_lines // 2, max_size=most_lines),
        }
    )
    # A claim is often sent again as it is, or nearly so.
    drawn = st.lists(claim, min_size=1, max_size=most_claims)
    again = st.tuples(drawn, st.booleans()).map(lambda pair: [*pair[0], pair[0][0]] if pair[1] else pair[0])
    return again.map(lambda many: [_claim(values, number) for number, values in enumerate(many, start=1)])


def _claim(drawn: dict[str, object], number: int) -> Claim:
    values = dict(drawn)
    form = values.pop("form")
    if form != "professional":
        values |= {"claim_type": "institutional", "bill_type": form}
    lines = []
    for line in drawn["lines"]:  # type: ignore[attr-defined]
        made = dict(line)
        made["service_to"] = made["service_from"] + dt.timedelta(days=made.pop("span"))
        lines.append(made)
    return claim_from(values | {"lines": lines}, claim_id=f"C{number}")


Where = tuple[Claim, ClaimLine]


def every_line(claims: Sequence[Claim]) -> Iterator[Where]:
    """The lines of claims that ask for payment: a void takes an earlier claim back, and only its form matters."""
    for claim in claims:
        for line in claim.lines if claim.frequency != "8" else ():
            yield claim, line


def together(claims: Sequence[Claim], first: Where, second: Where, *, on_one_day: bool = True) -> bool:
    """Two lines of one patient, provider, payer, setting and service date that edits hold against each other."""
    (one, one_line), (two, two_line) = first, second
    if one is not two and (stands_alone(claims, one) or stands_alone(claims, two)):
        return False
    return (
        one.patient_key == two.patient_key
        and provider(one, one_line) == provider(two, two_line)
        and one.payer_id == two.payer_id
        and one.setting == two.setting
        and (one_line.service_from == two_line.service_from or not on_one_day)
    )


def provider(claim: Claim, line: ClaimLine) -> tuple[str, bool]:
    """The rendering provider of a professional line, the hospital of an institutional one; an assistant is apart."""
    assists = bool({"80", "81", "82", "AS"} & set(line.modifiers))
    return (claim.billing_npi if claim.claim_type is ClaimType.INSTITUTIONAL else line.rendering_npi), assists


def stands_alone(claims: Sequence[Claim], claim: Claim) -> bool:
    """Of nobody in particular, sent again, since corrected, or correcting what is not at hand."""
    return (
        not claim.patient_key
        or original_of(claims, claim) is not None
        or superseded(claims, claim)
        or claim.frequency == "8"
        or (claim.frequency == "7" and not any(corrects(claims, claim, other) for other in claims))
    )


def superseded(claims: Sequence[Claim], claim: Claim) -> bool:
    """A later replacement or void is about the claim."""
    return any(corrects(claims, later, claim) for later in claims)


def corrects(claims: Sequence[Claim], later: Claim, claim: Claim) -> bool:
    """The later claim, a replacement or void, is about the earlier one."""
    at, after = (next(n for n, c in enumerate(claims) if c is one) for one in (claim, later))
    if later.frequency not in ("7", "8") or at >= after or not claim.patient_key:
        return False
    fields = ("patient_key", "payer_id", "billing_npi", "claim_type")
    if any(getattr(claim, name) != getattr(later, name) for name in fields):
        return False
    days = [{line.service_from for line in one.lines} | {one.statement_from} - {None} for one in (claim, later)]
    named = later.claim_id == claim.claim_id and bool((days[0] & days[1]) - {None})
    original = claim.frequency not in ("7", "8")
    reference = claim.claim_id if original else claim.original_reference
    return named or (bool(later.original_reference) and later.original_reference == reference)


def original_of(claims: Sequence[Claim], claim: Claim) -> Claim | None:
    """The first earlier claim that the claim repeats as a whole."""
    if not _can_be_duplicate(claim) or superseded(claims, claim):
        return None
    for earlier in claims:
        if earlier is claim:
            return None
        if _can_be_duplicate(earlier) and not superseded(claims, earlier) and same_claim(earlier, claim):
            return earlier
    return None


def _can_be_duplicate(claim: Claim) -> bool:
    says_repeat = [bool(REPEATS & set(line.modifiers)) for line in claim.lines]
    return bool(claim.patient_key) and claim.frequency not in ("7", "8") and not all(says_repeat)


def same_claim(one: Claim, two: Claim) -> bool:
    """Same patient, providers, payer and form, and every line of one is on the other, in whatever order."""
    fields = ("patient_key", "billing_npi", "rendering_npi", "payer_id", "claim_type", "bill_type")
    if any(getattr(one, name) != getattr(two, name) for name in fields):
        return False
    left = list(two.lines)
    for line in one.lines:
        match = next((o for o in left if same_line(line, o) and line.rendering_npi == o.rendering_npi), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def same_line(one: ClaimLine, two: ClaimLine) -> bool:
    """Same code, modifiers, dates, place, revenue code, drug, note, units and charge."""
    fields = (
        "hcpcs", "service_from", "service_to", "pos", "revenue_code", "ndc", "note", "units", "unit_basis", "charge"
    )  # fmt: skip
    return all(getattr(one, name) == getattr(two, name) for name in fields) and sorted(one.modifiers) == sorted(
        two.modifiers
    )


def dollars(line: ClaimLine) -> Decimal:
    return line.charge if line.charge is not None else Decimal(0)
