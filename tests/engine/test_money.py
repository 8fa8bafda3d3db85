"""Dollars at risk: what the fee schedule allows for the lines a finding stands on, and the totals of a report."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import never, rule

import cleanclaim.pricing.price
from cleanclaim.claims.model import Claim
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.totals import Sums
from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing import parameter_files, policy
from cleanclaim.rules.model import LoadedRule, Related, Scope
from cleanclaim.testing.inline import NPI, book_from, claim_from
from cleanclaim.types import ClaimResult, Finding, Report, Severity, Total, Totals

BILLING = "1992999031"
ANOTHER = "1992999049"
SURGERY_CENTER = "261QA1903X"
EXAMPLE = Path(__file__).parents[2] / "examples" / "claims.837"

FEE = {
    "work_rvu": "1.00",
    "pe_rvu_nonfacility": "1.50",
    "pe_rvu_facility": "0.50",
    "mp_rvu": "0.10",
    "total_nonfacility": "2.60",
    "total_facility": "1.60",
}
FACTS: dict[str, list[dict[str, Any]]] = {
    "mpfs": [
        {"hcpcs": "11111", **FEE},
        {"hcpcs": "22222", **FEE, "work_rvu": "2.00"},
        {"hcpcs": "33333", "status_indicator": "C"},
        {"hcpcs": "4444F", "status_indicator": "M"},
    ],
    "pos": [{"pos": "11"}, {"pos": "22", "facility": True}, {"pos": "24", "facility": True}],
    "zip_locality": [
        {"zip_code": "35004", "state": "AL", "carrier": "10112", "locality": "00"},
        {"zip_code": "10001", "state": "NY", "carrier": "13202", "locality": "01"},
        {"zip_code": "99999", "state": "AL", "carrier": "10112", "locality": "77"},
    ],
    "gpci": [
        {"mac": "10112", "locality": "00", "state": "AL", "locality_name": "ALABAMA"}
        | {"work_gpci": "1.02", "pe_gpci": "0.9", "mp_gpci": "0.5"},
        {"mac": "13202", "locality": "01", "state": "NY", "locality_name": "MANHATTAN"}
        | {"work_gpci": "1.05", "pe_gpci": "1.2", "mp_gpci": "1.6"},
    ],
}
BOOK = book_from(FACTS)
# Worked by hand, with the conversion factor 33.4009 of the made rows:
OFFICE = Decimal("86.84")  # (1.00 + 1.50 + 0.10) x 33.4009
HOSPITAL = Decimal("53.44")  # (1.00 + 0.50 + 0.10) x 33.4009
SECOND = Decimal("120.24")  # (2.00 + 1.50 + 0.10) x 33.4009
IN_ALABAMA = Decimal("80.83")  # (1.00 x 1.02 + 1.50 x 0.9 + 0.10 x 0.5) x 33.4009
IN_MANHATTAN = Decimal("100.54")  # (1.00 x 1.05 + 1.50 x 1.2 + 0.10 x 1.6) x 33.4009

DENY = rule(Severity.DENY)


def line(hcpcs: str = "11111", charge: str | None = "500.00", **values: Any) -> dict[str, Any]:
    return {"hcpcs": hcpcs, "charge": charge, **values}


def check(*claims: dict[str, Any], rules: Sequence[LoadedRule] = (DENY,)) -> Report:
    made = [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(claims, start=1)]
    return check_claims(made, BOOK, rules=rules)


def only(*lines: dict[str, Any], rules: Sequence[LoadedRule] = (DENY,), **claim: Any) -> tuple[Finding, ClaimResult]:
    """The one finding on a claim, and what became of the claim."""
    report = check({"lines": list(lines), **claim}, rules=rules)
    (finding,), (result,) = report.findings, report.claims
    return finding, result


def on_line(number: int) -> Callable[..., bool]:
    return lambda facts: facts.line_no == number


# --- a line


@pytest.mark.parametrize(
    ("billed", "allowed"),
    [
        ({}, OFFICE),
        ({"pos": "22"}, HOSPITAL),
        ({"units": 3}, 3 * OFFICE),
        ({"charge": None}, OFFICE),
        ({"charge": "20.00"}, Decimal("20.00")),
        ({"charge": "0.00"}, Decimal(0)),
        ({"charge": "-5.00"}, Decimal(0)),
    ],
    ids=str,
)
def test_a_line_is_priced_by_itself_and_never_above_its_charge(billed, allowed):
    finding, result = only(line(**billed))
    assert (finding.allowed_at_risk, finding.allowed_reason) == (allowed, "")
    assert (result.allowed_at_risk, result.unpriced_lines) == (allowed, 0)


@pytest.mark.parametrize("severity", list(Severity))
def test_every_finding_tells_what_is_allowed_and_only_deny_findings_put_it_at_risk(severity):
    finding, result = only(line(), rules=[rule(severity)])
    assert finding.allowed_at_risk == OFFICE
    assert result.allowed_at_risk == (OFFICE if severity is Severity.DENY else 0)


@pytest.mark.parametrize(
    ("claim", "allowed", "place"),
    [
        ({"service_zip": "10001", "billing_zip": "35004"}, IN_MANHATTAN, "service_zip"),
        ({"billing_zip": "35004"}, IN_ALABAMA, "billing_zip"),
        ({}, OFFICE, "national"),
        ({"service_zip": "00000", "billing_zip": "35004"}, IN_ALABAMA, "billing_zip"),
        ({"service_zip": "99999"}, OFFICE, "national"),
        ({"service_zip": "no ZIP"}, OFFICE, "national"),
    ],
    ids=["service before billing", "billing", "neither", "a ZIP of no file", "a locality of no file", "no ZIP"],
)
def test_the_locality_is_that_of_the_service_then_of_the_biller_and_it_is_counted_by_which(claim, allowed, place):
    report = check({"lines": [line()], **claim})
    assert report.findings[0].allowed_at_risk == allowed
    assert report.totals.priced_by == ((place, 1),)


@pytest.mark.parametrize(
    ("billed", "claim", "reason"),
    [
        ({"hcpcs": "33333"}, {}, "the Medicare contractor sets the price (status C)"),
        ({"hcpcs": "55555"}, {}, "the physician fee schedule has no row for 55555"),
        ({"hcpcs": ""}, {}, "the line has no procedure code"),
        ({"hcpcs": "JOHN DOE"}, {}, "the line has no procedure code"),
        ({"code_system": "WK"}, {}, "the line has no procedure code"),
        ({"service_date": None}, {}, "the line has no readable service date"),
        ({"pos": ""}, {}, "the line has no place of service"),
        ({"pos": "JOHN DOE"}, {}, "the place of service is a value of 8 characters"),
        ({"pos": "77"}, {}, "Place of service '77' is not on the published list; 11 is an office, 22 outpatient."),
        ({"units": None}, {}, "the line has no units"),
        ({"units": 0}, {}, "11111: 0 units; give a number above 0."),
        ({"units": "1e40"}, {}, "the units are no quantity"),
        ({"unit_basis": "MJ"}, {}, "the line is billed in minutes, and the fee schedule pays units"),
        ({}, {"claim_type": "dental"}, "the physician fee schedule does not pay dental claims"),
        (
            {"pos": "24"},
            {"billing_taxonomy": SURGERY_CENTER},
            "an ambulatory surgical center's share is not paid by the physician fee schedule",
        ),
    ],
    ids=str,
)
def test_a_line_without_a_price_has_none_and_the_reason(billed, claim, reason):
    every_kind = rule(Severity.DENY, settings=tuple(type(DENY.rule.settings[0])))
    finding, result = only(line(**billed), rules=[every_kind], **claim)
    assert (finding.allowed_at_risk, finding.allowed_reason) == (None, reason)
    assert (result.allowed_at_risk, result.unpriced_lines) == (None, 1)
    assert result.amount_at_risk == finding.amount_at_risk == Decimal("500.00")


def test_the_time_of_anesthesia_is_taken_from_a_line_in_minutes(monkeypatch):
    asked = []
    priced = cleanclaim.pricing.price.price

    def listening(day: Any, services: Any, locality: Any) -> Any:
        asked.extend(services)
        return priced(day, services, locality)

    monkeypatch.setattr(cleanclaim.pricing.price, "price", listening)
    only(line("00142", units=47, unit_basis="MJ", modifiers=["AA"]))
    assert [(service.units, service.minutes) for service in asked] == [(Decimal(1), Decimal(47))]


def test_a_price_is_asked_once_for_lines_billed_alike_in_one_locality_and_period(monkeypatch):
    asked = []
    priced = cleanclaim.pricing.price.price

    def listening(day: Any, services: Any, locality: Any) -> Any:
        asked.append((day.day, services[0].name, locality.code))
        return priced(day, services, locality)

    monkeypatch.setattr(cleanclaim.pricing.price, "price", listening)
    same = {"lines": [line(), line("22222"), line()], "billing_zip": "35004"}
    later = {"lines": [line(service_date=dt.date(2026, 8, 20))], "billing_zip": "35004"}
    book = book_from(FACTS)
    check_claims([claim_from(values) for values in (same, later, later | {"billing_zip": ""})], book, rules=[DENY])
    assert asked == [
        (dt.date(2026, 7, 15), "11111", "10112-00"),
        (dt.date(2026, 7, 15), "22222", "10112-00"),
        (dt.date(2026, 8, 20), "11111", "national"),
    ]


def test_a_price_is_asked_anew_where_a_payment_parameter_changed_in_between(monkeypatch):
    turn = dt.date(2026, 8, 1).toordinal()
    monkeypatch.setattr(policy, "turns", lambda: (turn,))
    asked = []
    priced = cleanclaim.pricing.price.price

    def listening(day: Any, services: Any, locality: Any) -> Any:
        asked.append(day.day)
        return priced(day, services, locality)

    monkeypatch.setattr(cleanclaim.pricing.price, "price", listening)
    days = [dt.date(2026, 7, day) for day in (15, 31)] + [dt.date(2026, 8, day) for day in (1, 20)]
    claim = claim_from({"lines": [line(service_date=day) for day in days]})
    check_claims([claim], book_from(FACTS), rules=[DENY])
    assert asked == [days[0], days[2]]


def test_a_reason_names_the_service_date_of_its_own_line():
    days = [dt.date(2026, 7, day) for day in (15, 16, 15)]
    claim = claim_from({"lines": [line(service_date=day) for day in days]})
    without = book_from({table: rows for table, rows in FACTS.items() if table != "mpfs"})
    report = check_claims([claim], without, rules=[DENY])
    reasons = [finding.allowed_reason for finding in report.findings]
    assert reasons == [f"no loaded fee schedule speaks of 11111 on {day}" for day in days]


# --- a finding on several lines


def test_a_finding_on_several_lines_adds_up_those_with_a_price_and_says_how_many_have_none():
    whole = rule(Severity.DENY, scope=Scope.CLAIM)
    finding, result = only(line(), line("33333"), line("22222"), line("4444F"), rules=[whole])
    assert finding.allowed_at_risk == OFFICE + SECOND == result.allowed_at_risk
    assert finding.allowed_reason == (
        "2 of 4 lines have no price: the Medicare contractor sets the price (status C); "
        "it reports quality and is not paid (status M)"
    )
    assert result.unpriced_lines == 2


def test_of_many_reasons_a_few_are_told():
    codes = [f"5555{number}" for number in range(5)]
    finding, result = only(*map(line, codes), rules=[rule(Severity.DENY, scope=Scope.CLAIM)])
    told = "; ".join(f"the physician fee schedule has no row for {code}" for code in codes[:3])
    assert finding.allowed_reason == f"5 of 5 lines have no price: {told}; and 2 more reasons"
    assert result.unpriced_lines == 5


def test_a_day_denied_as_a_whole_is_allowed_for_each_of_its_lines():
    day = rule(Severity.DENY, related=Related.CODE_AND_DAY, check=on_line(2))
    finding, result = only(line(), line(), line("22222"), rules=[day])
    assert finding.amount_at_risk == Decimal("1000.00")
    assert finding.allowed_at_risk == result.allowed_at_risk == 2 * OFFICE


def test_a_diagnosis_is_allowed_for_the_lines_that_point_at_it_and_for_all_where_none_does():
    dx = rule(Severity.DENY, scope=Scope.DIAGNOSIS)
    pointing = [line(diagnosis_pointers=[1]), line("22222")]
    finding, _ = only(*pointing, diagnoses=["E119"], rules=[dx])
    assert finding.allowed_at_risk == OFFICE
    finding, _ = only(line(), line("22222"), diagnoses=["E119"], rules=[dx])
    assert finding.allowed_at_risk == OFFICE + SECOND


def test_a_claim_without_lines_has_no_price_and_nothing_unpriced():
    finding, result = only(rules=[rule(Severity.DENY, scope=Scope.CLAIM)], total_charge="10.00")
    assert (finding.allowed_at_risk, finding.allowed_reason) == (None, "")
    assert (result.allowed_at_risk, result.unpriced_lines) == (Decimal(0), 0)


def test_a_line_under_several_findings_is_allowed_once():
    report = check({"lines": [line(), line("22222")]}, rules=[DENY, rule(Severity.DENY, code="AAA001")])
    assert report.claims[0].allowed_at_risk == OFFICE + SECOND
    assert report.totals.of_all == Total("", 1, 4, Decimal(1000), OFFICE + SECOND, 2, 0)


# --- totals


def test_totals_are_by_rule_payer_provider_and_code_those_with_most_dollars_first():
    dear = rule(Severity.DENY, code="AAA001", check=lambda facts: facts.charge_cents > 50_000)
    claims = (
        {
            "lines": [line(rendering_npi=NPI), line("22222", "600.00")],
            "payer_id": "12345",
            "rendering_npi": "",
        },
        {"lines": [line("33333", "50.00")], "payer_id": "54321"},
    )
    totals = check(*claims, rules=[DENY, dear]).totals
    name = "made-for-a-test"
    assert totals == Totals(
        Total("", 2, 4, Decimal(1150), OFFICE + SECOND, 2, 1),
        by_rule=(
            Total("ZZZ001", 2, 3, Decimal(1150), OFFICE + SECOND, 2, 1, name),
            Total("AAA001", 1, 1, Decimal(600), SECOND, 1, 0, name),
        ),
        by_payer=(
            Total("12345", 1, 3, Decimal(1100), OFFICE + SECOND, 2, 0),
            Total("54321", 1, 1, Decimal(50), None, 0, 1),
        ),
        by_provider=(
            Total(BILLING, 1, 2, Decimal(600), SECOND, 1, 0),
            Total(NPI, 2, 2, Decimal(550), OFFICE, 1, 1),
        ),
        by_code=(
            Total("22222", 1, 2, Decimal(600), SECOND, 1, 0),
            Total("11111", 1, 1, Decimal(500), OFFICE, 1, 0),
            Total("33333", 1, 1, Decimal(50), None, 0, 1),
        ),
        priced_by=(("national", 2),),
    )


def test_a_line_counts_for_who_rendered_it_by_the_line_or_its_claim_else_for_who_bills():
    lines = [line(rendering_npi=NPI), line("22222", "600.00", rendering_npi="")]
    keys = {
        said: [total.key for total in check({"lines": lines, "rendering_npi": by_claim}).totals.by_provider]
        for said, by_claim in (("claim", ANOTHER), ("nobody", ""))
    }
    assert keys == {"claim": [ANOTHER, NPI], "nobody": [BILLING, NPI]}


def test_what_is_no_npi_or_code_is_not_shown_as_a_key():
    totals = check({"lines": [line("JOHN DOE", rendering_npi="DOE JOHN")]}).totals
    assert [total.key for total in (*totals.by_provider, *totals.by_code)] == ["", ""]


def test_findings_of_other_severities_count_and_put_nothing_at_risk():
    totals = check({"lines": [line()]}, rules=[rule(Severity.REVIEW)]).totals
    assert totals.of_all == Total("", 1, 1, Decimal(0), Decimal(0), 0, 0)
    assert totals.by_code == (Total("11111", 1, 1, Decimal(0), Decimal(0), 0, 0),)
    assert totals.priced_by == ()


def test_a_report_without_findings_has_nothing_at_risk():
    assert check({"lines": [line()]}, rules=[rule(Severity.DENY, check=never)]).totals == Totals()


CODES = ("11111", "22222", "33333", "4444F")
RULES = (
    rule(Severity.DENY, code="AAA001", check=lambda facts: facts.code_number in {11111, 33333}),
    rule(Severity.REVIEW, code="BBB001", check=lambda facts: facts.code_number == 22222),
    rule(Severity.DENY, code="CCC001", scope=Scope.CLAIM, check=lambda facts: facts.line_count == 3),
    rule(Severity.DENY, code="DDD001", related=Related.CODE_AND_DAY, check=lambda facts: facts.units == 2),
)
LINES = st.builds(
    line,
    st.sampled_from(CODES),
    st.sampled_from(["10.00", "200.50", None]),
    units=st.sampled_from([1, 2]),
    rendering_npi=st.sampled_from([NPI, ""]),
)
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "lines": st.lists(LINES, max_size=4),
            "payer_id": st.sampled_from(["12345", "54321"]),
            "billing_zip": st.sampled_from(["", "35004"]),
            "rendering_npi": st.sampled_from([NPI, ANOTHER, ""]),
        }
    ),
    max_size=6,
)


def stood_on(finding: Finding, claim: Claim) -> set[int]:
    """The lines of a claim that a finding of the rules above stands on."""
    numbers = {billed.line_no for billed in claim.lines}
    if finding.line is None:
        return numbers
    return {finding.line, *finding.related_lines}


def recounted(report: Report, claims: Sequence[Claim], keys: Callable[[Finding, Claim], set[str]]) -> dict[str, Any]:
    """Claims, findings, and the lines at risk of every key, as one would count them by hand."""
    found: dict[str, Any] = {}
    for claim in claims:
        for finding in report.findings:
            if finding.claim != claim.claim_id:
                continue
            for key in keys(finding, claim):
                of_key = found.setdefault(key, (set(), [], set()))
                of_key[0].add(claim.claim_id)
                of_key[1].append(finding)
                if finding.severity is Severity.DENY:
                    of_key[2].update((claim.claim_id, number) for number in stood_on(finding, claim))
    return found


@settings(max_examples=80)
@given(CLAIMS)
def test_totals_are_what_a_recount_by_hand_gives(given_):
    claims = [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(given_)]
    report = check_claims(claims, BOOK, rules=RULES)
    billed = {(claim.claim_id, entry.line_no): entry for claim in claims for entry in claim.lines}
    rendering = {claim.claim_id: claim.rendering_npi for claim in claims}
    each = check_claims(claims, BOOK, rules=[DENY])
    allowed = {(finding.claim, finding.line): finding.allowed_at_risk for finding in each.findings}

    def providers(finding: Finding, claim: Claim) -> set[str]:
        on = [billed[claim.claim_id, number] for number in stood_on(finding, claim)]
        return {entry.rendering_npi or claim.rendering_npi or claim.billing_npi for entry in on}

    def codes(finding: Finding, claim: Claim) -> set[str]:
        return {billed[claim.claim_id, number].hcpcs for number in stood_on(finding, claim)}

    for totals, keys, of_key in (
        (report.totals.by_rule, lambda finding, _: {finding.rule}, lambda _, __: True),
        (report.totals.by_payer, lambda _, claim: {claim.payer_id}, lambda _, __: True),
        (
            report.totals.by_provider,
            providers,
            lambda at, key: (billed[at].rendering_npi or rendering[at[0]] or BILLING) == key,
        ),
        (report.totals.by_code, codes, lambda at, key: billed[at].hcpcs == key),
    ):
        wanted = recounted(report, claims, keys)
        assert {total.key for total in totals} == set(wanted)
        for total in totals:
            in_claims, findings, lines = wanted[total.key]
            own = {at for at in lines if of_key(at, total.key)}
            prices = [allowed[at] for at in own if allowed[at] is not None]
            assert (total.claims, total.findings) == (len(in_claims), len(findings))
            assert (total.priced_lines, total.unpriced_lines) == (len(prices), len(own) - len(prices))
            assert total.allowed_at_risk == (sum(prices, Decimal(0)) if prices or not own else None)
            # A claim denied whole has the total of its lines here, so that both ways of counting it agree.
            assert total.amount_at_risk == sum((billed[at].charge or Decimal(0) for at in own), Decimal(0))
        amounts = [total.amount_at_risk for total in totals]
        assert amounts == sorted(amounts, reverse=True)
    assert report.totals.of_all.amount_at_risk == report.amount_at_risk
    assert sum(many for _, many in report.totals.priced_by) == report.totals.of_all.priced_lines


@settings(max_examples=60)
@given(CLAIMS, st.integers(0, 6))
def test_totals_of_two_parts_are_those_of_the_whole(given_, cut):
    claims = [claim_from(values | {"patient_key": f"P{n}"}, claim_id=f"C{n}") for n, values in enumerate(given_)]
    whole = check_claims(claims, BOOK, rules=RULES).totals
    sums = Sums.of(check_claims(claims[:cut], BOOK, rules=RULES).totals)
    sums.add(Sums.of(check_claims(claims[cut:], BOOK, rules=RULES).totals))
    assert sums.totals() == whole
    assert Sums.of(whole).totals() == whole


# --- what it costs to have


def imported_by(code: str) -> list[str]:
    """The modules of prices, and of YAML, that a fresh process has after some code; the starter's index is there."""
    OpenBook.open(with_starter=True)
    shown = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{shown}"], capture_output=True, text=True, check=True)
    return [name for name in json.loads(done.stdout) if name.startswith(("cleanclaim.pricing", "yaml"))]


