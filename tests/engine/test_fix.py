"""Fixes: what a finding offers, what is made of it, and that the finding is gone afterwards."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from typer.testing import CliRunner

import cleanclaim
import cleanclaim.rules
from cleanclaim.claims.changes import changed
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import inputs
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.fix.files import fix_files
from cleanclaim.engine.fix.plan import FixPlan, plan_fixes, told
from cleanclaim.engine.run import check_claims
from cleanclaim.errors import InputError, UnreadableFile
from cleanclaim.interfaces.cli.main import app
from cleanclaim.rules.registry import all_rules
from cleanclaim.testing.inline import book_from, claim_from, claims_from
from cleanclaim.types import Change, Finding, Report
from support.plain import claims_of
from support.x12 import PAIR, VISIT, professional

RULES = Path(cleanclaim.rules.__file__).parent

PAIRS = {
    "ptp": [
        {"column_one": "11111", "column_two": "22222", "modifier_indicator": 1},
        {"column_one": "22222", "column_two": "33333", "modifier_indicator": 0},
        {"column_one": "11111", "column_two": "99213", "modifier_indicator": 1},
    ],
    "mpfs": [{"hcpcs": code} for code in ("11111", "22222", "33333", "99213")],
}


def checked(book: dict[str, Any], *lines: dict[str, Any], **claim: Any) -> tuple[Claim, Report]:
    made = claim_from({"lines": list(lines), **claim})
    return made, check_claims([made], book_from(book))


def offered(report: Report, rule: str) -> Finding:
    return next(finding for finding in report.findings if finding.rule == rule)


def mended(claims: list[Claim], report: Report, *, unsafe: bool = True) -> tuple[list[Claim], FixPlan]:
    """The claims with the changes made that the plan chooses."""
    plan = plan_fixes(report.findings, claims, unsafe=unsafe)
    changes = {id(entry.claim): entry.changes for entry in plan.claims}
    return [changed(claim, changes.get(id(claim), ())) for claim in claims], plan


# --- what is offered


def test_a_bundled_line_is_offered_to_be_removed():
    _, report = checked(PAIRS, {"hcpcs": "22222"}, {"hcpcs": "33333"})
    assert offered(report, "PTP001").fix.changes == (Change(2, "line", "33333", ""),)


def test_59_takes_the_place_of_a_modifier_that_cannot_bypass_and_says_that_the_record_decides():
    _, report = checked(PAIRS, {"hcpcs": "11111"}, {"hcpcs": "22222", "modifiers": ["25", "22"]})
    fix = offered(report, "PTP003").fix
    assert fix.changes == (Change(2, "modifiers", "25:22", "22:59"),)
    assert fix.safety == "review"
    assert "59 is added only with --unsafe-fixes" in fix.text
    assert "If the record shows" in fix.text


def test_a_visit_is_offered_25_and_not_59():
    _, report = checked(PAIRS, {"hcpcs": "11111"}, {"hcpcs": "99213", "modifiers": ["59"]})
    fix = offered(report, "PTP003").fix
    assert fix.changes == (Change(2, "modifiers", "59", "25"),)
    assert "25 is added only with --unsafe-fixes" in fix.text


@pytest.mark.parametrize(
    ("column_one", "column_two"),
    [
        ({"hcpcs": "11111", "modifiers": ["RT"]}, {"hcpcs": "99213"}),  # a side says nothing of the visit
        ({"hcpcs": "11111"}, {"hcpcs": "99213", "modifiers": ["91"]}),
        ({"hcpcs": "11111", "modifiers": ["79"]}, {"hcpcs": "99213"}),
        ({"hcpcs": "11111"}, {"hcpcs": "22222", "modifiers": ["91"]}),  # repeated, not distinct
        ({"hcpcs": "11111"}, {"hcpcs": "99152", "modifiers": ["25"]}),  # sedation is never distinct
    ],
)
def test_no_modifier_is_offered_where_none_on_the_claim_says_that_the_services_are_distinct(column_one, column_two):
    book = {
        "ptp": [
            {"column_one": "11111", "column_two": two, "modifier_indicator": 1} for two in ("22222", "99213", "99152")
        ],
        "mpfs": [{"hcpcs": "11111", "global_days": "000"}, {"hcpcs": "22222"}, {"hcpcs": "99213"}],
    }
    _, report = checked(book, column_one, column_two)
    (finding,) = [found for found in report.findings if found.fix.action == "correct-modifier"]
    assert finding.rule in {"PTP003", "PTP008"}
    assert finding.fix.changes == ()


def test_sedation_is_not_removed_where_another_code_of_it_is_paid():
    for indicator, offers in ((1, False), (0, True)):
        book = {"ptp": [{"column_one": "45378", "column_two": "99152", "modifier_indicator": indicator}]}
        _, report = checked(book, {"hcpcs": "45378"}, {"hcpcs": "99152"})
        (finding,) = [found for found in report.findings if found.rule.startswith("PTP")]
        assert bool(finding.fix.changes) is offers


@pytest.mark.parametrize(
    ("indicator", "modifier", "taken_off"),
    [("0", "26", True), ("2", "26", True), ("3", "TC", True), ("2", "TC", False), ("3", "26", False)]
    + [("4", modifier, False) for modifier in ("26", "TC")],
)
def test_26_and_tc_stay_where_the_code_alone_is_another_share(indicator, modifier, taken_off):
    book = {"mpfs": [{"hcpcs": "11111", "pc_tc_indicator": indicator}]}
    _, report = checked(book, {"hcpcs": "11111", "modifiers": [modifier]})
    changes = offered(report, "CMP001").fix.changes
    assert changes == ((Change(1, "modifiers", modifier, ""),) if taken_off else ())


def test_no_safe_fix_of_any_rule_adds_59_25_or_an_x_modifier():
    for loaded, case in every_case():
        report = check_claims(claims_from(case), book_from(case.get("book", {})), rules=[loaded])
        for finding in report.findings:
            for change in finding.fix.changes:
                if change.element == "modifiers" and finding.fix.safety == "safe":
                    added = set(change.new.split(":")) - set(change.old.split(":"))
                    assert not added & {"59", "25", "XE", "XS", "XP", "XU"}, (loaded.rule.code, case["name"])


def test_a_code_without_imaging_becomes_its_partner_and_the_guidance_goes():
    book = {
        "ptp": [{"column_one": "62322", "column_two": "77003", "modifier_indicator": 1}],
        "mpfs": [{"hcpcs": "62322"}, {"hcpcs": "77003", "global_days": "ZZZ"}],
        "imaging": [
            {"hcpcs": "62322", "state": "without", "partner": "62323", "modality": "fluoroscopy"},
            {"hcpcs": "77003", "state": "guidance", "modality": "fluoroscopy"},
        ],
    }
    _, report = checked(book, {"hcpcs": "62322"}, {"hcpcs": "77003"})
    (finding,) = [found for found in report.findings if found.fix.action == "replace-code"]
    assert finding.fix.changes == (Change(1, "hcpcs", "62322", "62323"), Change(2, "line", "77003", ""))


def test_guidance_billed_by_the_needle_becomes_one_unit_at_its_share_of_the_charge():
    lines = [{"hcpcs": "76942", "units": 2, "charge": "200.00"}, {"hcpcs": "76942", "units": 1, "charge": "90.00"}]
    claim, report = checked({"mpfs": [{"hcpcs": "76942"}]}, *lines)
    assert offered(report, "IMG006").fix.changes == (
        Change(1, "units", "2", "1"),
        Change(1, "charge", "200.00", "100.00"),
        Change(2, "line", "76942", ""),
    )
    (now,), _ = mended([claim], report)
    assert [(line.units, line.charge) for line in now.lines] == [(1, 100)]
    assert now.total_charge == 100


def test_units_whose_charge_does_not_divide_into_cents_are_left_to_someone():
    _, report = checked({"mpfs": [{"hcpcs": "76942"}]}, {"hcpcs": "76942", "units": 3, "charge": "100.00"})
    assert offered(report, "IMG006").fix.changes == ()


def test_a_measure_is_billed_at_nothing_and_that_is_safe():
    measure = {"hcpcs": "4324F", "charge": "25.00"}
    claim, report = checked(
        {"mpfs": [{"hcpcs": "4324F", "status_indicator": "I"}]}, {"hcpcs": "99213"}, measure, filing_indicator="MB"
    )
    fix = offered(report, "QLT001").fix
    assert fix.changes == (Change(2, "charge", "25.00", "0.00"),)
    assert fix.safety == "safe"
    (now,), plan = mended([claim], report, unsafe=False)
    assert now.total_charge == 100
    assert "claim C1: total charge 125.00 -> 100.00 (QLT001)" in " ".join(told(plan))


def test_the_total_becomes_the_sum_of_the_lines_as_they_are_in_the_end():
    lines = [{"hcpcs": "22222", "charge": "70.00"}, {"hcpcs": "33333", "charge": "30.00"}]
    claim, report = checked(PAIRS, *lines, total_charge="500.00")
    assert offered(report, "FMT007").fix.changes == (Change(None, "charge", "500.00", "100.00"),)
    (now,), _ = mended([claim], report)
    assert now.total_charge == 70


def test_a_total_that_was_wrong_stays_wrong_by_as_much_unless_it_is_mended():
    claim, report = checked(PAIRS, {"hcpcs": "22222"}, {"hcpcs": "33333"}, total_charge="500.00")
    plan = plan_fixes([offered(report, "PTP001")], [claim], unsafe=True)
    assert plan.claims[0].total == Change(None, "charge", "500.00", "400.00")


def test_the_modifier_that_contradicts_is_offered_to_be_removed():
    book = {"mpfs": [{"hcpcs": "11111", "pc_tc_indicator": "0"}]}
    _, report = checked(book, {"hcpcs": "11111", "modifiers": ["LT", "26"]})
    assert offered(report, "CMP001").fix.changes == (Change(1, "modifiers", "LT:26", "LT"),)


def test_of_two_modifiers_that_contradict_each_other_none_is_chosen():
    book = {"mpfs": [{"hcpcs": "11111", "pc_tc_indicator": "1"}]}
    _, report = checked(book, {"hcpcs": "11111", "modifiers": ["26", "TC"]})
    assert offered(report, "CMP002").fix.changes == ()


def test_a_modifier_in_whose_place_another_belongs_is_not_just_taken_away():
    """Without 73 the line would bill the procedure that was stopped as a whole one."""
    _, report = checked({"mpfs": [{"hcpcs": "45378"}]}, {"hcpcs": "45378", "modifiers": ["73"]})
    assert offered(report, "MOD035").fix.changes == ()


def test_a_repeated_modifier_is_offered_to_stand_once():
    _, report = checked({}, {"hcpcs": "11111", "modifiers": ["RT", "59", "RT"]})
    assert offered(report, "FMT014").fix.changes == (Change(1, "modifiers", "RT:59:RT", "RT:59"),)


def test_a_pointer_to_no_diagnosis_goes_where_another_stays():
    _, report = checked({}, {"hcpcs": "11111", "diagnosis_pointers": [1, 4]}, diagnoses=["I10"])
    assert offered(report, "DXV006").fix.changes == (Change(1, "diagnosis_pointers", "1:4", "1"),)
    _, report = checked({}, {"hcpcs": "11111", "diagnosis_pointers": [4]}, diagnoses=["I10"])
    assert offered(report, "DXV006").fix.changes == ()


def test_a_repeated_diagnosis_goes_and_the_pointers_move():
    line = {"hcpcs": "11111", "diagnosis_pointers": [3, 2, 4]}
    claim, report = checked({}, line, diagnoses=["I10", "E119", "I10", "K222"])
    assert offered(report, "DXV004").fix.changes == (
        Change(None, "diagnoses", "I10:E119:I10:K222", "I10:E119:K222"),
        Change(1, "diagnosis_pointers", "3:2:4", "1:2:3"),
    )
    (now,), _ = mended([claim], report)
    assert [diagnosis.code for diagnosis in now.diagnoses] == ["I10", "E119", "K222"]


def test_the_choices_for_a_missing_digit_are_told_and_never_made():
    codes = [{"icd10cm": "K210", "billable": False}, {"icd10cm": "K2100"}, {"icd10cm": "K2101"}]
    _, report = checked({"icd10cm": codes}, {"hcpcs": "11111", "diagnosis_pointers": [1]}, diagnoses=["K210"])
    fix = offered(report, "DXV002").fix
    assert fix.text.endswith("Billable under it: K21.00, K21.01.")
    assert fix.changes == ()


def test_a_value_that_is_not_of_its_field_is_never_told_in_a_change():
    book = {"mpfs": [{"hcpcs": "11111", "pc_tc_indicator": "0"}]}
    _, report = checked(book, {"hcpcs": "11111", "modifiers": ["26", "QUILLFEATHER"]})
    assert offered(report, "CMP001").fix.changes == ()
    assert "QUILLFEATHER" not in repr(report.findings)


# --- what is chosen


def test_without_unsafe_fixes_what_someone_must_look_at_is_left_and_counted():
    claim, report = checked(PAIRS, {"hcpcs": "22222"}, {"hcpcs": "33333"})
    (now,), plan = mended([claim], report, unsafe=False)
    assert now == claim
    assert plan.for_review == 1
    assert "--unsafe-fixes makes them" in " ".join(told(plan))


def test_a_line_bundled_into_one_that_goes_itself_stays():
    lines = [{"hcpcs": "33333"}, {"hcpcs": "22222"}, {"hcpcs": "11111"}]
    claim, report = checked(PAIRS, *lines)
    assert {finding.line for finding in report.findings if finding.rule.startswith("PTP")} == {1, 2}
    (now,), plan = mended([claim], report)
    assert [line.hcpcs for line in now.lines] == ["33333", "11111"]
    assert [left.why for left in plan.left] == ["line 2, beside which it was found, is removed"]


def test_a_claim_is_never_left_without_lines():
    book = {"mpfs": [{"hcpcs": "11111", "status_indicator": "B"}]}
    claim, report = checked(book, {"hcpcs": "11111"})
    removing = [finding for finding in report.findings if any(c.element == "line" for c in finding.fix.changes)]
    assert removing, "the claim's only line is offered to be removed"
    (now,), plan = mended([claim], report)
    assert now.lines == claim.lines
    assert "no line would be left" in plan.left[0].why


def test_the_second_of_two_changes_that_contradict_is_left_and_said():
    claim, report = checked(PAIRS, {"hcpcs": "22222", "modifiers": ["25"]}, {"hcpcs": "11111"})
    first = offered(report, "PTP003")
    other = check_claims([claim], book_from(PAIRS)).findings[0]
    against = type(first)(
        **{name: getattr(other, name) for name in other.__dataclass_fields__}
        | {"rule": "ZZZ001", "fix": type(first.fix)("x", "review", "", (Change(1, "modifiers", "25", "LT"),))}
    )
    plan = plan_fixes([first, against], [claim], unsafe=True)
    assert [made.finding.rule for made in plan.claims[0].made] == ["PTP003"]
    assert plan.left[0].why == "another change of the modifiers of line 1 is made"


def test_a_line_that_repeats_the_total_keeps_a_claim_from_being_changed():
    lines = [{"hcpcs": "22222"}, {"hcpcs": "33333"}, {"hcpcs": "", "revenue_code": "0001", "charge": "200.00"}]
    claim, report = checked(PAIRS, *lines, total_charge="200.00")
    (now,), plan = mended([claim], report)
    assert now == claim
    assert any("0001" in left.why for left in plan.left)


def test_two_claims_of_one_number_without_a_place_are_left():
    claim, report = checked(PAIRS, {"hcpcs": "22222"}, {"hcpcs": "33333"})
    twin = claim_from({"lines": [{"hcpcs": "11111"}], "byte": None})
    plan = plan_fixes(report.findings, [claim, twin], unsafe=True)
    assert plan.claims == ()
    assert "more than one claim" in plan.left[0].why


# --- a fix clears its finding


def every_case() -> list[tuple[Any, dict[str, Any]]]:
    found = []
    for loaded in all_rules():
        path = RULES / loaded.rule.family.lower() / f"{loaded.rule.code}.cases.yaml"
        if path.exists():
            cases = yaml.safe_load(path.read_text(encoding="utf-8"))
            found += [(loaded, case) for case in cases if case["expect"] and "rules" not in case]
    return found


def told_apart(claims: list[Claim]) -> list[Claim]:
    """The claims with a control number on each line, by which it is known wherever it moves."""
    return [
        replace(claim, lines=tuple(replace(line, control_number=f"{number}/{line.line_no}") for line in claim.lines))
        for number, claim in enumerate(claims)
    ]


def counted(findings: Iterable[Finding], claims: Iterable[Claim]) -> Counter[tuple[object, ...]]:
    """Findings by claim, rule, codes and the line's control number."""
    lines = {(claim.claim_id, line.line_no): line.control_number for claim in claims for line in claim.lines}
    return Counter((f.claim, f.rule, f.codes, lines.get((f.claim, f.line or 0))) for f in findings)


