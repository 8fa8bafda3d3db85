"""Claims sent before: they are looked at and never reported; what was replaced or voided counts nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cleanclaim
from cleanclaim.claims.model import Claim
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.history import earlier_claims
from cleanclaim.engine.run import check_claims
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.main import app
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from
from cleanclaim.types import Finding, Report, Verdict
from support.x12 import PAIR, VISIT, Patient, professional

SURGERY_DAY = dt.date(2026, 7, 6)
VISIT_DAY = dt.date(2026, 7, 24)
BOOK = book_from(
    {
        "mpfs": [{"hcpcs": "11111", "global_days": "090"}, {"hcpcs": "99213"}, {"hcpcs": "22222"}],
        "mue": [{"hcpcs": "22222", "mue_value": 2}, {"hcpcs": "11111", "mue_value": 1}],
        "ptp": [{"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}],
        "aoc": [{"add_on": "33333", "primary": "11111"}],
    }
)
SERVICES = ("GLO", "PTP", "MUE", "ADD", "DUP")


def claim(claim_id: str, *codes: str, day: dt.date = VISIT_DAY, **fields: Any) -> Claim:
    units = fields.pop("units", "1")
    lines = [{"hcpcs": code, "service_date": day, "units": units} for code in codes]
    return claim_from(fields | {"lines": lines}, claim_id=claim_id)


def check(
    claims: Sequence[Claim], history: Sequence[Claim] | None = None, families: Sequence[str] = SERVICES
) -> Report:
    return check_claims(claims, BOOK, rules=select_rules(families), history=history)


def found(report: Report) -> set[tuple[str, str, int | None, tuple[str, ...]]]:
    return {(entry.rule, entry.claim, entry.line, entry.related_claims) for entry in report.findings}


# --- what takes part


@pytest.mark.parametrize(
    ("claims", "history", "expected"),
    [
        ([claim("B", "99213")], [claim("A", "11111", day=SURGERY_DAY)], ("GLO001", "B", 1, ("A",))),
        ([claim("B", "22222")], [claim("A", "11111")], ("PTP001", "B", 1, ("A",))),
        ([claim("B", "22222")], [claim("A", "22222", units="2")], ("MUE003", "B", 1, ("A",))),
        ([claim("B", "22222", "99213")], [claim("A", "22222")], ("DUP001", "B", 1, ("A",))),
        ([claim("B", "22222")], [claim("A", "22222")], ("DUP002", "B", None, ("A",))),
        ([claim("B", "99203")], [claim("A", "99213", day=dt.date(2024, 7, 24))], ("GLO010", "B", 1, ("A",))),
    ],
)
def test_edits_look_at_claims_sent_before_and_name_them(claims, history, expected):
    assert expected in found(check(claims, history))
    assert expected not in found(check(claims))


def test_an_add_on_finds_its_primary_in_the_history():
    add_on, primary = claim("B", "33333"), claim("A", "11111")
    assert {entry.rule for entry in check([add_on]).findings} == {"ADD001"}
    assert check([add_on], [primary]).findings == ()


def test_the_history_is_neither_counted_nor_reported():
    history = [claim("A", "11111", "22222", "22222", total_charge="1.00"), claim("Z", "11111", patient_key="stranger")]
    report = check([claim("B", "99213", day=dt.date(2026, 7, 1))], history)
    assert [result.claim for result in report.claims] == ["B"]
    assert (report.lines, report.findings, report.amount_at_risk) == (1, (), Decimal(0))
    assert any("1 other claim of the same patients" in note for note in report.notes)


def test_the_order_of_the_input_and_what_is_at_risk_are_the_inputs_own():
    history = [claim("A", "22222", units="2")]
    report = check([claim("B", "22222"), claim("C", "22222", "99213")], history, ["MUE"])
    assert [(entry.claim, entry.amount_at_risk) for entry in report.findings] == [
        ("B", Decimal("100.00")),
        ("C", Decimal("100.00")),
    ]


def test_a_payment_that_may_be_taken_back_is_told_in_a_note():
    report = check([claim("B", "11111")], [claim("A", "22222")])
    assert report.findings == ()
    assert any("claim A of the history" in note for note in report.notes)


def test_without_a_history_the_report_says_so_where_it_matters():
    def says_so(claims: Sequence[Claim], history: Sequence[Claim] | None = None, family: str = "GLO") -> bool:
        return any("--history" in note for note in check(claims, history, [family]).notes)

    assert says_so([claim("B", "99213")])
    assert says_so([claim("B", "99203")])
    assert not says_so([claim("B", "80053")])
    assert not says_so([claim("B", "99213")], [])
    assert not says_so([claim("B", "99213")], family="PTP")


def test_a_surgery_of_unknown_global_days_in_the_history_leaves_the_visit_unchecked():
    history = [claim("A", "11111", day=dt.date(2026, 6, 20))]
    (result,) = check([claim("B", "99213")], history, ["GLO"]).claims
    assert result.verdict is Verdict.NOT_CHECKED
    assert "11111 on 2026-06-20" in result.not_checked[0].why
    (far,) = check([claim("B", "99213", day=dt.date(2026, 9, 30))], history, ["GLO"]).claims
    assert far.verdict is Verdict.CLEAN


# --- the same claim, or one sent again


def test_a_claim_is_no_duplicate_of_itself_in_the_history():
    made = {"submitted_on": dt.date(2026, 7, 25)}
    checked = claim("A", "22222", units="2", **made)
    again = claim("A", "22222", units="2", file="archive.837", byte=77, **made)
    assert found(check([checked], [again, again])) == set()


def test_a_claim_made_again_on_another_day_was_sent_twice():
    first = claim("A", "22222", submitted_on=dt.date(2026, 7, 25))
    second = claim("A", "22222", submitted_on=dt.date(2026, 8, 2))
    assert found(check([second], [first])) == {("DUP002", "A", None, ("A",))}


def test_another_content_under_the_same_number_is_another_claim():
    assert ("DUP001", "A", 1, ("A",)) in found(check([claim("A", "22222", "99213")], [claim("A", "22222")]))


def test_the_history_is_of_the_patients_checked_and_in_the_order_it_was_made():
    late, early = (claim(name, "99213", submitted_on=dt.date(2026, 1, day)) for name, day in (("L", 9), ("E", 2)))
    unnamed, stranger = claim("N", "99213", patient_key=""), claim("S", "99213", patient_key="other")
    kept = earlier_claims([claim("B", "99213"), unnamed], [late, unnamed, stranger, early, late])
    assert [entry.claim_id for entry in kept] == ["E", "L"]


# --- replaced and voided


@pytest.mark.parametrize("in_history", [True, False])
@pytest.mark.parametrize("reference", ["A", "PAYER-NUMBER"])
def test_a_replacement_stands_in_place_of_the_claim_it_replaces(in_history, reference):
    replaced = claim("A", "22222", units="2")
    number = "A" if reference != "A" else "B"
    replacement = claim(number, "22222", units="2", frequency="7", original_reference=reference)
    other = claim("C", "99213")
    report = check([replacement, other], [replaced]) if in_history else check([replaced, replacement, other])
    assert report.findings == ()


def test_a_replacement_whose_original_is_at_hand_meets_the_other_claims():
    replaced = claim("A", "99213")
    replacement = claim("B", "22222", frequency="7", original_reference="A")
    report = check([replacement], [claim("C", "11111"), replaced])
    assert ("PTP001", "B", 1, ("C",)) in found(report)


def test_a_replacement_whose_original_is_not_at_hand_is_looked_at_alone():
    replacement = claim("B", "22222", units="2", frequency="7", original_reference="X")
    assert check([replacement], [claim("A", "22222", units="2")]).findings == ()


def test_a_number_used_again_for_another_day_or_biller_replaces_nothing():
    replacement = claim("A", "99213", frequency="7", original_reference="X")
    for history in (
        claim("A", "11111", day=SURGERY_DAY),
        claim("A", "11111", billing_npi="1992999007"),
        claim("A", "11111", payer_id="67890"),
    ):
        (before,) = earlier_claims([replacement], [history])
        report = check([replacement, claim("C", "22222", day=before.lines[0].service_from or VISIT_DAY)], [before])
        if before.billing_npi == replacement.billing_npi and before.payer_id == replacement.payer_id:
            assert ("PTP001", "C", 1, ("A",)) in found(report)


def test_the_second_replacement_replaces_the_first():
    chain = [
        claim("A", "22222"),
        claim("B", "22222", frequency="7", original_reference="A"),
        claim("C", "22222", frequency="7", original_reference="A", submitted_on=dt.date(2026, 8, 2)),
    ]
    assert check([claim("D", "22222")], chain, ["MUE"]).findings == ()
    assert {entry.rule for entry in check([claim("D", "22222", units="2")], chain, ["MUE"]).findings} == {"MUE003"}


def test_a_void_takes_its_claim_back_and_is_checked_for_form_only():
    original = claim("A", "11111", "22222")
    void = claim("V", "11111", "22222", frequency="8", original_reference="A")
    anew = claim("N", "11111")
    report = check([original, void, anew], families=("PTP", "DUP", "FMT", "MUE"))
    of_void: list[Finding] = [entry for entry in report.findings if entry.claim == "V"]
    assert {entry.rule[:3] for entry in of_void} <= {"FMT"}
    assert not [entry for entry in report.findings if entry.claim == "N" and entry.rule[:3] != "FMT"]
    assert any("frequency 8" in note for note in report.notes)


def test_a_void_that_can_be_read_is_clean_although_no_table_is_loaded():
    void = claim("V", "11111", frequency="8", original_reference="A")
    (result,) = check_claims([void], book_from({}), rules=select_rules(["PTP", "MUE", "GLO", "DUP"])).claims
    assert result.verdict is Verdict.CLEAN
    (nameless,) = check([claim("V", "11111", frequency="8")]).findings
    assert nameless.rule == "DUP003"


# --- files


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="ascii")
    return path


EDIT = book_from({"ptp": [{"column_one": "43214", "column_two": "74360"}]})


def test_a_void_of_a_claim_with_small_letters_in_its_number_takes_it_back_from_rows(tmp_path):
    head = "claim_id,patient_id,billing_npi,payer_id,service_date,frequency,original_reference,charge,hcpcs\n"
    shared = "P1,1234567893,MB,2026-07-15"
    rows = [f"aB7,{shared},1,,100,43214", f"n1,{shared},1,,100,74360", f"v1,{shared},8,aB7,100,43214"]
    with_void = check_paths([put(tmp_path, "a.csv", head + "\n".join(rows))], EDIT, rules=select_rules(["PTP"]))
    assert found(with_void.report) == set()
    without = check_paths([put(tmp_path, "b.csv", head + "\n".join(rows[:2]))], EDIT, rules=select_rules(["PTP"]))
    assert {entry[:2] for entry in found(without.report)} == {("PTP001", "n1")}


def test_a_history_file_takes_part_and_is_counted_in_a_note(tmp_path):
    checked = put(tmp_path, "new.837", professional(("B", ["74360"])))
    history = put(tmp_path, "old.837", professional(("A", ["43214"]), ("A2", ["99213"])))
    outcome = check_paths([checked], EDIT, rules=select_rules(["PTP"]), history=[history])
    assert found(outcome.report) == {("PTP001", "B", 1, ("A",))}
    assert [count.file for count in outcome.report.files] == [str(checked)]
    assert any("2 claims read" in note for note in outcome.report.notes)


def test_a_history_that_holds_the_file_itself_changes_nothing(tmp_path):
    checked = put(tmp_path, "new.837", professional(PAIR, VISIT))
    alone = check_paths([checked], EDIT).report.findings
    assert check_paths([checked], EDIT, history=[tmp_path]).report.findings == alone


def test_nothing_of_a_history_is_lost_silently(tmp_path):
    checked = put(tmp_path, "new.837", professional(VISIT))
    broken = put(tmp_path, "old.837", professional(("A", ["43214"])).replace("SV1*HC:43214*100", "SV1*HC:43214*1X0"))
    missing = tmp_path / "absent.837"
    outcome = check_paths([checked], EDIT, history=[broken, missing])
    assert len(outcome.unusable) == 1
    assert {reject.file for reject in outcome.report.rejects} >= {str(missing)}
    assert all(reject.reason.startswith("history: ") and reject.claims == 0 for reject in outcome.report.rejects)
    assert sum(count.rejected for count in outcome.report.files) == 0


def test_no_patient_of_a_history_is_named(tmp_path):
    checked = put(tmp_path, "new.837", professional(("B", ["74360"])))
    history = put(tmp_path, "old.837", professional(("A", ["43214"])))
    said = repr(check_paths([checked], EDIT, history=[history]).report)
    assert not [secret for secret in Patient().secrets if secret in said]


def test_the_command_and_the_python_door_take_a_history(tmp_path, monkeypatch):
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "book"))
    checked = put(tmp_path, "new.837", professional(("B", ["74360"])))
    history = put(tmp_path, "old.837", professional(("A", ["43214"])))
    report = cleanclaim.check(checked, select=["PTP"], history=history)
    assert {entry.related_claims for entry in report.findings} == {("A",)}
    arguments = ["check", str(checked), "--select", "PTP", "--format", "jsonl"]
    alone = CliRunner().invoke(app, arguments)
    beside = CliRunner().invoke(app, [*arguments, "--history", str(history)])
    assert (alone.exit_code, beside.exit_code) == (0, 1)
    gone = CliRunner().invoke(app, [*arguments, "--history", str(tmp_path / "absent")])
    assert gone.exit_code == 2


def test_paths_and_records_do_not_mix():
    with pytest.raises(InputError, match="both"):
        cleanclaim.check([claim("B", "99213")], history="old.837")
