"""Claims and book brought together: which lines meet, and what is known of each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import DAY, released

from cleanclaim.claims.model import ClaimType
from cleanclaim.engine.convert import cents, npi_state, ordinal
from cleanclaim.engine.gather import gather
from cleanclaim.engine.work import Work
from cleanclaim.rules.facts import CodeKind, CodeState, DxState, NpiState
from cleanclaim.testing.inline import NPI, book_from, claim_from
from cleanclaim.types import Setting, dotted

OTHER_NPI = "1992999023"
PAIR = {"ptp": [{"column_one": "11111", "column_two": "22222"}], "mue": [{"hcpcs": "11111", "mue_value": 1}]}


def met(*claims: dict[str, Any], book: dict[str, Any] | None = None) -> set[tuple[str, int, str, int]]:
    """Which lines meet in a pair: claim and line of Column One, claim and line of Column Two."""
    return {
        (pair.one.claim.claim.claim_id, pair.one.line.line_no, pair.two.claim.claim.claim_id, pair.two.line.line_no)
        for pair in gathered(*claims, book=book).pairs
    }


def gathered(*claims: dict[str, Any], book: dict[str, Any] | None = None) -> Work:
    made = [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(claims, start=1)]
    return gather(made, book_from(book or PAIR))


def one(code: str = "11111", **values: Any) -> dict[str, Any]:
    line = {"hcpcs": code} | {name: values.pop(name) for name in ("service_date", "modifiers") if name in values}
    return {"lines": [line | values.pop("line", {})]} | values


# --- which lines meet


def test_two_lines_of_one_claim_meet_in_either_order():
    assert met({"lines": [{"hcpcs": "11111"}, {"hcpcs": "22222"}]}) == {("C1", 1, "C1", 2)}
    assert met({"lines": [{"hcpcs": "22222"}, {"hcpcs": "11111"}]}) == {("C1", 2, "C1", 1)}


def test_lines_of_two_claims_of_one_patient_provider_payer_and_day_meet():
    assert met(one("11111"), one("22222")) == {("C1", 1, "C2", 1)}
    assert met(one("22222"), one("11111")) == {("C2", 1, "C1", 1)}


@pytest.mark.parametrize(
    "other",
    [
        {"patient_key": "another"},
        {"payer_id": "99999"},
        {"service_date": DAY + dt.timedelta(days=1)},
        {"rendering_npi": OTHER_NPI},
        {"line": {"rendering_npi": OTHER_NPI}},
        {"line": {"code_system": "ER"}},
        {"line": {"service_from": None}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_lines_do_not_meet_across(other):
    assert met(one("11111"), one("22222", **other)) == set()


def test_claims_that_name_no_patient_never_meet_and_each_is_looked_at_alone():
    assert met(one("11111", patient_key=""), one("22222", patient_key="")) == set()
    both = {"patient_key": "", "lines": [{"hcpcs": "11111"}, {"hcpcs": "22222"}]}
    assert met(both, both) == {("C1", 1, "C1", 2), ("C2", 1, "C2", 2)}


def test_claims_of_two_settings_do_not_meet():
    outpatient = {"claim_type": "institutional", "bill_type": "13", "rendering_npi": "", "billing_npi": NPI}
    book = PAIR | {"ptp_outpatient": PAIR["ptp"]}
    assert met(one("11111"), one("22222", **outpatient), book=book) == set()
    assert met(one("11111", **outpatient), one("22222", **outpatient), book=book) == {("C1", 1, "C2", 1)}


def test_an_outpatient_claim_is_one_providers_whoever_rendered_each_line():
    lines = [{"hcpcs": "11111", "rendering_npi": NPI}, {"hcpcs": "22222", "rendering_npi": OTHER_NPI}]
    claim = {"claim_type": "institutional", "bill_type": "13", "lines": lines}
    assert met(claim, book=PAIR | {"ptp_outpatient": PAIR["ptp"]}) == {("C1", 1, "C1", 2)}


def test_no_pair_edit_binds_an_inpatient_claim():
    lines = [{"hcpcs": "11111"}, {"hcpcs": "22222"}]
    work = gathered({"claim_type": "institutional", "bill_type": "11", "lines": lines})
    assert work.claims[0].setting is Setting.NONE
    assert work.pairs == []


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_or_void_does_not_meet_the_claim_it_stands_for(frequency):
    assert met(one("11111"), one("22222", frequency=frequency)) == set()
    both = {"lines": [{"hcpcs": "11111"}, {"hcpcs": "22222"}]}
    assert met(both, both | {"frequency": frequency}) == {("C1", 1, "C1", 2), ("C2", 1, "C2", 2)}


def test_a_claim_that_repeats_another_does_not_meet_it_and_its_units_do_not_count_twice():
    work = gathered(one("11111"), one("11111"))
    assert work.claims[1].duplicate_of is work.claims[0]
    assert [claim.lines[0].facts.units_of_day for claim in work.claims] == [1.0, 1.0]


def test_a_replacement_is_no_duplicate_of_what_it_replaces():
    work = gathered(one("11111"), one("11111", frequency="7"))
    assert work.claims[1].duplicate_of is None


def test_the_same_claim_for_two_patients_is_no_duplicate():
    work = gathered(one("11111"), one("11111", patient_key="another"))
    assert work.claims[1].duplicate_of is None


def test_units_of_a_day_are_summed_over_the_claims_of_patient_and_provider():
    lines = [{"hcpcs": "11111", "units": 2}, {"hcpcs": "11111", "units": 3, "modifiers": ["59"]}]
    work = gathered({"lines": lines}, one("11111", line={"units": 4}), one("11111", patient_key="another"))
    units = [line.facts.units_of_day for claim in work.claims for line in claim.lines]
    assert units == [9.0, 9.0, 9.0, 1.0]
    last = [line.facts.last_of_code_and_day for claim in work.claims for line in claim.lines]
    assert last == [False, True, True, True]


def test_the_same_code_twice_is_no_pair():
    book = {"ptp": [{"column_one": "11111", "column_two": "11111"}]}
    assert met({"lines": [{"hcpcs": "11111"}, {"hcpcs": "11111"}]}, book=book) == set()


def test_edits_in_both_orders_both_stand():
    book = {"ptp": [*PAIR["ptp"], {"column_one": "22222", "column_two": "11111", "modifier_indicator": 1}]}
    assert met({"lines": [{"hcpcs": "11111"}, {"hcpcs": "22222"}]}, book=book) == {
        ("C1", 1, "C1", 2),
        ("C1", 2, "C1", 1),
    }


CODES = ("11111", "22222", "33333")
some_claims = st.lists(
    st.fixed_dictionaries(
        {
            "patient_key": st.sampled_from(["", "p", "q"]),
            "frequency": st.sampled_from(["1", "1", "1", "7", "8"]),
            "lines": st.lists(
                st.fixed_dictionaries(
                    {
                        "hcpcs": st.sampled_from(CODES),
                        "service_date": st.sampled_from([DAY, DAY + dt.timedelta(days=1), None]),
                        "rendering_npi": st.sampled_from([NPI, OTHER_NPI]),
                        "charge": st.integers(1, 10**6).map(lambda number: f"{number}.00"),
                    }
                ),
                max_size=3,
            ),
        }
    ),
    max_size=4,
)
EDITS = [("11111", "22222"), ("22222", "33333"), ("33333", "11111")]


@settings(max_examples=150, deadline=None)
@given(some_claims)
def test_lines_meet_exactly_when_patient_provider_and_day_are_the_same(claims):
    expected = set()
    for a, first in enumerate(claims, start=1):
        for b, second in enumerate(claims, start=1):
            together = a == b or (
                first["patient_key"] == second["patient_key"] != "" and first["frequency"] == second["frequency"] == "1"
            )
            for i, one_line in enumerate(first["lines"], start=1):
                for j, two_line in enumerate(second["lines"], start=1):
                    same = ("service_date", "rendering_npi")
                    if (
                        together
                        and one_line["service_date"] is not None
                        and all(one_line[name] == two_line[name] for name in same)
                        and (one_line["hcpcs"], two_line["hcpcs"]) in EDITS
                    ):
                        expected.add((f"C{a}", i, f"C{b}", j))
    work = gathered(*claims, book={"ptp": [{"column_one": one_, "column_two": two} for one_, two in EDITS]})
    assume(all(claim.duplicate_of is None for claim in work.claims))  # a repeated claim is looked at alone
    found = {
        (pair.one.claim.claim.claim_id, pair.one.line.line_no, pair.two.claim.claim.claim_id, pair.two.line.line_no)
        for pair in work.pairs
    }
    assert found == expected


# --- what is known of a line


def facts_of(line: dict[str, Any], book: dict[str, Any], **claim: Any) -> Any:
    return gather([claim_from({"lines": [line], **claim})], book_from(book)).claims[0].lines[0].facts


def test_the_fee_schedule_row_is_that_of_the_lines_modifier():
    book = {
        "mpfs": [
            {"hcpcs": "74360", "status_indicator": "C", "pc_tc_indicator": "1"},
            {"hcpcs": "74360", "modifier": "26", "status_indicator": "A", "pc_tc_indicator": "1"},
            {"hcpcs": "74360", "modifier": "TC", "status_indicator": "C", "pc_tc_indicator": "1"},
        ]
    }
    plain = facts_of({"hcpcs": "74360"}, book)
    assert (chr(plain.status_indicator), chr(plain.global_status_indicator)) == ("C", "C")
    professional = facts_of({"hcpcs": "74360", "modifiers": ["26"]}, book)
    assert (chr(professional.status_indicator), chr(professional.global_status_indicator)) == ("A", "C")
    assert professional.has_row_for_modifier
    assert not facts_of({"hcpcs": "74360", "modifiers": ["53"]}, book).has_row_for_modifier


def test_a_fee_schedule_of_later_days_says_nothing():
    book = {"mpfs": [{"hcpcs": "11111", "release": released("2026Q4")}]}
    facts = facts_of({"hcpcs": "11111"}, book)
    assert not facts.has_fee_schedule
    assert facts.pc_tc_indicator == facts.global_days == facts.bilateral == -1


def test_a_line_without_a_date_is_asked_of_no_release():
    facts = facts_of({"hcpcs": "11111", "service_date": None}, PAIR | {"mpfs": [{"hcpcs": "11111"}]})
    assert (facts.service_day, facts.service_end_day, facts.mue_value) == (0, 0, -1)
    assert not facts.has_fee_schedule
    assert facts.code_state == CodeState.NO_DATA


def test_units_and_charge_that_the_file_does_not_give_stay_unknown():
    facts = facts_of({"hcpcs": "11111", "units": None, "charge": None}, PAIR)
    assert (facts.units, facts.charge_cents, facts.units_per_day) == (-1.0, -1, 0.0)


def test_minutes_are_no_units():
    facts = facts_of({"hcpcs": "00100", "units": 75, "unit_basis": "MJ"}, PAIR)
    assert (facts.units, facts.minutes, facts.units_per_day) == (-1.0, 75.0, 0.0)


def test_a_malformed_code_is_asked_of_no_release():
    facts = facts_of({"hcpcs": "1234"}, PAIR)
    assert facts.code_kind == CodeKind.MALFORMED
    assert facts.code_state == CodeState.NO_DATA


def test_pointers_are_held_against_the_diagnoses_a_line_can_name():
    diagnoses = ["E119", "I10", {"code": "V892", "role": "external_cause"}]
    facts = facts_of({"hcpcs": "11111", "diagnosis_pointers": [1, 1]}, PAIR, diagnoses=diagnoses)
    assert (facts.diagnosis_count, facts.pointer_count) == (2, 2)
    assert facts.repeated_pointer
    assert not facts.dangling_pointer
    for pointer in (0, 3):
        assert facts_of({"hcpcs": "11111", "diagnosis_pointers": [pointer]}, PAIR, diagnoses=diagnoses).dangling_pointer


@pytest.mark.parametrize(("pos", "state", "facility"), [("11", 1, 0), ("22", 1, 1), ("98", 0, -1), ("", 2, -1)])
def test_a_place_is_on_the_list_or_not_or_not_billed(pos, state, facility):
    book = {"pos": [{"pos": "11"}, {"pos": "22", "facility": True}]}
    facts = facts_of({"hcpcs": "11111", "pos": pos}, book)
    assert (facts.pos_state, facts.facility) == (state, facility)


def test_without_a_list_of_places_nothing_is_said_of_one():
    facts = facts_of({"hcpcs": "11111"}, PAIR)
    assert (facts.pos_state, facts.facility) == (-1, -1)


def test_a_level_two_code_cites_the_list_its_days_stand_in():
    book = {
        "hcpcs": [
            {"hcpcs": "J1111", "valid_to": dt.date(2020, 12, 31), "release": released("2024Q3")},
            {"hcpcs": "J2222", "release": released("2026Q3")},
        ]
    }
    line = gather([claim_from(one("J1111"))], book_from(book)).claims[0].lines[0]
    assert line.facts.code_state == CodeState.ENDED
    assert line.answers["hcpcs"].release.release == "2024Q3"


# --- diagnoses and claims


def test_a_diagnosis_is_held_against_the_list_in_force_on_the_claims_first_day():
    year = {"covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2026, 9, 30)}
    after = {"covers_from": dt.date(2026, 10, 1), "covers_to": dt.date(2027, 9, 30)}
    book = {
        "icd10cm": [
            {"icd10cm": "E119", "release": {"release": "FY2026", **year}},
            {"icd10cm": "E11", "billable": False, "release": {"release": "FY2026", **year}},
            {"icd10cm": "E88810", "release": {"release": "FY2027", **after}},
        ]
    }
    claim = {"diagnoses": ["E119", "E11", "E88810", "Z9999"], "lines": [{"hcpcs": "11111"}]}
    states = [dx.facts.state for dx in gathered(claim, book=book).claims[0].diagnoses]
    assert states == [DxState.BILLABLE, DxState.NOT_BILLABLE, DxState.NOT_IN_FORCE, DxState.UNKNOWN_CODE]


def test_an_inpatient_claim_is_held_against_the_list_of_its_discharge():
    claim = {
        "claim_type": "institutional",
        "bill_type": "11",
        "statement_from": dt.date(2026, 9, 28),
        "statement_to": dt.date(2026, 10, 3),
        "diagnoses": ["E119"],
        "lines": [{"hcpcs": "", "service_date": dt.date(2026, 9, 28)}],
    }
    (work,) = gathered(claim, book={"icd10cm": [{"icd10cm": "E119"}]}).claims
    assert work.diagnoses[0].facts.service_day == dt.date(2026, 10, 3).toordinal()


def test_a_diagnosis_not_in_a_list_of_other_days_is_not_called_unknown():
    stale = {"icd10cm": [{"icd10cm": "E119", "release": released("2026Q1")}]}
    (work,) = gathered({"diagnoses": ["E119", "Z9999"], "lines": [{"hcpcs": "11111"}]}, book=stale).claims
    assert [dx.facts.state for dx in work.diagnoses] == [DxState.BILLABLE, DxState.NO_DATA]
    assert work.missing["icd10cm"] == "no release covers Z99.99 on 2026-07-15 (icd10cm)"


def test_a_diagnosis_that_stands_twice_and_that_no_list_covers_is_named_once():
    (work,) = gathered({"diagnoses": ["Z9999", "E119", "Z9999"], "lines": [{"hcpcs": "11111"}]}).claims
    assert work.missing["icd10cm"] == "no release covers Z99.99, E11.9 on 2026-07-15 (icd10cm)"


def test_the_total_line_of_an_institutional_claim_is_no_charge_of_its_own():
    lines = [{"hcpcs": "11111", "charge": "10.10"}, {"hcpcs": "", "revenue_code": "0001", "charge": "10.10"}]
    claim = {"claim_type": "institutional", "bill_type": "13", "lines": lines, "total_charge": "10.10"}
    facts = gathered(claim).claims[0].facts
    assert (facts.line_charge_cents, facts.total_charge_cents) == (1010, 1010)


def test_a_line_without_a_charge_leaves_the_sum_unknown():
    claim = {"lines": [{"hcpcs": "11111", "charge": None}, {"hcpcs": "22222"}], "total_charge": None}
    facts = gathered(claim).claims[0].facts
    assert (facts.line_charge_cents, facts.total_charge_cents) == (-1, -1)


# --- small conversions


def luhn_valid(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, written from its description: every second digit from the right is doubled."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@given(st.from_regex(r"[12][0-9]{9}", fullmatch=True))
def test_an_npi_is_checked_with_the_prefix_80840(npi):
    expected = NpiState.WELL_FORMED if luhn_valid(f"80840{npi}") else NpiState.WRONG_CHECK_DIGIT
    assert npi_state(npi) is expected


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
def test_exactly_one_check_digit_is_right(nine):
    states = [npi_state(f"{nine}{digit}") for digit in range(10)]
    assert states.count(NpiState.WELL_FORMED) == 1
    assert states.count(NpiState.WRONG_CHECK_DIGIT) == 9


@pytest.mark.parametrize("npi", ["123456789", "12345678931", "3234567893", "12345abc93", "１２３４５６７８９３"])  # noqa: RUF001 - wide digits are no digits of an NPI
def test_what_is_no_ten_digits_beginning_with_1_or_2_is_malformed(npi):
    assert npi_state(npi) is NpiState.MALFORMED


def test_the_npi_printed_in_the_publishers_example_is_well_formed():
    assert npi_state("1234567893") is NpiState.WELL_FORMED
    assert npi_state("") is NpiState.ABSENT


@given(st.integers(0, 10**12))
def test_cents_are_exact(number):
    assert cents(Decimal(number) / 100) == number


def test_an_unknown_amount_and_an_unknown_day_have_their_own_values():
    assert cents(None) == -1
    assert ordinal(None) == 0
    assert ordinal(DAY) == DAY.toordinal()


@pytest.mark.parametrize(("stored", "printed"), [("K222", "K22.2"), ("I10", "I10"), ("M5417", "M54.17"), ("", "")])
def test_a_diagnosis_is_printed_with_its_dot(stored, printed):
    assert dotted(stored) == printed


def test_a_claim_type_decides_which_tables_bind():
    settings_of = {
        ("professional", ""): Setting.PRACTITIONER,
        ("institutional", "13"): Setting.OUTPATIENT,
        ("institutional", "85"): Setting.OUTPATIENT,
        ("institutional", "11"): Setting.NONE,
        ("dental", ""): Setting.NONE,
        ("pharmacy", ""): Setting.NONE,
    }
    for (kind, bill_type), expected in settings_of.items():
        assert claim_from({"claim_type": ClaimType(kind), "bill_type": bill_type, "lines": []}).setting is expected