def assert_cleared(claims: Sequence[Claim], report: Report, now: Sequence[Claim], again: Report, plan: FixPlan) -> None:
    """What was made of the plan is reported no more, and nothing is newly wrong with the form of a claim."""
    made = counted((made.finding for entry in plan.claims for made in entry.made), claims)
    left = counted(report.findings, claims) - made
    still = counted(again.findings, now)
    assert {key: still[key] for key in made if still[key] > left[key]} == {}
    before = Counter(f.rule for f in report.findings if f.rule.startswith("FMT"))
    assert not Counter(f.rule for f in again.findings if f.rule.startswith("FMT")) - before


def test_the_fix_of_every_firing_case_of_every_rule_clears_its_finding():
    offering = set()
    for loaded, case in every_case():
        claims, book = told_apart(claims_from(case)), book_from(case.get("book", {}))
        report = check_claims(claims, book, rules=[loaded])
        now, plan = mended(claims, report)
        if plan.claims:
            offering.add(loaded.rule.code)
            assert_cleared(claims, report, now, check_claims(now, book, rules=[loaded]), plan)
    assert len(offering) >= 12


@settings(max_examples=80)
@given(claims_of(("11111", "22222", "33333", "99213"), ("59", "91", "26", "LT", "RT"), most_claims=2, most_lines=5))
def test_fixing_any_claims_clears_what_was_fixed(claims):
    claims, book = told_apart(claims), book_from(PAIRS)
    report = check_claims(claims, book)
    now, plan = mended(claims, report)
    assert_cleared(claims, report, now, check_claims(now, book), plan)
    assert all(claim.lines for claim in now)


