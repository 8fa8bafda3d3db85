"""What a new release changes on claims: which findings, which verdicts, which dollars."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from releases_made import BOOK, NEW, OLD, YEAR, claim, fee, gpci

from cleanclaim.engine.impact import parts
from cleanclaim.engine.impact.choose import choose
from cleanclaim.engine.impact.compare import Said, compared
from cleanclaim.engine.impact.model import ClaimImpact, Impact, Kind
from cleanclaim.engine.impact.parts import parts_of
from cleanclaim.engine.impact.run import Question, impact_on_claims, impact_on_files
from cleanclaim.engine.impact.tally import count_claim
from cleanclaim.engine.run import check_claims
from cleanclaim.errors import InputError, UnknownName, UnreadableFile
from cleanclaim.index.pinned import PinnedBook
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import Service
from cleanclaim.pricing.price import price
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Citation, ClaimResult, Finding, Fix, NotChecked, Place, Severity, Verdict
from support.x12 import PAIR, VISIT, Patient, professional


def impact(claims, facts=BOOK, *, old="OLD", new="NEW", locality="", rules=(), **options) -> Impact:
    book = book_from(facts)
    chosen = choose(book.releases, old, new, **options)
    return impact_on_claims(list(claims), Question(book, chosen, select_rules(rules), locality))


def amounts(made):
    """The changed prices by line, in dollars."""
    return {
        (change.claim, line.line): (line.old and str(line.old), line.new and str(line.new))
        for change in made.changes
        for line in change.lines
    }


# --- prices


def test_each_release_is_priced_by_its_own_values_factor_and_indices():
    made = impact([claim("11111", {"hcpcs": "22222", "pos": "22", "units": 2})])
    # (2.00*1 + 1.00*0.9 + 0.10*0.8) * 30 = 89.40; (2.50 + 0.80 + 0.07) * 30 = 101.10
    # 2 * round((1.00 + 0.50*0.9 + 0.08) * 30) = 2 * 45.90; 2 * (0.40 + 0.40 + 0.07) * 30 = 2 * 26.10
    assert amounts(made) == {("C1", 1): ("89.40", "101.10"), ("C1", 2): ("91.80", "52.20")}
    paid = made.paid
    assert (paid.old, paid.new, paid.up, paid.down, paid.net) == tuple(
        map(Decimal, ("181.20", "153.30", "11.70", "39.60", "-27.90"))
    )
    assert (paid.claims, paid.lines, paid.rising, paid.falling, made.paid_otherwise) == (1, 2, 1, 1, 1)
    assert made.located == {"billing_zip": 2}


def test_only_this_source_leaves_the_indices_of_the_claims_own_day():
    made = impact([claim("11111")], only_this_source=True)
    # the claim is of 2026: (2.00 + 1.00*0.8 + 0.10*0.7) * 30 = 86.10
    assert amounts(made) == {("C1", 1): ("86.10", "101.10")}
    assert made.chosen.along == ()


def test_a_line_that_one_release_only_pays_is_counted_apart():
    made = impact([claim("33333"), claim("44444", claim_id="C2", patient_key="other")])
    assert amounts(made) == {("C1", 1): ("59.40", None), ("C2", 1): (None, "56.10")}
    assert (made.paid.gone_lines, made.paid.gone) == (1, Decimal("59.40"))
    assert (made.paid.gained_lines, made.paid.gained) == (1, Decimal("56.10"))
    assert (made.paid.lines, made.paid.net) == (0, 0)
    reasons = [(line.old_reason, line.new_reason) for change in made.changes for line in change.lines]
    assert reasons == [("", "not_on_schedule"), ("not_on_schedule", "")]


def test_nothing_is_allowed_above_the_charge():
    made = impact([claim({"hcpcs": "11111", "charge": "95.00"})])
    assert amounts(made) == {("C1", 1): ("89.40", "95.00")}
    assert made.capped == 1
    both = impact([claim({"hcpcs": "11111", "charge": "50.00"})])
    assert (amounts(both), both.capped, both.paid.old) == ({}, 1, Decimal("50.00"))


def test_a_charge_below_zero_is_no_price_below_zero():
    made = impact([claim({"hcpcs": "11111", "charge": "-50.00"})])
    assert (made.paid.old, made.paid.new) == (0, 0)


@pytest.mark.parametrize(
    ("line", "fields", "reason"),
    [
        ({"hcpcs": "55555"}, {}, "excluded"),
        ({"hcpcs": "11111", "units": None}, {}, "no_units"),
        ({"hcpcs": "11111", "units": "0"}, {}, "no_units"),
        ({"hcpcs": "11111", "units": "1E+20"}, {}, "no_units"),
        ({"hcpcs": "11111", "service_from": None, "service_to": None}, {}, "no_service_date"),
        ({"hcpcs": "11111", "pos": ""}, {}, "no_place_of_service"),
        ({"hcpcs": "11111", "pos": "98"}, {}, "no_place_of_service"),
        ({"hcpcs": "11111", "unit_basis": "MJ", "units": "30"}, {}, "billed_in_minutes"),
        ({"hcpcs": "0101T", "unit_basis": "MJ", "units": "30"}, {}, "billed_in_minutes"),
        ({"hcpcs": "11111", "pos": "24"}, {"billing_taxonomy": "261QA1903X"}, "surgery_center"),
        ({"hcpcs": ""}, {}, "no_procedure"),
        ({"hcpcs": "JANE DOE"}, {}, "no_procedure"),
        ({"hcpcs": "11111"}, {"frequency": "8"}, "void"),
    ],
)
def test_a_line_without_a_price_is_counted_with_its_reason(line, fields, reason):
    made = impact(
        [claim({"hcpcs": "11111", "modifiers": ["25"]}, claim_id="C0", patient_key="p"), claim(line, **fields)]
    )
    assert made.unpriced == {reason: 1}
    assert (made.paid.lines, made.lines) == (1, 2)


def test_a_place_without_a_rate_takes_no_other_lines_price_away():
    made = impact([claim({"hcpcs": "11111", "pos": "98"}, "22222")])
    assert (made.unpriced, made.paid.lines) == ({"no_place_of_service": 1}, 1)


def test_what_was_replaced_or_is_billed_again_does_not_count_twice():
    first = claim("11111", claim_id="A")
    replacement = replace(first, frequency="7", byte=1)
    made = impact([first, replacement])
    assert (made.paid.lines, made.unpriced) == (1, {"replaced": 1})
    again = impact([first, replace(first, claim_id="B", byte=1)])
    assert (again.paid.lines, again.unpriced) == (1, {"repeated": 1})


def test_claims_of_other_types_are_compared_by_findings_only():
    made = impact([claim("11111", claim_type="institutional", bill_type="13"), claim("11111", claim_id="C2")])
    assert made.kinds == {"institutional": 1, "professional": 1}
    assert (made.claims, made.lines, list(amounts(made))) == (2, 1, [("C2", 1)])


def test_lines_of_one_patient_provider_and_day_are_priced_together_whatever_claims_they_are_on():
    facts = BOOK | {
        "mpfs": [
            fee(code, work, release=release, multiple_procedure="2")
            for release in (OLD, NEW)
            for code, work in (("11111", "2.00"), ("22222", "1.00"))
        ]
    }
    one, two = claim("11111", claim_id="A"), claim("22222", claim_id="B", total_charge="1")
    other_day = claim({"hcpcs": "22222", "service_date": dt.date(2026, 7, 16)}, claim_id="B")
    book = book_from(facts)
    day = PinnedBook(book, choose(book.releases, "OLD", "NEW").old_side).as_of(dt.date(2026, 7, 15))
    services = [Service("11111", pos="11"), Service("22222", pos="11")]
    locality = locality_named(day, "10112-00")
    together = price(day, services, locality).total
    apart = sum(price(day, [service], locality).total for service in services)
    assert impact([one, two], facts).paid.old == together
    assert impact([one, other_day], facts).paid.old == apart
    assert impact([one, replace(two, patient_key="other")], facts).paid.old == apart


def test_without_a_held_fee_schedule_each_day_has_its_own_price():
    undated = {"covers_from": None, "covers_to": None}
    facts = BOOK | {
        "mue": [{"hcpcs": "11111", "mue_value": 9, "release": side} for side in (OLD, NEW)],
        "pos": [{"pos": "11", "release": undated}],
    }
    days = (dt.date(2025, 11, 3), dt.date(2026, 7, 15))
    claims = [
        claim({"hcpcs": "11111", "service_date": day}, claim_id=str(day), patient_key=str(day), billing_zip="")
        for day in days
    ]
    made = impact(claims, facts, source="ncci-mue-practitioner")
    assert (made.paid.old, made.paid.new) == (Decimal("201.00"), Decimal("201.00"))  # 93.00 and 108.00


def test_lines_of_a_claim_stand_in_their_order_and_under_who_rendered_them():
    earlier, later = dt.date(2026, 7, 1), dt.date(2026, 7, 2)
    first = claim({"hcpcs": "11111", "service_date": earlier}, claim_id="A")
    lines = [{"hcpcs": "22222", "service_date": later}, {"hcpcs": "22222", "service_date": earlier}]
    made = impact([first, claim(*lines, claim_id="B")])
    assert list(amounts(made)) == [("A", 1), ("B", 1), ("B", 2)]
    assert list(made.by_provider) == [first.rendering_npi] != [first.billing_npi]


# --- places


def test_the_place_is_the_services_zip_code_then_the_billers_then_the_one_given_then_none():
    facts = BOOK | {
        "gpci": [
            gpci(work, "1.000", "1.000", YEAR[side], locality)
            for side in YEAR
            for locality, work in (("00", "1.000"), ("01", "2.000"), ("02", "3.000"))
        ],
        "zip_locality": [
            {"zip_code": code, "state": "AL", "carrier": "10112", "locality": locality}
            for code, locality in (("35203", "00"), ("35204", "01"))
        ],
    }
    for fields, locality, how, allowed in (
        ({"service_zip": "35204"}, "10112-02", "service_zip", "153.00"),
        ({"service_zip": "99999"}, "10112-02", "billing_zip", "93.00"),
        ({"billing_zip": ""}, "10112-02", "given", "213.00"),
        ({"billing_zip": "99999"}, "", "national", "93.00"),
    ):
        made = impact([claim("11111", **fields)], facts, locality=locality)
        assert (made.located, made.paid.old) == ({how: 1}, Decimal(allowed))


def test_claims_of_one_day_at_two_places_are_each_priced_at_their_own():
    facts = BOOK | {
        "gpci": [
            gpci(work, "1.000", "1.000", YEAR[side], locality)
            for side in YEAR
            for locality, work in (("00", "1.000"), ("01", "2.000"))
        ],
        "zip_locality": [
            {"zip_code": code, "state": "AL", "carrier": "10112", "locality": locality}
            for code, locality in (("35203", "00"), ("35204", "01"))
        ],
    }
    claims = [
        claim("11111", claim_id="A"),
        claim("22222", claim_id="B", service_zip="35204"),
        claim("11111", claim_id="C", service_zip="35204", patient_key="other"),
    ]
    made = impact(claims, facts)
    assert [old for old, _ in amounts(made).values()] == ["93.00", "93.00", "153.00"]
    assert made.located == {"service_zip": 2, "billing_zip": 1}


def test_a_place_that_one_release_does_not_know_is_used_for_neither():
    facts = BOOK | {
        "gpci": [gpci("5.000", "1.000", "1.000", YEAR["old"]), gpci("1.000", "1.000", "1.000", YEAR["new"], "07")]
    }
    made = impact([claim("11111")], facts)
    assert (made.located, made.paid.old, made.paid.new) == ({"national": 1}, Decimal("93.00"), Decimal("108.00"))


def test_a_locality_that_is_none_is_refused_before_anything_is_compared():
    with pytest.raises(InputError, match="10112-99"):
        impact([], locality="10112-99")


# --- findings


def test_a_code_the_new_release_drops_is_denied_and_one_it_brings_is_not_any_more():
    made = impact([claim("33333"), claim("44444", claim_id="C2", patient_key="other")])
    told = [
        (change.claim, finding.kind, finding.told.rule)
        for change in made.changes
        for finding in change.findings
        if finding.told.rule == "COD001"
    ]
    assert told == [("C1", Kind.APPEARS, "COD001"), ("C2", Kind.VANISHES, "COD001")]
    rule = made.by_rule["COD001"]
    assert (rule.appears, rule.vanishes, rule.claims) == (1, 1, 2)
    assert (rule.at_risk_appearing, rule.at_risk_vanishing) == (900, 900)
    assert (rule.allowed_appearing, rule.allowed_vanishing) == (0, 0)
    assert made.checked_otherwise == 2


def test_a_finding_with_other_words_changes():
    facts = {
        "mue": [{"hcpcs": "11111", "mue_value": limit, "release": of} for limit, of in ((2, OLD), (1, NEW))],
        "mpfs": [{"hcpcs": "11111"}],
    }
    made = impact([claim({"hcpcs": "11111", "units": 3})], facts)
    (change,) = made.changes
    (finding,) = change.findings
    assert finding.kind is Kind.CHANGES
    assert finding.old.message != finding.new.message
    assert finding.old.rule == finding.new.rule
    assert finding.new.citations[0].release == "NEW"
    assert made.by_rule[finding.new.rule].at_risk_appearing == 0
    assert (made.old_at_risk, made.new_at_risk) == (900, 900)


def test_a_limit_that_is_lowered_denies_with_dollars_and_a_verdict():
    facts = {
        "mue": [{"hcpcs": "11111", "mue_value": limit, "release": of} for limit, of in ((4, OLD), (1, NEW))],
        "mpfs": [fee("11111", "2.00", release={})],
        "pos": [{"pos": "11"}],
    }
    made = impact([claim({"hcpcs": "11111", "units": 3})], facts, rules=["MUE"])
    (change,) = made.changes
    assert [finding.kind for finding in change.findings] == [Kind.APPEARS]
    assert change.new_verdict is Verdict.DENIED
    assert change.old_verdict is not Verdict.DENIED
    rule = made.by_rule[change.findings[0].told.rule]
    assert (rule.at_risk_appearing, rule.allowed_appearing) == (900, Decimal("279.00"))
    assert (made.old_at_risk, made.new_at_risk) == (0, 900)
    assert amounts(made) == {}  # a limit is no price


def test_a_modifier_that_ended_between_two_lists_is_found_under_the_new_one_only():
    ended = {"hcpcs": "X9", "kind": "modifier", "valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2026, 3, 31)}
    facts = {"hcpcs": [ended | {"release": OLD}, ended | {"release": NEW}], "mpfs": [{"hcpcs": "11111"}]}
    day = dt.date(2026, 2, 1)
    made = impact([claim({"hcpcs": "11111", "modifiers": ["X9"], "service_date": day})], facts)
    (change,) = made.changes
    assert [finding.kind for finding in change.findings] == [Kind.APPEARS]
    after = claim({"hcpcs": "11111", "modifiers": ["X9"], "service_date": dt.date(2026, 8, 1)})
    rules = {finding.rule for finding in check_claims([after], book_from(facts)).findings}
    assert change.findings[0].told.rule in rules


@pytest.mark.parametrize("day", [dt.date(2025, 3, 1), dt.date(2025, 11, 1), dt.date(2026, 8, 1)])
def test_a_pair_is_opened_whatever_the_day_of_the_claim(day):
    other = {"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}
    facts = {
        "ptp": [
            other | {"valid_to": dt.date(2020, 1, 1), "release": OLD},
            other | {"valid_from": None, "release": NEW},
        ],
        "mpfs": [{"hcpcs": "11111"}, {"hcpcs": "22222"}],
    }
    lines = [{"hcpcs": code, "service_date": day} for code in ("11111", "22222")]
    made = impact([claim(*lines)], facts)
    assert [(finding.kind, finding.told.rule) for change in made.changes for finding in change.findings] == [
        (Kind.APPEARS, "PTP001")
    ]


def test_what_a_part_of_a_release_does_not_tell_is_no_change():
    pair = {"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}
    facts = {
        "ptp": [pair | {"release": OLD}, pair | {"column_one": "44444", "release": NEW | {"whole": False}}],
        "mpfs": [{"hcpcs": code} for code in ("11111", "22222", "44444")],
    }
    made = impact([claim("11111", "22222")], facts)
    assert made.findings == {Kind.APPEARS: 0, Kind.VANISHES: 0, Kind.CHANGES: 0, Kind.CANNOT_TELL: 1}
    assert (made.checked_otherwise, made.cannot_tell) == (0, 1)
    assert (made.old_at_risk, made.new_at_risk) == (0, 0)
    assert any("NEW speaks only for a part" in note for note in made.notes)
    told = impact([claim("22222", "44444")], facts)
    assert told.findings[Kind.CANNOT_TELL] == 1  # the old list never heard of 44444 in a pair, so says nothing of it
    assert [change.cannot_tell for change in told.changes] == [True]


def test_a_code_younger_than_a_list_is_told_of_by_the_other_alone():
    facts = {
        "mue": [{"hcpcs": "22222", "mue_value": 1, "release": OLD}, {"hcpcs": "11111", "mue_value": 1, "release": NEW}],
        "mpfs": [{"hcpcs": "11111"}],
    }
    made = impact([claim({"hcpcs": "11111", "units": 3})], facts)
    assert (made.findings[Kind.CANNOT_TELL], made.findings[Kind.APPEARS]) == (1, 0)
    (change,) = made.changes
    assert (change.cannot_tell, made.checked_otherwise) == (True, 0)


def told(rule="PTP001", line=1, *, gaps=(), findings=None, **fields):
    """What a release says of a claim: one finding, or those given."""
    one = Finding(
        rule, "name", Severity.DENY, "C1", line, "Said.", Fix("look", "review", "Look."), Place("f"), **fields
    )
    result = ClaimResult("C1", "f", Verdict.DENIED, tuple(NotChecked(at, what, "why") for at, what in gaps))
    return Said(result, (one,) if findings is None else findings)


def kinds(old, new, *, whole=True):
    return [change.kind for change in compared(old, new, whole=whole)]


def test_a_gap_of_one_side_leaves_open_its_family_on_that_line_and_of_a_part_everything():
    nothing = told(findings=())
    assert kinds(told(), nothing) == [Kind.VANISHES]
    for gap, whole, kind in (
        ((1, "PTP"), True, Kind.CANNOT_TELL),
        ((None, "PTP"), True, Kind.CANNOT_TELL),
        ((2, "PTP"), True, Kind.VANISHES),
        ((1, "MUE"), True, Kind.VANISHES),
        ((2, "PTP"), False, Kind.CANNOT_TELL),
        ((2, "MUE"), False, Kind.CANNOT_TELL),
    ):
        assert kinds(told(), told(findings=(), gaps=[gap]), whole=whole) == [kind]
        mirrored = Kind.APPEARS if kind is Kind.VANISHES else kind
        assert kinds(told(findings=(), gaps=[gap]), told(), whole=whole) == [mirrored]
    both = [(1, "PTP")]
    assert kinds(told(gaps=both), told(findings=(), gaps=both)) == [Kind.VANISHES]
    assert kinds(told(gaps=both), told(findings=(), gaps=both), whole=False) == [Kind.CANNOT_TELL]
    assert kinds(told(gaps=[(3, "MUE")]), nothing, whole=False) == [Kind.CANNOT_TELL]


def test_findings_on_other_codes_are_others_and_equal_ones_no_change():
    assert kinds(told(codes=("1",)), told(codes=("2",))) == [Kind.APPEARS, Kind.VANISHES]
    assert kinds(told(), told(amount_at_risk=Decimal(1))) == [Kind.CHANGES]
    assert kinds(told(), told(citations=(Citation("s", "r", "l"),), allowed_at_risk=Decimal(2))) == []
    twice = told(findings=(*told().findings, *told(amount_at_risk=Decimal(5)).findings))
    assert kinds(twice, told(amount_at_risk=Decimal(5))) == [Kind.VANISHES]
    assert kinds(told(), told(), whole=False) == []


def test_of_several_findings_of_a_rule_on_the_whole_claim_the_largest_amount_counts():
    findings = tuple(
        told(line=None, codes=(code,), amount_at_risk=Decimal(amount)).findings[0]
        for code, amount in (("A", 100), ("B", 300), ("C", 200))
    )
    made = Impact(chosen())
    new = told(findings=findings)
    count_claim(made, told().result, new.result, compared(told(findings=()), new, whole=True), ())
    assert made.by_rule["PTP001"].at_risk_appearing == 300
    assert (made.by_rule["PTP001"].appears, made.by_rule["PTP001"].claims) == (3, 1)


@pytest.mark.parametrize(
    ("old", "new", "cannot_tell", "otherwise"),
    [
        (Verdict.NOT_CHECKED, Verdict.CLEAN, True, False),
        (Verdict.CLEAN, Verdict.NOT_CHECKED, True, False),
        (Verdict.STALE, Verdict.CLEAN, False, True),
        (Verdict.CLEAN, Verdict.CLEAN, False, False),
        (Verdict.NOT_CHECKED, Verdict.NOT_CHECKED, False, False),
    ],
)
def test_a_verdict_that_moves_for_want_of_a_check_is_no_change(old, new, cannot_tell, otherwise):
    change = ClaimImpact("C1", "f", "", old, new, Decimal(0), Decimal(0))
    assert (change.cannot_tell, change.checked_otherwise) == (cannot_tell, otherwise)


def test_findings_under_a_release_are_those_of_a_book_with_no_other():
    """A second way to the same answer: a book that holds one release alone, issued for the claims' own quarter."""
    claims = [claim("11111", "33333", "44444", {"hcpcs": "55555", "units": 3})]
    book = book_from(BOOK)
    for name, side in (("OLD", OLD), ("NEW", NEW)):
        rows = [{**row, "release": {"release": name}} for row in BOOK["mpfs"] if row["release"] is side]
        alone = check_claims(claims, book_from(BOOK | {"mpfs": rows}))
        held = check_claims(claims, PinnedBook(book, [entry for entry in book.releases if entry.release == name]))
        assert [(finding.rule, finding.line, finding.message) for finding in held.findings] == [
            (finding.rule, finding.line, finding.message) for finding in alone.findings
        ]
        assert [result.verdict for result in held.claims] == [result.verdict for result in alone.claims]


