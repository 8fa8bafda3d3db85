"""The report a biller reads: what it says, how wide it is, and that nothing in a claims file can disturb it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from forms import golden
from hypothesis import given
from hypothesis import strategies as st
from reports import ACROSS, BUNDLED, EMPTY, FULL, WHOLE_CLAIM

from cleanclaim.render import text_report
from cleanclaim.render.dollars import dollars_told
from cleanclaim.render.text_report import gaps_by_reason
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import ClaimResult, NotChecked, Place, Reject, Report, Total, Totals, Verdict

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def render(report: Report, width: int = 100) -> list[str]:
    return text_report.render(report, width=width).splitlines()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_whole_report_at_a_width(width):
    written = text_report.render(FULL, width=width).encode()
    assert written == golden(f"full_{width}.txt", written)


@pytest.mark.parametrize("width", [60, 61, 72, 80, 99, 120])
def test_no_line_is_wider_than_asked(width):
    assert max(map(len, render(FULL, width))) <= width


@pytest.mark.parametrize(("asked", "given_"), [(1, 60), (59, 60), (121, 120), (10_000, 120)])
def test_a_width_no_one_can_read_is_brought_into_bounds(asked, given_):
    assert render(FULL, asked) == render(FULL, given_)


def test_colour_changes_how_it_looks_and_not_what_it_says():
    coloured = text_report.render(FULL, width=80, colour=True)
    assert ANSI.search(coloured)
    assert ANSI.sub("", coloured) == text_report.render(FULL, width=80)


def test_an_empty_report_says_so():
    assert render(EMPTY) == ["0 claims, 0 lines: 0 denied, 0 review, 0 not checked, 0 stale, 0 clean."]


def test_claims_stand_worst_first_then_by_dollars():
    risks = {"A": "10.00", "B": "30.00", "C": "20.00"}
    claims = [ClaimResult(name, "f", Verdict.DENIED, amount_at_risk=Decimal(risk)) for name, risk in risks.items()]
    claims.insert(0, ClaimResult("R", "f", Verdict.REVIEW))
    findings = [replace(BUNDLED, claim=name, at=Place("f")) for name in "RABC"]
    lines = render(Report((), tuple(claims), tuple(findings), (), 4))
    heads = [line for line in lines if line.startswith(("DENIED", "REVIEW"))]
    assert [re.search(r"claim (\w)", head)[1] for head in heads] == ["B", "C", "A", "R"]


def test_two_claims_of_one_number_stand_together_with_the_worse_verdict_and_the_dollars_of_both():
    claims = tuple(
        ClaimResult("A", "f", verdict, amount_at_risk=Decimal(risk))
        for verdict, risk in ((Verdict.REVIEW, 0), (Verdict.DENIED, "12.50"), (Verdict.DENIED, "7.50"))
    )
    lines = render(Report((), claims, (replace(BUNDLED, claim="A", at=Place("f")),), (), 3))
    heads = [line for line in lines if "claim A" in line]
    assert heads == ["DENIED  claim A  f   billed and at risk: $20.00"]


def test_a_finding_across_claims_names_the_other_claim():
    assert any(line.strip() == "with    claim 26463775" for line in render(FULL))


def test_what_could_not_be_checked_is_grouped_by_line_and_reason_and_cut_when_long():
    gaps = tuple(NotChecked(number, "MUE", f"no release covers {number}") for number in range(1, 11))
    claim = ClaimResult("B-1", "b.csv", Verdict.NOT_CHECKED, not_checked=gaps)
    text = " ".join(" ".join(render(Report((), (claim,), (WHOLE_CLAIM,), (), 10))).split())
    assert "line 6 MUE (no release covers 6); and 4 more" in text
    assert "Not checked for want of data: MUE on 1 claim." in text


def test_counts_are_in_the_singular_and_plural_where_they_should_be():
    one = Report((), (ClaimResult("A", "f", Verdict.CLEAN),), (replace(WHOLE_CLAIM, claim="A"),), (), 1)
    assert render(one)[-2].startswith("1 claim, 1 line: ")
    assert render(one)[-1].startswith("1 finding: 1 inform.")


def test_rejects_are_told_with_where_and_why():
    text = "\n".join(render(FULL))
    assert "c.837, byte 1,234, CLM claim LOST-1: CLM05 is missing" in text
    assert "1 claim could not be read." in text


def test_control_characters_of_a_claims_file_do_not_reach_the_terminal():
    evil = "A\x1b[2J\x07\x9b31m\nB\u202e"
    claim = ClaimResult(evil, evil, Verdict.DENIED, not_checked=(NotChecked(1, "MUE", evil),))
    finding = replace(BUNDLED, claim=evil, at=Place(evil), message=evil, codes=(evil,), related_claims=(evil,))
    report = Report((), (claim,), (finding,), (Reject(evil, 1, evil, evil, evil),), 1, notes=(evil,))
    text = text_report.render(report)
    assert all(char.isprintable() or char == "\n" for char in text)


@given(st.text(max_size=200), st.text(max_size=40), st.sampled_from([60, 100, 120]))
def test_any_text_can_be_shown(message, name, width):
    claim = ClaimResult(name, "f", Verdict.DENIED)
    report = Report((), (claim,), (replace(BUNDLED, claim=name, message=message, at=Place("f")),), (), 1)
    text = text_report.render(report, width=width)
    assert all(char.isprintable() or char == "\n" for char in text)
    longest = max((len(word) for word in (message + " " + name).split()), default=0)
    assert max(map(len, text.splitlines())) <= max(width, longest + 40)


def test_a_report_with_many_findings_tells_where_most_dollars_are():
    findings = tuple(replace(BUNDLED, claim=f"C{number}") for number in range(11))
    rules = tuple(Total(f"AAA{n:03}", 1, 1, Decimal(70 - 10 * n), Decimal(5), 1, n, "a" * 90) for n in range(8))
    report = replace(FULL, findings=findings, totals=replace(FULL.totals, by_rule=rules))
    lines = render(report)
    at = next(number for number, line in enumerate(lines) if line.startswith("At risk by rule"))
    assert lines[at].split()[4:] == ["billed", "Medicare", "no", "price", "claims"]
    assert [line.split()[0] for line in lines[at + 1 : at + 6]] == ["AAA000", "AAA001", "AAA002", "AAA003", "AAA004"]
    assert lines[at + 2].split()[-4:] == ["$60.00", "$5.00", "1", "1"]
    assert lines[at + 7].startswith("At risk by code")
    assert [line.split() for line in lines[at + 8 : at + 10]] == [
        ["99421", "$1,000.00", "no", "price", "1", "1"],
        ["74360", "$29.06", "$29.06", "1"],
    ]
    assert max(map(len, render(report, 60))) <= 60
    assert not [line for line in render(replace(report, findings=findings[1:])) if line.startswith("At risk by")]


@pytest.mark.parametrize(
    ("of_all", "by", "words"),
    [
        (("29.06", 1, 0), [("national", 1)], "allows $29.06 for this line (by the national amount)."),
        (
            ("29.06", 1, 1),
            [("billing_zip", 1)],
            "for 1 of these 2 lines (at the billing provider's ZIP code); the other",
        ),
        (
            ("9.00", 5, 2),
            [("service_zip", 4), ("national", 1)],
            "for 5 of these 7 lines (4 at the service facility's ZIP code, 1 by the national amount); the others",
        ),
        ((None, 0, 2), [], "None of these lines has a price on the Medicare fee schedule."),
    ],
)
def test_the_summary_says_what_is_allowed_how_it_was_priced_and_what_has_no_price(of_all, by, words):
    allowed, priced, unpriced = of_all
    total = Total("", 1, 1, Decimal(50), None if allowed is None else Decimal(allowed), priced, unpriced)
    report = replace(FULL, totals=Totals(total, priced_by=tuple(by)))
    assert words in " ".join(render(report, 120))


def test_stats_tell_the_most_of_each_kind_and_how_many_more_there_are():
    rules = tuple(Total(f"AAA{n:03}", 1, 1, Decimal(70 - 10 * n), Decimal(5), 1, 0) for n in range(8))
    told = list(dollars_told(replace(FULL.totals, by_rule=rules)))
    assert told[0].startswith("$1,029.06 billed on lines that would be denied. The Medicare fee schedule allows $29.06")
    most = ", ".join(f"AAA00{n} ${70 - 10 * n}.00 (Medicare: $5.00)" for n in range(3))
    assert told[1:] == [
        f"by rule: {most} and 4 more",
        "by payer: 00123 $1,029.06 (Medicare: $29.06)",
        "by provider: 1992999015 $1,029.06 (Medicare: $29.06)",
        "by code: 99421 $1,000.00 (Medicare: no price), 74360 $29.06 (Medicare: $29.06)",
    ]
    assert list(dollars_told(Totals())) == []


def test_every_source_a_rule_cites_has_a_name_a_reader_knows():
    cited = {citation.source for loaded in all_rules() for citation in loaded.rule.citations}
    assert cited <= set(text_report._SOURCES)


def test_what_the_record_must_show_is_told_in_short():
    shown = replace(BUNDLED, documentation=tuple("abcde"))
    text = "\n".join(render(replace(FULL, findings=(shown,))))
    assert "record  must show: a; b; c; and 2 more" in text


def test_whether_an_appeal_is_worth_it_stands_beside_the_denial():
    assert any(line.strip() == "denial  CO-236 with M80, N20; worth an appeal: rarely" for line in render(FULL))
    without = replace(FULL, findings=(replace(BUNDLED, appeal=None),))
    assert any(line.strip() == "denial  CO-236 with M80, N20" for line in render(without))


def test_findings_set_aside_are_counted_by_whose_word_it_was():
    assert "2 findings set aside: 1 by baseline, 1 by suppression." in render(FULL)
    assert not any("set aside" in line for line in render(EMPTY))


def test_findings_without_citation_denial_or_codes_are_shown_all_the_same():
    text = "\n".join(render(FULL))
    assert "inform claim      DUP001 repeated-claim" in text
    assert ACROSS.message in text


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([4], "line 4"),
        ([1, 2], "lines 1, 2"),
        ([1, 2, 3], "lines 1-3"),
        ([1, 3, 4, 5, 6, 9, 10], "lines 1, 3-6, 9, 10"),
        ([3, 2, 1, 4], "lines 3, 2, 1, 4"),
        ([*range(1, 68), None], "lines 1-67, claim"),
        ([None], "claim"),
    ],
)
def test_lines_that_follow_one_another_are_told_as_a_range(lines, told):
    assert gaps_by_reason(NotChecked(line, "MUE", "none") for line in lines) == [f"{told} MUE (none)"]


def test_lines_that_lack_the_same_are_told_together():
    gaps = [NotChecked(1, "PTP", "none"), NotChecked(1, "MUE", "none"), NotChecked(2, "PTP", "none")]
    gaps += [NotChecked(2, "MUE", "none"), NotChecked(3, "MUE", "none"), NotChecked(None, "DXV", "no date")]
    assert gaps_by_reason(gaps) == ["lines 1, 2 PTP, MUE (none)", "line 3 MUE (none)", "claim DXV (no date)"]
