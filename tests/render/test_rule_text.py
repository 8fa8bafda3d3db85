"""A rule's documentation: text, Markdown and JSON say the same, and leave nothing out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cleanclaim.render import rule_text
from cleanclaim.rules.model import HEADINGS, convention
from cleanclaim.rules.registry import all_rules, find_rule

every_rule = pytest.mark.parametrize("loaded", all_rules(), ids=lambda loaded: loaded.rule.code)

PTP001_HEAD = """\
PTP001 bundled-procedure-pair

Two services of a procedure pair that no modifier can separate.

Severity deny, stable since 0.1.0. Binds practitioner, outpatient claims. Stands on: ptp.

What it checks

"""
PTP001_TAIL = """\

Denial to expect

CO-236 with M80, N20

Whether to appeal

- rarely. Any NCCI denial may be appealed, but no modifier and no record bypasses indicator 0. The patient may not be
  billed, and an ABN does not change that. It needs: proof that the edit was not in force that day, or that one of the
  codes is wrong (then a corrected claim).

Sources

- ncci-policy-manual 2026 I.E: indicator 0: no modifier bypasses the edit
"""


def test_a_rule_is_printed_from_its_summary_to_its_sources():
    text = rule_text.whole(find_rule("PTP001"))
    assert text.startswith(PTP001_HEAD)
    assert text.endswith(PTP001_TAIL)


def test_markdown_has_the_same_text_with_headings():
    loaded = find_rule("PTP001")
    plain, marked = rule_text.whole(loaded), rule_text.whole(loaded, markdown=True)
    assert marked.startswith("# PTP001 bundled-procedure-pair\n")
    for heading in (*HEADINGS, "Denial to expect", "Whether to appeal", "Sources"):
        assert f"\n## {heading}\n" in marked
    assert marked.replace("## ", "").replace("# ", "") == plain


@every_rule
def test_every_section_source_and_denial_of_a_rule_is_printed(loaded):
    text = rule_text.whole(loaded)
    for heading in HEADINGS:
        assert loaded.sections[heading] in text
    for cited in loaded.rule.citations:
        assert cited.text in text
        assert cited.locator in text
    if loaded.rule.adjustment is not None:
        assert f"{loaded.rule.adjustment.group}-{loaded.rule.adjustment.carc}" in text


@every_rule
def test_the_json_of_a_rule_is_complete_and_can_be_written(loaded):
    made = json.loads(json.dumps(rule_text.as_json(loaded)))
    assert made["code"] == loaded.rule.code
    assert made["family"] == loaded.rule.code[:3]
    assert set(made["documentation"]) == set(HEADINGS)
    assert set(made) == {
        "code", "name", "family", "origin", "summary", "severity", "scope", "status", "since", "settings", "payers",
        "tables", "explains", "message", "fix", "adjustment", "appeals", "record", "documentation", "citations",
    }  # fmt: skip


def test_the_appeal_of_each_kind_of_pair_line_and_payer_is_told_apart():
    bundled, fees, late = (rule_text.whole(find_rule(code)) for code in ("PTP005", "PTP002", "TIM004"))
    assert "\n- modifier indicator 0: rarely. " in bundled
    assert "\n- modifier indicator 1: yes. " in bundled
    assert "\n- visits: yes. " in fees
    assert "\n- otherwise: yes. " in fees
    assert "\n- Medicare: no. " in late
    assert "\n- otherwise: rarely. " in late


def test_what_the_record_must_show_is_listed_where_it_decides():
    text = rule_text.whole(find_rule("MUE003"))
    assert "\nWhat the record must show\n\n- Every unit, counted as the code counts" in text
    assert "What the record must show" not in rule_text.whole(find_rule("MUE002"))
    made = rule_text.as_json(find_rule("MUE003"))
    assert made["record"][0].startswith("Every unit")
    assert [entry["worth"] for entry in made["appeals"]] == ["yes"]
    assert made["appeals"][0]["citation"]["locator"] == "Introduction; I.V"


def test_a_rule_without_denial_or_table_is_printed_all_the_same():
    loaded = find_rule("PTP001")
    bare = replace(loaded, rule=replace(loaded.rule, adjustment=None, tables=(), citations=(convention("custom"),)))
    text = rule_text.whole(bare)
    assert "Stands on no table." in text
    assert "Denial to expect" not in text
    assert text.endswith("- convention: custom\n")
    assert rule_text.as_json(bare)["adjustment"] is None


def test_the_list_has_a_line_for_each_rule_in_columns():
    lines = rule_text.listing(all_rules()).splitlines()
    assert len(lines) == len(all_rules()) + 1
    assert lines[-1] == f"{len(all_rules())} rules. `cleanclaim rule CODE` prints one whole."
    starts = {line.index(loaded.summary) for line, loaded in zip(lines, all_rules(), strict=False)}
    assert len(starts) == 1


def test_the_list_in_markdown_is_a_table():
    lines = rule_text.listing(all_rules(), markdown=True).splitlines()
    assert len(lines) == len(all_rules()) + 2
    assert {line.count("|") for line in lines} == {5}


def test_an_empty_list_is_no_error():
    assert rule_text.listing([]) == "\n0 rules. `cleanclaim rule CODE` prints one whole.\n"