# --- files


def bundled(folder: Path, name: str = "a.837") -> Path:
    path = folder / name
    path.write_text(professional(PAIR, VISIT), encoding="utf-8")
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_the_fixed_file_is_checked_without_the_finding(tmp_path):
    source, target = bundled(tmp_path), tmp_path / "fixed.837"
    done = run(source, "--fix", "--unsafe-fixes", "--fixed", target, "--format", "json")
    assert done.exit_code == 1, "the report tells of the claims as they came"
    notes = json.loads(done.stdout)["notes"]
    assert f"Fixed: {source} claim PAIR-1 line 2: 74360 removed (PTP001)." in notes
    assert f"Fixed: {source} claim PAIR-1: total charge 200.00 -> 100.00 (PTP001)." in notes
    assert "1 change on 1 claim written to" in done.stderr
    again = json.loads(run(target, "--format", "json").stdout)
    assert "PTP001" not in {finding["rule"] for finding in again["findings"]}
    assert [claim["claim"] for claim in again["claims"]] == ["PAIR-1", "VISIT-2"]


def test_fix_alone_makes_no_change_that_someone_must_look_at(tmp_path):
    source, target = bundled(tmp_path), tmp_path / "fixed.837"
    run(source, "--fix", "--fixed", target)
    assert target.read_bytes() == source.read_bytes()