# --- properties

CODES = ("11111", "22222", "33333", "44444", "55555", "99999", "")
LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(CODES),
        "units": st.sampled_from(["1", "2", "0", None]),
        "pos": st.sampled_from(["11", "22", ""]),
        "charge": st.sampled_from(["900.00", "20.00", None]),
        "service_date": st.sampled_from([dt.date(2025, 11, 3), dt.date(2026, 4, 1), dt.date(2026, 7, 15)]),
    }
)
CLAIMS = st.lists(
    st.tuples(st.lists(LINES, min_size=1, max_size=3), st.sampled_from(["p", "q", ""]), st.sampled_from("17")),
    max_size=5,
).map(
    lambda drawn: [
        replace(claim(*lines, claim_id=f"C{at}", patient_key=patient, frequency=frequency), byte=at)
        for at, (lines, patient, frequency) in enumerate(drawn)
    ]
)
ALIKE = BOOK | {"mpfs": [fee(code, "1.00", release=release) for release in (OLD, NEW) for code in CODES[:4]]}


@settings(max_examples=60)
@given(CLAIMS)
def test_the_other_way_round_everything_is_mirrored(claims):
    forth, back = impact(claims), impact(claims, old="NEW", new="OLD")
    assert (forth.paid.old, forth.paid.new, forth.paid.up) == (back.paid.new, back.paid.old, back.paid.down)
    assert (forth.paid.gone, forth.paid.gone_lines) == (back.paid.gained, back.paid.gained_lines)
    assert forth.findings[Kind.APPEARS] == back.findings[Kind.VANISHES]
    assert forth.verdicts == {(old, new): count for (new, old), count in back.verdicts.items()}
    assert (forth.old_at_risk, forth.new_at_risk) == (back.new_at_risk, back.old_at_risk)


