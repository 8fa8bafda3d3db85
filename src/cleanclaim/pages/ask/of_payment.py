"""Answers on money, payers and changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.book.payers.model import Kind
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.pages.ask.desk import Desk, Reply
from cleanclaim.pricing.locality import locality_named, locality_of_zip
from cleanclaim.pricing.model import Service
from cleanclaim.pricing.price import price as price_of
from cleanclaim.types import Citation, State, format_money

_OFFICE, _FACILITY = "11", "22"


def price(desk: Desk) -> Reply:
    """What does Medicare allow for the codes, in the place named or nationally, in both settings or the one named?"""
    try:
        where = (
            locality_of_zip(desk.day, desk.named.zip_code)
            if desk.named.zip_code
            else locality_named(desk.day, "national")
        )
    except InputError as error:
        return Reply("no data", str(error), known=False)
    services = [
        Service(
            code, tuple(desk.named.of_code.get(code, ())) or tuple(desk.named.modifiers), desk.named.units or Decimal(1)
        )
        for code in desk.named.codes
    ]
    places = [desk.named.pos] if desk.named.pos else [_OFFICE, _FACILITY]
    said_of: list[str] = []
    amounts: list[str] = []
    several = len(services) > 1
    citations: list[Citation] = []
    spoken_of = False
    for pos in places:
        try:
            made = price_of(desk.day, services, where, pos=pos)
        except InputError as error:
            return Reply("no data", str(error), known=False)
        citations += made.citations
        for line in made.lines:
            name = line.service.name
            spoken_of |= line.reason_key != "no_data"
            if line.allowed is None:
                said_of.append(f"{name} has no national price: {line.reason}.")
            else:
                amounts.append(f"{name} {format_money(line.allowed)}" if several else format_money(line.allowed))
                said_of.append(f"{name} at a {line.rate} place: ${format_money(line.allowed)}.")
    place = f"in {where.name} ({where.code})" if where.mac else "nationally, before any local index"
    text = f"Medicare allows, {place}, for services on {desk.date}: {' '.join(dict.fromkeys(said_of))}"
    answer = " / ".join(dict.fromkeys(amounts)) or "no national price"
    return Reply(answer, " ".join([text, *where.notes]), tuple(dict.fromkeys(citations)), known=spoken_of)


def authorization(desk: Desk) -> Reply:
    """Does the payer want a prior authorization for the code?"""
    payer, codes = desk.named.payer, desk.named.codes
    if not payer:
        return Reply(
            "no data", "Which payer? Name one, such as Aetna, Cigna, UnitedHealthcare or Medicare.", known=False
        )
    try:
        policies = desk.book.policies.find(payer).policies
    except UnknownName as error:
        return Reply("no data", str(error), known=False)
    facts = [
        (policy, fact)
        for policy in policies
        for fact in policy.facts
        if fact.kind is Kind.PRIOR_AUTHORIZATION
        and fact.in_force(desk.date)
        and (not codes or any(fact.codes.covers(code) for code in codes))
    ]
    if not facts:
        of = f" for {', '.join(codes)}" if codes else ""
        text = (
            f"The policies at hand of {policies[0].name} say nothing of a prior authorization{of}; that is no sign "
            "that none is needed."
        )
        return Reply("no data", text, known=False)
    text = " ".join(f"{policy.name}: {fact.text}" for policy, fact in facts)
    return Reply("yes", text, tuple(fact.citation(policy.payer) for policy, fact in facts))


_COMPARED: Final = (
    ("mpfs-rvu", "the physician fee schedule"),
    ("mpfs-gpci", "the practice cost indices"),
    ("ncci-ptp-practitioner", "the procedure pairs"),
    ("ncci-mue-practitioner", "the unit limits"),
    ("ncci-aoc", "the add-on edits"),
    ("hcpcs", "HCPCS Level II"),
    ("icd10cm", "ICD-10-CM"),
)


_OF_A_CODE: Final = _COMPARED[:1] + _COMPARED[3:4]
"""What the page of a code compares."""


def changes(desk: Desk) -> Reply:
    """What changed between the releases that are loaded: of a code, or of every table that has two whole ones."""
    if desk.named.codes:
        section = desk.section(desk.code, "changes")
        return _unchanged(desk) if section.state is State.NOT_APPLICABLE else desk.of_section(section, "changed")
    parts: list[str] = []
    citations: list[Citation] = []
    for source, name in _COMPARED:
        told = _between_releases(desk, source, name)
        if told is not None:
            parts.append(told[0])
            citations.append(told[1])
    if not parts:
        text = "No source has two whole releases loaded that could be compared. 'cleanclaim data update' loads more."
        return Reply("no data", text, known=False)
    return Reply("see the counts", f"{' '.join(parts)} 'cleanclaim data diff' lists each change.", tuple(citations))


def _unchanged(desk: Desk) -> Reply:
    """Nothing changed in the tables that are loaded twice; where the fee schedule is not, that is no answer."""
    same, once = [], []
    citations: list[Citation] = []
    for source, name in _OF_A_CODE:
        releases = sorted(
            {entry.release: entry for entry in desk.book.releases if entry.source == source}.values(),
            key=lambda entry: str(entry.covers_from),
        )
        if len(releases) > 1:
            span = f"{releases[0].release} to {releases[-1].release}"
            same.append(f"{name} ({span})")
            citations.append(Citation(source, releases[-1].release, span))
        else:
            once.append(name)
    text = f"Of {desk.code} nothing changed in {' and '.join(same)}."
    if once:
        text += f" Of {' and '.join(once)} fewer than two releases are loaded, so a change there would not be seen."
    return Reply("no data" if once else "nothing", text, tuple(citations), known=not once)


def _between_releases(desk: Desk, source: str, name: str) -> tuple[str, Citation] | None:
    """The counts between the two last whole releases of a source that begin by the day asked for."""
    from cleanclaim.book.diff import compare  # noqa: PLC0415 - only this question compares whole tables

    store = desk.book.store
    dated = [
        (release.covers_from, release)
        for release in desk.book.releases
        if release.source == source
        and release.whole
        and not release.starter
        and release.covers_from is not None
        and release.covers_from <= desk.date
    ]
    whole = [release for _, release in sorted(dated, key=lambda entry: entry[0])[-2:]]
    if store is None or len(whole) < 2:  # noqa: PLR2004 - a comparison needs two
        return None
    old, new = whole
    counts = compare(store, old, new).counts
    text = (
        f"In {name} from {old.release} to {new.release}: {counts.added:,} added, {counts.ended:,} ended, "
        f"{counts.changed:,} changed."
    )
    return text, Citation(source, new.release, f"{old.release} to {new.release}", new.covers_from, new.covers_to)