def test_several_files_are_written_into_a_folder_under_their_names(tmp_path):
    one, two, target = bundled(tmp_path), bundled(tmp_path, "b.837"), tmp_path / "fixed"
    run(one, two, "--fix", "--unsafe-fixes", "--fixed", target)
    assert sorted(path.name for path in target.iterdir()) == ["a.837", "b.837"]
    assert "74360" not in (target / "b.837").read_text(encoding="utf-8")


def test_input_files_are_never_written_over(tmp_path):
    source = bundled(tmp_path)
    before = source.read_bytes()
    for target in (source, tmp_path):
        done = run(source, "--fix", "--unsafe-fixes", "--fixed", target)
        assert "that is an input file" in str(done.exception)
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--fix"], "needs --fixed"), (["--fixed", "x"], "give --fix"), (["--unsafe-fixes"], "give --fix")],
)
def test_half_a_request_is_refused(tmp_path, arguments, said):
    done = run(bundled(tmp_path), *arguments)
    assert isinstance(done.exception, InputError)
    assert said in str(done.exception)


ROWS = """claim_id,patient_id,billing_npi,payer_id,hcpcs,units,charge,service_date
C1,P1,1234567893,MB,43214,1,100.00,2026-07-15
C1,P1,1234567893,MB,74360,1,100.00,2026-07-15
"""


