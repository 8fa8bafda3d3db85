"""The verdict of a claim: clean only if everything that applies was checked by a release in force on its dates."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from made import COMPLETE, SOUND, never, released, rule

from cleanclaim.claims.model import Claim
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule, Scope
from cleanclaim.rules.registry import all_rules, select_rules
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import ClaimResult, NotChecked, Report, Severity, StaleUse, Verdict

STALE = released("2026Q2")
GAPS = ("missing", "stale")


def check(claim: dict[str, object], book: OpenBook, *chosen: LoadedRule) -> ClaimResult:
    """The verdict by the rules chosen, or by all of them."""
    (result,) = check_claims([claim_from(claim)], book, rules=chosen or all_rules()).claims
    return result


def expected(severities: tuple[Severity, ...], gaps: tuple[str, ...]) -> Verdict:
    """The precedence as the contract words it."""
    if Severity.DENY in severities:
        return Verdict.DENIED
    if Severity.REVIEW in severities:
        return Verdict.REVIEW
    if "missing" in gaps:
        return Verdict.NOT_CHECKED
    return Verdict.STALE if "stale" in gaps else Verdict.CLEAN


def subsets(of: tuple[object, ...]) -> list[tuple[object, ...]]:
    return [chosen for count in range(len(of) + 1) for chosen in itertools.combinations(of, count)]


@pytest.mark.parametrize("gaps", subsets(GAPS), ids=str)
@pytest.mark.parametrize("severities", subsets(tuple(Severity)), ids=lambda chosen: "-".join(chosen) or "none")
def test_denied_goes_before_review_before_not_checked_before_stale_before_clean(severities, gaps):
    rules = [rule(severity, code=f"ZZZ00{number}") for number, severity in enumerate(severities, start=1)]
    if "missing" in gaps:
        rules.append(rule(Severity.DENY, code="YYY001", tables=("aoc",), check=never))
    if "stale" in gaps:
        rules.append(rule(Severity.DENY, code="XXX001", tables=("mue",), check=never))
    book = book_from({"mue": [{"hcpcs": "11111", "mue_value": 1, "release": STALE}]})
    (result,) = check_claims([claim_from({"lines": [{"hcpcs": "11111"}]})], book, rules=rules).claims
    assert result.verdict is expected(severities, gaps)


def test_a_sound_claim_is_clean_when_every_table_is_loaded():
    report = check_claims([claim_from(SOUND)], book_from(COMPLETE))
    assert report.findings == ()
    assert report.claims == (ClaimResult("C1", "case.837", Verdict.CLEAN, payer="12345"),)


@pytest.mark.parametrize("table", sorted(COMPLETE))
def test_without_a_table_that_applies_a_sound_claim_is_not_checked_and_never_clean(table):
    book = book_from({name: rows for name, rows in COMPLETE.items() if name != table})
    result = check(dict(SOUND), book)
    assert result.verdict is Verdict.NOT_CHECKED
    assert result.not_checked


@pytest.mark.parametrize("table", sorted(COMPLETE))
def test_with_an_older_release_a_sound_claim_is_stale_or_not_checked_and_never_clean(table):
    facts = dict(COMPLETE)
    facts[table] = [{**row, "release": STALE} for row in COMPLETE[table]]
    result = check(dict(SOUND), book_from(facts))
    assert result.verdict in {Verdict.STALE, Verdict.NOT_CHECKED}
    if result.verdict is Verdict.STALE:
        (use,) = result.stale
        assert (use.release, use.covers_to) == ("2026Q2", dt.date(2026, 6, 30))


def test_what_was_not_checked_is_told_by_line_with_family_code_and_date():
    book = book_from({name: rows for name, rows in COMPLETE.items() if name != "mue"})
    result = check({"lines": [{"hcpcs": "99213"}]}, book, *select_rules(["MUE"]))
    assert result.not_checked == (
        NotChecked(1, "MUE", "no release covers 99213 on 2026-07-15 (ncci-mue-practitioner)"),
    )


def test_a_family_that_was_not_asked_for_is_no_gap():
    book = book_from({name: rows for name, rows in COMPLETE.items() if name != "mue"})
    assert check(dict(SOUND), book, *select_rules([], ["MUE"])).verdict is Verdict.CLEAN


def test_a_line_alone_needs_no_table_of_pairs():
    book = book_from({name: rows for name, rows in COMPLETE.items() if name != "ptp"})
    sound = {"diagnoses": ["E119"], "lines": [{"hcpcs": "99213", "diagnosis_pointers": [1]}]}
    assert check(sound, book).verdict is Verdict.CLEAN


def test_an_empty_book_leaves_everything_unchecked():
    result = check(dict(SOUND), book_from({}))
    assert result.verdict is Verdict.NOT_CHECKED
    assert {gap.what for gap in result.not_checked} >= {"PTP", "MUE", "ADD", "COD", "DXV", "POS"}


def test_an_unknown_code_beside_a_known_one_leaves_the_pair_unchecked():
    claim = {"lines": [{"hcpcs": "99213"}, {"hcpcs": "0042T"}]}
    result = check(claim, book_from(COMPLETE), *select_rules(["PTP"]))
    assert result.verdict is Verdict.NOT_CHECKED
    why = "no release covers the pair 99213/0042T on 2026-07-15 (ncci-ptp-practitioner)"
    assert result.not_checked == (NotChecked(2, "PTP", why),)


TABLE_OF_FAMILY = {
    "ADD": "ncci-aoc",
    "CMP": "mpfs-rvu",
    "COD": "mpfs-rvu",
    "MUE": "ncci-mue-practitioner",
    "POS": "mpfs-rvu",
    "QLT": "mpfs-rvu",
}


def test_each_gap_names_the_table_that_is_wanted():
    chosen = select_rules(list(TABLE_OF_FAMILY))
    result = check({"lines": [{"hcpcs": "99213"}]}, book_from({"pos": COMPLETE["pos"]}), *chosen)
    told = {gap.what: gap.why for gap in result.not_checked if gap.line == 1}
    assert told == {what: f"no release covers 99213 on 2026-07-15 ({table})" for what, table in TABLE_OF_FAMILY.items()}


@pytest.mark.parametrize(
    ("given", "table"),
    [
        ({"billing_taxonomy": "332B00000X"}, "ncci-mue-dme"),
        ({"claim_type": "institutional", "bill_type": "13"}, "ncci-mue-outpatient"),
    ],
)
def test_the_limits_wanted_are_those_of_the_biller(given, table):
    claim = {**given, "lines": [{"hcpcs": "J1100", "segment": "SV2" if "bill_type" in given else "SV1"}]}
    result = check(claim, book_from(COMPLETE), *select_rules(["MUE"]))
    assert result.not_checked == (NotChecked(1, "MUE", f"no release covers J1100 on 2026-07-15 ({table})"),)


def test_a_family_that_only_explains_edits_is_never_a_gap():
    claim = {"lines": [{"hcpcs": "80053"}, {"hcpcs": "J1100", "units": 2}]}
    assert "IMG" not in {gap.what for gap in check(claim, book_from({})).not_checked}


def test_a_category_ii_code_lacks_the_fee_schedule_and_no_edits():
    claim = {"lines": [{"hcpcs": "99213"}, {"hcpcs": "1111F", "charge": "0.00"}]}
    facts = {name: rows for name, rows in COMPLETE.items() if name != "mpfs"}
    result = check(claim, book_from(facts | {"ptp": [pair("99213", "36415", released("2026Q3"))]}))
    why = "no release covers 1111F on 2026-07-15 (mpfs-rvu)"
    assert [gap for gap in result.not_checked if gap.line == 2] == [NotChecked(2, "COD", why)]


def test_every_diagnosis_that_no_list_covers_is_named():
    codes = ["E119", "I10", "K2950", "Z9999", "M5450", "R52", "J029", "N390"]
    (gap,) = check({"diagnoses": codes, "lines": []}, book_from({}), *select_rules(["DXV"])).not_checked
    assert gap.why == "the claim has no readable service date"
    (gap,) = check(
        {"diagnoses": codes, "lines": [{"hcpcs": "99213"}]}, book_from({}), *select_rules(["DXV"])
    ).not_checked
    assert gap == NotChecked(
        None, "DXV", "no release covers E11.9, I10, K29.50, Z99.99, M54.50, R52 and 2 more on 2026-07-15 (icd10cm)"
    )


def test_an_anesthesia_code_listed_by_the_pair_edits_is_no_gap_of_the_add_on_edits():
    facts = {"ptp": [pair("00731", "76000", released("2026Q3"))], "aoc": COMPLETE["aoc"]}
    claim = {"lines": [{"hcpcs": "00731"}]}
    assert check(claim, book_from(facts), *select_rules(["ADD"])).not_checked == ()
    part = {**facts, "ptp": [pair("00731", "76000", released("2026Q3", whole=False))]}
    assert check(claim, book_from(part), *select_rules(["ADD"])).verdict is Verdict.NOT_CHECKED
    later = {**facts, "ptp": [pair("00731", "76000", released("2027Q2"))]}
    assert check(claim, book_from(later), *select_rules(["ADD"])).verdict is Verdict.NOT_CHECKED


def test_a_pair_across_two_claims_that_cannot_be_checked_leaves_neither_clean():
    claims = [claim_from({"lines": [{"hcpcs": code}]}, claim_id=code) for code in ("99213", "0042T")]
    report = check_claims(claims, book_from(COMPLETE), rules=select_rules(["PTP"]))
    assert [result.verdict for result in report.claims] == [Verdict.NOT_CHECKED] * 2


def test_a_line_without_a_service_date_leaves_every_family_that_needs_one_unchecked():
    families = ("ADD", "COD", "MUE", "POS", "PTP")
    claim = {"lines": [{"hcpcs": "99213", "service_date": None}]}
    for family in families:
        result = check(claim, book_from(COMPLETE), *select_rules([family]))
        assert result.verdict in {Verdict.NOT_CHECKED, Verdict.DENIED}, family
        assert (1, family) in {(gap.line, gap.what) for gap in result.not_checked}


def test_a_claim_without_any_date_leaves_its_diagnoses_unchecked():
    claim = {"diagnoses": ["E119"], "lines": [{"hcpcs": "99213", "service_date": None}]}
    result = check(claim, book_from(COMPLETE), rule(Severity.DENY, tables=("icd10cm",), check=never))
    assert result.not_checked == (NotChecked(None, "ZZZ", "the claim has no readable service date"),)


def test_each_stale_release_is_told_once_with_the_date_it_covers_to():
    facts = {
        "mue": [{"hcpcs": code, "mue_value": 1, "release": STALE} for code in ("11111", "22222")],
        "aoc": [{"add_on": "11111", "primary": "22222", "release": released("2024Q2")}],
    }
    claim = {"lines": [{"hcpcs": "11111"}, {"hcpcs": "22222"}]}
    rules = [rule(Severity.DENY, tables=("mue", "aoc"), check=never)]
    result = check(claim, book_from(facts), *rules)
    assert result.stale == (
        StaleUse("ncci-aoc", "2024Q2", dt.date(2024, 6, 30)),
        StaleUse("ncci-mue-practitioner", "2026Q2", dt.date(2026, 6, 30)),
    )


def pair(one: str, two: str, release: dict[str, object]) -> dict[str, object]:
    return {"column_one": one, "column_two": two, "modifier_indicator": 1, "release": release}


def test_one_answer_of_many_from_an_older_release_makes_the_claim_stale():
    """The part in force has the pair one way round; the other way round only the quarter before can tell."""
    part = released("2026Q3", whole=False)
    rows = [pair("11111", "22222", part), pair("22222", "44444", STALE), pair("11111", "44444", STALE)]
    facts = {"ptp": rows}
    claim = {"lines": [{"hcpcs": code, "modifiers": ["59"]} for code in ("11111", "22222")]}
    result = check(claim, book_from(facts), *select_rules(["PTP"]))
    assert result.verdict is Verdict.STALE
    assert [use.release for use in result.stale] == ["2026Q2"]


def test_inform_findings_do_not_change_the_verdict():
    report = check_claims([claim_from(SOUND)], book_from(COMPLETE), rules=[rule(Severity.INFORM)])
    assert len(report.findings) == 3
    assert report.claims[0].verdict is Verdict.CLEAN


def test_a_finding_on_one_claim_leaves_the_verdict_of_another_alone():
    claims = [claim_from(SOUND, claim_id="A"), claim_from({**SOUND, "patient_key": "other"}, claim_id="B")]
    wrong = rule(Severity.DENY, scope=Scope.CLAIM, check=lambda claim: claim.line_count == 2)
    claims[1] = replace(claims[1], lines=claims[1].lines[:2])
    report = check_claims(claims, book_from(COMPLETE), rules=[wrong])
    assert [result.verdict for result in report.claims] == [Verdict.CLEAN, Verdict.DENIED]


def count(report: Report) -> int:
    return sum(report.count(verdict) for verdict in Verdict)


def test_every_claim_has_one_verdict():
    claims: list[Claim] = [claim_from({"lines": []}, claim_id=str(number)) for number in range(5)]
    report = check_claims(claims, book_from({}))
    assert count(report) == len(report.claims) == 5


def test_a_release_of_tomorrow_is_no_release_in_force_today():
    facts = dict(COMPLETE)
    facts["mue"] = [{**row, "release": released("2026Q4")} for row in COMPLETE["mue"]]
    assert check(dict(SOUND), book_from(facts), *select_rules(["MUE"])).verdict is Verdict.NOT_CHECKED


def test_the_starter_does_not_make_a_claim_with_a_code_it_lacks_clean(starter_book):
    line = {"hcpcs": "33533", "pos": "21", "diagnosis_pointers": [1]}
    assert check({"diagnoses": ["I2510"], "lines": [line]}, starter_book).verdict is Verdict.NOT_CHECKED