@settings(max_examples=60)
@given(CLAIMS)
def test_releases_that_say_the_same_change_nothing(claims):
    made = impact(claims, ALIKE, only_this_source=True)
    assert made.changes == []
    assert (made.paid.moved, made.checked_otherwise, made.cannot_tell) == (0, 0, 0)
    assert made.claims == len(claims)


@settings(max_examples=60)
@given(CLAIMS)
def test_every_line_is_counted_once_and_the_totals_add_up(claims):
    made = impact(claims)
    paid = made.paid
    assert made.lines == sum(len(claim.lines) for claim in claims)
    assert made.lines == paid.lines + paid.gone_lines + paid.gained_lines + sum(made.unpriced.values())
    assert paid.net == paid.up - paid.down
    for totals in (made.by_code, made.by_provider, made.by_payer):
        for figure in ("lines", "old", "new", "up", "down", "gone", "gained"):
            assert sum(getattr(total, figure) for total in totals.values()) == getattr(paid, figure)
    for kind, count in made.findings.items():
        assert sum(getattr(rule, kind) for rule in made.by_rule.values()) == count
    assert sum(made.verdicts.values()) == made.claims == len(claims)


# --- which releases


def chosen(old="OLD", new="NEW", facts=BOOK, **options):
    return choose(book_from(facts).releases, old, new, **options)