@pytest.mark.parametrize("names", [["a.csv"], ["a.csv", "b.csv"]])
def test_without_an_837_there_is_nothing_to_fix_and_nothing_is_written(tmp_path, names):
    target = tmp_path / "fixed"
    for name in names:
        (tmp_path / name).write_text(ROWS, encoding="utf-8")
    done = run(*(tmp_path / name for name in names), "--fix", "--fixed", target)
    assert isinstance(done.exception, InputError)
    assert "X12 837 files only, and this is csv" in str(done.exception)
    assert not target.exists()


def test_the_837_files_of_a_folder_are_fixed_and_the_rest_is_told(tmp_path):
    folder, target = tmp_path / "in", tmp_path / "fixed"
    folder.mkdir()
    source, other = bundled(folder), folder / "b.csv"
    other.write_text(ROWS, encoding="utf-8")
    done = run(folder, "--fix", "--unsafe-fixes", "--fixed", target, "--format", "json")
    assert done.exit_code == 1
    assert [path.name for path in target.iterdir()] == ["a.837"]
    assert "74360" not in (target / "a.837").read_text(encoding="utf-8")
    notes = json.loads(done.stdout)["notes"]
    assert f"Fixed: {source} claim PAIR-1 line 2: 74360 removed (PTP001)." in notes
    assert f"Not fixed: {other} claim C1 line 2 PTP001: fixes are not written into csv." in notes
    assert f"Not fixed: {other}: fixes are written into X12 837 files only." in notes
    assert "no X12 837, and left as they are: 1." in done.stderr
    assert other.read_text(encoding="utf-8") == ROWS