def test_a_check_without_findings_loads_no_prices():
    code = (
        "from cleanclaim.engine.run import check_claims\n"
        "from cleanclaim.index.lookup import OpenBook\n"
        "check_claims([], OpenBook.open(with_starter=True))"
    )
    assert imported_by(code) == []


def test_prices_of_a_check_are_made_without_reading_yaml():
    code = (
        "from cleanclaim.engine.files import check_paths\n"
        "from cleanclaim.index.lookup import OpenBook\n"
        f"report = check_paths([{str(EXAMPLE)!r}], OpenBook.open(with_starter=True)).report\n"
        "assert report.totals.of_all.priced_lines"
    )
    loaded = imported_by(code)
    assert "cleanclaim.pricing.price" in loaded
    assert "yaml" not in loaded


def test_the_compiled_parameters_are_those_written():
    written = parameter_files.COMPILED.read_text(encoding="utf-8")
    assert written == parameter_files.compiled_parameters(), "run scripts/make_payment_parameters.py"


def test_compiled_parameters_say_what_their_yaml_says_and_count_only_while_they_are_of_it(monkeypatch, tmp_path):
    folder, compiled = tmp_path / "payment", tmp_path / "payment.json"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        'share: {unit: u, is: i, values: [{from: 2026-01-01, to: 2026-12-31, value: "0.5"}]}\n', encoding="utf-8"
    )
    monkeypatch.setattr(parameter_files, "FOLDER", folder)
    monkeypatch.setattr(parameter_files, "COMPILED", compiled)
    read = parameter_files.parameters_told()
    assert read["share"]["values"] == [{"from": dt.date(2026, 1, 1), "to": dt.date(2026, 12, 31), "value": "0.5"}]
    compiled.write_text(parameter_files.compiled_parameters(), encoding="utf-8")
    assert parameter_files.parameters_told() == read
    (folder / "a.yaml").write_text('share: {unit: u, is: i, values: [{value: "0.6"}]}\n', encoding="utf-8")
    assert parameter_files.parameters_told()["share"]["values"] == [{"value": "0.6"}]
    compiled.write_text("{", encoding="utf-8")
    assert parameter_files.parameters_told()["share"]["values"] == [{"value": "0.6"}]


def test_the_days_on_which_a_parameter_changes_are_known():
    for name in policy.names():
        for value in policy.values(name):
            for day in (value.valid_from, value.valid_to and value.valid_to + dt.timedelta(days=1)):
                assert day is None or day.toordinal() in policy.turns()