def test_the_indices_of_the_same_time_go_along_and_are_named():
    made = chosen()
    assert [(old.release, new.release) for old, new in made.along] == [("G25", "G26")]
    assert made.notes == ()
    assert chosen(only_this_source=True).along == ()


def test_where_one_of_the_indices_is_not_loaded_none_goes_along_and_it_is_said():
    made = chosen(facts=BOOK | {"gpci": BOOK["gpci"][1:]})
    assert made.along == ()
    assert made.notes == (
        "No release of mpfs-gpci is loaded for the time of OLD: it stays as on each claim's own day.",
    )


def test_of_releases_with_one_name_the_whole_one_is_taken():
    part = {"hcpcs": "77777", "release": OLD | {"whole": False}}
    made = chosen(facts=BOOK | {"mpfs": [part, *BOOK["mpfs"]]})
    assert made.old.whole
    assert made.notes == ()


def test_of_several_that_cover_the_time_the_latest_goes_along():
    july = YEAR["old"] | {"release": "G25b", "covers_from": dt.date(2025, 7, 1)}
    made = chosen(facts=BOOK | {"gpci": [gpci("1.100", "1.000", "1.000", july), *BOOK["gpci"]]})
    assert [old.release for old, _ in made.along] == ["G25b"]


@pytest.mark.parametrize(
    ("old", "new", "options", "error", "said"),
    [
        ("OLD", "OLD", {}, InputError, "both OLD"),
        ("OLD", "RVU99", {}, UnknownName, "--new RVU99: no such release of mpfs-rvu is loaded. Loaded are NEW, OLD"),
        ("RVU99", "NEW", {}, UnknownName, "--old RVU99: no such release of mpfs-rvu is loaded"),
        ("RVU98", "RVU99", {}, UnknownName, "--old RVU98: no such release is loaded"),
        ("OLD", "G26", {}, InputError, "--old OLD is of mpfs-rvu and --new G26 of mpfs-gpci"),
        ("OLD", "NEW", {"source": "mpfs-gpci"}, UnknownName, "no such release of mpfs-gpci is loaded. Loaded are G25"),
        ("OLD", "NEW", {"source": "carc"}, UnknownName, "--source carc: nothing of it is loaded"),
    ],
)
def test_releases_that_cannot_be_compared_are_refused_with_those_there_are(old, new, options, error, said):
    with pytest.raises(error) as raised:
        chosen(old, new, **options)
    assert said in str(raised.value)