def test_two_inputs_of_one_name_are_refused(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        bundled(tmp_path / folder)
    done = run(tmp_path / "one", tmp_path / "two", "--fix", "--fixed", tmp_path / "fixed")
    assert "Two input files are called a.837" in str(done.exception)


def test_an_archive_is_written_unpacked(tmp_path):
    packed = tmp_path / "a.837.gz"
    packed.write_bytes(gzip.compress(bundled(tmp_path).read_bytes()))
    (tmp_path / "fixed").mkdir()
    run(packed, "--fix", "--unsafe-fixes", "--fixed", tmp_path / "fixed")
    assert (tmp_path / "fixed" / "a.837").read_bytes().startswith(b"ISA")


def test_on_a_claim_another_payer_adjudicated_only_the_amounts_are_left(tmp_path):
    source, target = tmp_path / "a.837", tmp_path / "fixed.837"
    text = professional(PAIR).replace("***1~", "***1:1~").replace("LX*2~", "SVD*OTHER*40*HC:43214**1~\nLX*2~")
    source.write_text(text, encoding="utf-8")
    done = run(source, "--fix", "--unsafe-fixes", "--fixed", target, "--format", "json")
    notes = json.loads(done.stdout)["notes"]
    assert any("PTP001: another payer's adjudication (SVD)" in note for note in notes)
    assert target.read_text(encoding="utf-8") == text.replace("***1:1~", "***1~", 1), "line 2 was to go, and stays"


def test_what_is_set_aside_is_not_fixed(tmp_path):
    source, target, path = bundled(tmp_path), tmp_path / "fixed.837", tmp_path / "s.yaml"
    path.write_text("suppressions:\n- {rule: PTP001, reason: agreed}\n", encoding="utf-8")
    run(source, "--suppressions", path, "--fix", "--unsafe-fixes", "--fixed", target)
    assert "74360" in target.read_text(encoding="utf-8")


def test_python_makes_the_same_changes_on_claim_records():
    claim, report = checked(PAIRS, {"hcpcs": "22222"}, {"hcpcs": "33333"})
    assert cleanclaim.fix([claim], report).claims == (claim,)
    done = cleanclaim.fix([claim], report, unsafe=True)
    assert [line.hcpcs for line in done.claims[0].lines] == ["22222"]
    assert any("33333 removed (PTP001)" in note for note in done.notes)


@pytest.mark.published
def test_fixing_the_published_files_clears_what_was_fixed(published, published_book, tmp_path):
    made = 0
    for path in sorted((published / "claims").rglob("*")):
        if not path.is_file() or not path.read_bytes().startswith(b"ISA") or path.stat().st_size > 300_000:
            continue
        try:
            check = check_paths([path], published_book)
        except UnreadableFile:  # another transaction
            continue
        done = fix_files(inputs([path]), check.claims, check.report.findings, unsafe=True)
        files, plan = done.files, done.plan
        target = tmp_path / "fixed.837"
        target.write_bytes(files[0].content)
        again = check_paths([target], published_book)
        assert_cleared(check.claims, check.report, again.claims, again.report, plan)
        made += sum(len(entry.made) for entry in plan.claims)
    assert made > 40
