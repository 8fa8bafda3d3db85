"""Claims settled by those before them are told what the engine says of them, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from alike.lane import Lane, Said, differing
from alike.twins import APART, DAY, TOGETHER, TWINS, Together, Twins, made_book

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.claims.stable import patient_number
from cleanclaim.claims.table import ClaimTable
from cleanclaim.claims.table_layout import CLAIM, DIAGNOSIS, LINE
from cleanclaim.engine.alike import company, settle
from cleanclaim.engine.alike.keys import Keyed, Keys
from cleanclaim.engine.alike.kinds import Kinds, Trait
from cleanclaim.engine.alike.numbered import may_settle
from cleanclaim.engine.alike.tabular import keys_of
from cleanclaim.engine.history import Before, notes_before
from cleanclaim.engine.payers import notes_on_payers
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules, select_rules

COUNTS = frozenset("claim.line_count claim.diagnosis_count claim.kept claim.first_line claim.first_diagnosis".split())
"""What makes the records a table."""
NEVER_LOOKED_AT = frozenset(
    """
    claim.claim_id claim.file claim.segment claim.byte line.control_number line.byte line.ndc_units
    line.ndc_units_scale line.ndc_unit_basis diagnosis.present_on_admission diagnosis.byte
    """.split()
)
"""Neither a rule nor gathering looks at them in a claim by itself; the numbers leave them out."""
ONLY_OF_CHANGES = frozenset({"claim.frequency", "claim.original_reference"})
"""Looked at in claims that replace or take back others, which are never told without a check."""
OF_NO_RULE = frozenset({"claim.rendering_npi", "claim.total_charge_scale"})
"""The numbers tell them; no rule of ours has asked so far, or the same is told otherwise."""


@pytest.fixture(scope="module")
def book() -> OpenBook:
    return made_book()


def rules_of(made: Twins | Together) -> tuple[LoadedRule, ...]:
    return select_rules(made.rules) if made.rules else tuple(all_rules())


def taught(twins: Twins, book: OpenBook) -> Lane:
    """A lane that has seen the first of two twins."""
    lane = Lane(book, rules_of(twins))
    lane.check([twins.first("before"), *twins.others()])
    return lane


def seen_alone(made: Together, book: OpenBook) -> Lane:
    """A lane that has seen claims each of which is of a patient of its own."""
    lane = Lane(book, rules_of(made))
    lane.check(made.alone("before"))
    return lane


# --- one claim


@pytest.mark.parametrize("twins", TWINS, ids=str)
def test_a_claim_of_which_something_else_is_said_is_checked_itself(twins: Twins, book: OpenBook) -> None:
    lane = taught(twins, book)
    claims = [twins.first("again"), twins.second("other")]
    again, other = expected = lane.engine(claims)
    assert again[1] == ()
    assert other[1] or replace(other[0], claim="") != replace(again[0], claim="")
    assert differing(claims, lane.check(claims), expected) == []
    assert (0 in lane.settled) is not twins.unusual


def is_missed(lane: Lane, claims: list[Claim]) -> bool:
    """Something else is told of some of the claims than the engine says."""
    return bool(differing(claims, lane.check(claims), lane.engine(claims)))


def without(column: str, table: ClaimTable) -> ClaimTable:
    """The same claims, whose records all say the same in one field."""
    made = table.take(np.arange(len(table)))
    records, _, name = column.partition(".")
    rows = {"claim": made.claim_rows, "line": made.line_rows, "diagnosis": made.diagnosis_rows}[records]
    rows[name] = DAY.toordinal() if name in {"service_from", "service_to"} else 0
    return made


COLUMNS = sorted({column for twins in TWINS if not twins.unusual for column in twins.columns})


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - COUNTS - ONLY_OF_CHANGES - OF_NO_RULE))
def test_a_field_that_the_numbers_left_out_would_be_missed(
    column: str, book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(keyed: Keyed, table: ClaimTable) -> Keys:
        return keys_of(keyed, without(column, table))

    monkeypatch.setattr(settle, "keys_of", blind)
    concerned = [twins for twins in TWINS if column in twins.columns]
    assert any(is_missed(taught(twins, book), [twins.second("other")]) for twins in concerned)


def test_every_field_of_a_claim_is_told_apart_or_left_out_for_a_reason() -> None:
    records = {"claim": CLAIM, "line": LINE, "diagnosis": DIAGNOSIS}
    every = {f"{name}.{column}" for name, record in records.items() for column in record.names or ()}
    assert every - set(COLUMNS) == (COUNTS | NEVER_LOOKED_AT | ONLY_OF_CHANGES | OF_NO_RULE) - set(COLUMNS)


# --- claims of one patient


@pytest.mark.parametrize("made", TOGETHER, ids=str)
def test_claims_of_one_patient_that_have_to_do_with_each_other_are_checked_together(
    made: Together, book: OpenBook
) -> None:
    lane = seen_alone(made, book)
    again = made.alone("again")
    assert differing(again, lane.check(again), lane.engine(again)) == []
    assert lane.settled == {at for at, claim in enumerate(again) if claim.frequency == "1"}
    claims = made.of_one(made.name)
    expected = lane.engine(claims)
    assert any(findings for _, findings in expected)
    assert differing(claims, lane.check(claims), expected) == []
    backwards = [*reversed(claims)]
    assert differing(backwards, lane.check(backwards), lane.engine(backwards)) == []


@pytest.mark.parametrize("made", APART, ids=str)
def test_claims_of_one_patient_that_have_nothing_to_do_with_each_other_need_no_check(
    made: Together, book: OpenBook
) -> None:
    lane = seen_alone(made, book)
    claims = made.of_one(made.name)
    assert differing(claims, lane.check(claims), lane.engine(claims)) == []
    assert len(lane.settled) == len(claims)


@pytest.mark.parametrize(
    ("name", "less"),
    [
        ("_NEIGHBOURS", 0),
        ("LONGEST_GLOBAL_DAYS", 89),
        ("ANTEPARTUM_DAYS", 249),
        ("OF_TEN_DAYS", 9),
        ("_UNTIL_NEW", 999),
    ],
)
def test_companies_of_fewer_days_would_be_missed(
    name: str, less: int, book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, name, less)
    assert any(is_missed(seen_alone(made, book), made.of_one(made.name)) for made in TOGETHER)


def test_claims_of_a_patient_seen_before_are_all_checked(book: OpenBook) -> None:
    first, *_ = TWINS
    lane = taught(first, book)
    claims = [first.first("seen before"), first.first("never seen")]
    known = patient_number(claims[0].patient_key)
    said: dict[int, Said] = {}
    assert list(lane.settle(claims, said, {known}).rows) == [1]
    assert list(said) == [0]


@pytest.mark.parametrize("trait", list(Trait), ids=lambda trait: trait.name)
def test_a_trait_that_no_line_had_would_be_missed(
    trait: Trait, book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    traits = Kinds.traits

    def lacking(kinds: Kinds, claim: Claim, line: ClaimLine) -> int:
        return traits(kinds, claim, line) & ~int(trait)

    monkeypatch.setattr(Kinds, "traits", lacking)
    assert any(is_missed(seen_alone(made, book), made.of_one(made.name)) for made in TOGETHER) or any(
        is_missed(taught(twins, book), [twins.second("other")]) for twins in TWINS
    )


def test_diagnoses_that_were_never_related_would_be_missed(book: OpenBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kinds, "related", lambda *_: False)
    of_several = [twins for twins in TWINS if len(twins.second("other").diagnoses) > 1]
    missed = {twins.name for twins in of_several if is_missed(taught(twins, book), [twins.second("other")])}
    assert missed == {"diagnosis twice", "diagnosis that excludes another", "diagnosis after its cause"}


# --- what is told of them


def test_what_is_counted_of_settled_claims_is_what_a_report_on_them_says(book: OpenBook) -> None:
    usual = [twins for twins in TWINS if not twins.unusual]
    claims = [twins.first(f"{twins.name} {turn}") for turn in range(2) for twins in usual]
    lane = Lane(book)
    lane.check(claims[: len(claims) // 2])
    later = claims[len(claims) // 2 :]
    settled = lane.settle(later)
    assert len(settled.rows) > len(later) / 2
    told = [later[row] for row in settled.rows]
    report = check_claims(told, book)
    assert settled.lines == report.lines
    assert settled.verdicts() == Counter(result.verdict for result in report.claims)
    assert report.notes == (
        *notes_before(Before(looks_back=settled.looks_back), frozenset({"GLO"}), with_history=False),
        *notes_on_payers(settled.unpolicied(), book.policies),
    )


def test_rules_of_a_plugin_are_asked_of_every_claim() -> None:
    own = tuple(all_rules())
    assert may_settle(own)
    assert not may_settle([*own, replace(own[0], origin="somebody 1.0")])