def test_names_that_several_sources_have_need_the_source():
    facts = BOOK | {"mue": [{"hcpcs": "11111", "mue_value": 1, "release": side} for side in (OLD, NEW)]}
    with pytest.raises(InputError, match=r"releases of mpfs-rvu, ncci-mue-practitioner: say which with --source"):
        chosen(facts=facts)
    assert chosen(facts=facts, source="ncci-mue-practitioner").source == "ncci-mue-practitioner"


# --- many claims


def test_a_patients_claims_are_never_parted(monkeypatch):
    monkeypatch.setattr(parts, "CLAIMS_OF_A_PART", 3)
    claims = [claim("11111", claim_id=f"C{at}", patient_key=key) for at, key in enumerate("abcaabdd" + "e")]
    claims.append(claim("11111", claim_id="alone", patient_key=""))
    made = list(parts_of(claims))
    assert len(made) > 1
    assert sorted(place for part in made for place, _ in part) == list(range(len(claims)))
    homes = {}
    for number, part in enumerate(made):
        for _, entry in part:
            assert homes.setdefault(entry.patient_key, number) == number
    assert list(parts_of([])) == []


@settings(max_examples=40)
@given(CLAIMS)
def test_how_claims_are_parted_changes_nothing(claims):
    whole = impact(claims)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "CLAIMS_OF_A_PART", 1)
        assert impact(claims) == replace(whole, chosen=impact([]).chosen)


@pytest.fixture
def files(tmp_path):
    whole = "".join(
        professional((f"{PAIR[0]}{at}", PAIR[1]), VISIT, patient=Patient(member=f"M{at % 5}")) for at in range(12)
    )
    good, bad = tmp_path / "claims.837", tmp_path / "bad.837"
    good.write_text(whole, encoding="utf-8")
    bad.write_text(whole.replace("CLM*", "CLM**", 1), encoding="utf-8")
    return [good, bad]


def test_large_input_is_compared_as_in_memory_and_leaves_nothing_on_disk(files, tmp_path, monkeypatch, starter_book):
    question = Question(starter_book, choose(starter_book.releases, "2024Q3", "2026Q2", source="ncci-mue-practitioner"))
    in_memory = impact_on_files(files, question)
    monkeypatch.setattr(parts, "LARGE", 0)
    before = sorted(tmp_path.iterdir())
    on_disk = impact_on_files(files, question, beside=tmp_path)
    assert on_disk == in_memory
    assert sorted(tmp_path.iterdir()) == before
    assert in_memory.claims_in == in_memory.claims + in_memory.rejected
    assert in_memory.rejected > 0


def test_the_folder_of_large_input_is_removed_when_the_comparison_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LARGE", 0)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UnreadableFile), parts.opened([str(tmp_path / "no-such.837")], None, tmp_path) as (_, claims):
        list(claims)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_compared(files, tmp_path, starter_book):
    question = Question(starter_book, choose(starter_book.releases, "2024Q3", "2026Q2", source="ncci-mue-practitioner"))
    made = impact_on_files([*files, tmp_path / "no-such.837"], question)
    assert len(made.unusable) == 1
    assert made.claims > 0
    with pytest.raises(UnreadableFile):
        impact_on_files([tmp_path / "no-such.837"], question)
