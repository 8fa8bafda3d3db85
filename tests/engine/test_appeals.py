"""Appeals and the record: every denial is judged on a cited ground, and the record is asked for where it decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import cleanclaim.rules
from cleanclaim.book import policies
from cleanclaim.engine.appeals import Denial, ground_of, grounds_of_rule, record_of
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.model import Scope
from cleanclaim.rules.registry import all_rules, find_rule
from cleanclaim.testing.inline import book_from, claims_from
from cleanclaim.types import Adjustment, Finding

WORTH = {"yes", "rarely", "no"}
PAIR = {"column_one": "11111", "column_two": "22222"}
every_rule = pytest.mark.parametrize("loaded", all_rules(), ids=lambda loaded: loaded.rule.code)


def findings(book: dict[str, Any], *claims: dict[str, Any], rules: str = "") -> list[Finding]:
    chosen = [find_rule(code) for code in rules.split()] or None
    return list(check_claims(claims_from({"claims": claims}), book_from(book), rules=chosen).findings)


def finding(code: str, book: dict[str, Any], *claims: dict[str, Any], rules: str = "") -> Finding:
    (found,) = [entry for entry in findings(book, *claims, rules=rules) if entry.rule == code]
    return found


def lines(*given: Any, **claim: Any) -> dict[str, Any]:
    return {"lines": [{"hcpcs": entry} if isinstance(entry, str) else entry for entry in given], **claim}


def ask(found: Finding) -> str:
    """What the appeal says and needs, in one text."""
    assert found.appeal is not None
    return " ".join([found.appeal.why, *found.appeal.needs])


# --- every rule


@every_rule
def test_every_denial_has_a_ground_whatever_the_pair_the_line_and_the_payer_are(loaded):
    rule = loaded.rule
    if rule.adjustment is None:
        assert all(not ground.worth for ground in grounds_of_rule(rule))
        return
    carcs = {rule.adjustment.carc, *(["97"] if rule.adjustment.carc == "236" else [])}
    for carc in carcs:
        for indicator in (0, 1) if rule.scope is Scope.PAIR else (None,):
            for visit in (True, False):
                for medicare in (True, False):
                    ground = ground_of(Denial(rule.code, carc, indicator, visit, medicare))
                    assert ground is not None
                    assert ground.worth in WORTH
                    assert ground.why


@every_rule
def test_a_rule_that_says_there_is_no_appeal_is_not_contradicted(loaded):
    rule = loaded.rule
    if rule.adjustment is not None and not rule.adjustment.appealable:
        medicare = grounds_of_rule(rule)[0]
        assert medicare.worth == "no"


def test_every_ground_is_the_ground_of_some_rule():
    reached = {ground.name for loaded in all_rules() for ground in grounds_of_rule(loaded.rule)}
    assert reached == {ground.name for ground in policies.appeal_grounds()}


def test_every_ground_deadline_and_checklist_says_where_it_is_written():
    entries = [*policies.appeal_grounds(), *policies.appeal_deadlines(), *policies.checklists()]
    for entry in entries:
        assert entry.citation.source
        assert entry.citation.source == policies.CONVENTION or entry.citation.locator, entry


def test_every_checklist_asked_for_is_written_and_every_one_written_can_be_asked_for():
    topics = {checklist.topic for checklist in policies.checklists()} - {""}
    asked = {topic for ground in policies.appeal_grounds() for topic in ground.record} - {"of_code", "of_modifiers"}
    assert asked <= topics
    by_line = {c.topic for c in policies.checklists() if c.modifiers or c.codes or c.topic == "visit"}
    assert topics - asked <= by_line


def test_names_of_grounds_and_topics_are_not_used_twice():
    names = [ground.name for ground in policies.appeal_grounds()]
    topics = [checklist.topic for checklist in policies.checklists() if checklist.topic]
    assert len(set(names)) == len(names)
    assert len(set(topics)) == len(topics)


def test_the_compiled_policies_are_those_written():
    written = policies.compiled_policies()
    assert policies.COMPILED.read_text(encoding="utf-8") == written, "run scripts/make_denial_policies.py"


# --- procedure pairs and units


def test_a_pair_that_no_modifier_separates_is_rarely_worth_an_appeal():
    found = finding("PTP001", {"ptp": [{**PAIR, "modifier_indicator": 0}]}, lines("11111", "22222"))
    assert found.appeal.worth == "rarely"
    assert found.adjustment.appealable, "any NCCI denial may be appealed"
    assert "ABN does not change" in ask(found)
    assert found.documentation == ()


def test_a_pair_that_a_modifier_may_separate_is_worth_one_if_the_record_shows_it():
    found = finding("PTP002", {"ptp": [{**PAIR, "modifier_indicator": 1}]}, lines("11111", "22222"))
    assert found.appeal.worth == "yes"
    assert "distinct" in found.appeal.why
    assert "ABN does not change" in ask(found)
    assert any("separate" in item for item in found.documentation)


def test_the_indicator_of_the_pair_decides_where_the_rule_does_not():
    worth = [ground_of(Denial("PTP005", "236", indicator)).worth for indicator in (0, 1)]
    assert worth == ["rarely", "yes"]


def test_a_visit_bundled_into_a_procedure_needs_the_visits_own_note():
    book = {"ptp": [{"column_one": "11111", "column_two": "99213", "modifier_indicator": 1}]}
    found = finding("PTP002", book, lines("11111", "99213"))
    assert found.appeal.worth == "yes"
    assert any("beyond that of the procedure" in item for item in found.documentation)
    assert any("total time" in item for item in found.documentation)
    assert not any("Why the services were separate" in item for item in found.documentation)


def test_included_imaging_turns_only_if_it_served_another_procedure():
    book = {
        "ptp": [{**PAIR, "modifier_indicator": 1}],
        "imaging": [
            {"hcpcs": "11111", "state": "included"},
            {"hcpcs": "22222", "state": "guidance"},
        ],
    }
    found = finding("PTP002", book, lines("11111", "22222"), rules="PTP002 IMG001")
    assert "includes its imaging" in found.message, "the pair's finding is explained by IMG001"
    assert found.appeal.worth == "rarely"
    assert "served another procedure" in ask(found)
    assert "Images kept" in found.documentation


@pytest.mark.parametrize(
    ("rule", "mai", "worth"), [("MUE001", 1, "yes"), ("MUE002", 2, "rarely"), ("MUE003", 3, "yes")]
)
def test_units_over_a_limit_turn_unless_it_is_one_of_policy(rule, mai, worth):
    book = {"mue": [{"hcpcs": "11111", "mue_value": 2, "mai": mai}]}
    found = finding(rule, book, lines({"hcpcs": "11111", "units": 3}))
    assert found.appeal.worth == worth
    assert found.adjustment.appealable
    assert "ABN does not" in ask(found)
    assert bool(found.documentation) is (worth == "yes")


# --- mend and send again


def test_missing_data_is_mended_not_appealed():
    found = finding("FMT008", {}, lines({"hcpcs": "11111", "units": None}, filing_indicator="MB"))
    assert (found.appeal.worth, found.adjustment.appealable, found.documentation) == ("no", False, ())
    assert "MA130" in found.appeal.why


def test_what_medicare_says_of_claims_it_cannot_process_is_not_said_of_other_payers():
    found = finding("FMT008", {}, lines({"hcpcs": "11111", "units": None}, filing_indicator="CI"))
    assert found.appeal.worth == "no"
    assert "Medicare" not in ask(found)


def test_a_duplicate_is_not_appealed_and_the_record_may_show_that_it_is_none():
    found = finding("DUP001", {}, lines("11111", "11111"))
    assert (found.appeal.worth, found.adjustment.appealable) == ("no", False)
    assert any("done again" in item for item in found.documentation)


def test_medicares_filing_limit_has_exceptions_and_no_appeal():
    found = finding("TIM003", {}, lines("11111", filing_indicator="MB", submitted_on=dt.date(2027, 7, 16)))
    assert (found.appeal.worth, found.adjustment.appealable) == ("no", False)
    assert "424.44(b)" in ask(found)
    assert not any("days" in need for need in found.appeal.needs)


# --- what the line tells of the record


def test_a_further_surgeon_needs_what_his_modifier_needs():
    book = {"mpfs": [{"hcpcs": "11111", "assistant": "0", "co_surgeon": "1"}]}
    assistant = finding("MOD012", book, lines({"hcpcs": "11111", "modifiers": ["82"]}, filing_indicator="MB"))
    surgeons = finding("MOD012", book, lines({"hcpcs": "11111", "modifiers": ["62"]}, filing_indicator="MB"))
    assert assistant.appeal.worth == surgeons.appeal.worth == "yes"
    assert "That no qualified resident was available" in assistant.documentation
    assert any("report of each surgeon" in item for item in surgeons.documentation)
    assert not set(assistant.documentation) & set(surgeons.documentation)


def test_an_injection_is_asked_for_its_drug_and_level():
    ground = ground_of(Denial("MUE003", "151"))
    assert any("dose" in item for item in record_of(ground, "64483", "included", ()))
    assert not any("What was injected" in item for item in record_of(ground, "22222", "", ()))


def test_the_record_is_told_in_the_order_asked_for_and_nothing_twice():
    ground = ground_of(Denial("PTP002", "236", 1))
    told = record_of(ground, "76937", "guidance", ("59", "XS"))
    assert told[0].startswith("Why the services were separate")
    assert len(set(told)) == len(told)


# --- payers


@pytest.mark.parametrize(
    ("payer", "days"),
    [
        ({"filing_indicator": "MB"}, "within 120 days"),
        ({"filing_indicator": "CI", "payer_name": "UNITEDHEALTHCARE", "payer_id": "87726"}, "12 months"),
        ({"filing_indicator": "CI", "payer_name": "AETNA", "payer_id": "60054"}, "180 days"),
        ({"filing_indicator": "CI", "payer_name": "ACME HEALTH"}, "the contract gives"),
        ({}, "the contract gives"),
    ],
)
def test_days_to_appeal_are_said_only_as_a_document_says_them(payer, days, starter_book):
    (found,) = [
        entry
        for entry in check_claims(claims_from({"claims": [lines("62323", "77003", **payer)]}), starter_book).findings
        if entry.rule == "PTP002"
    ]
    assert days in found.appeal.needs[-1]


# --- what a rule says itself


def test_a_plugins_word_that_there_is_no_appeal_stands():
    loaded = find_rule("MUE003")
    own = replace(loaded.rule, adjustment=Adjustment("CO", "151", ("N362",), appealable=False))
    book = book_from({"mue": [{"hcpcs": "11111", "mue_value": 2}]})
    report = check_claims(
        claims_from({"claim": lines({"hcpcs": "11111", "units": 3})}), book, rules=[replace(loaded, rule=own)]
    )
    (found,) = report.findings
    assert (found.appeal.worth, found.adjustment.appealable) == ("no", False)


def test_of_a_denial_we_know_nothing_of_nothing_is_said():
    loaded = find_rule("MUE003")
    own = replace(loaded.rule, code="ACM001", adjustment=Adjustment("CO", "999"))
    book = book_from({"mue": [{"hcpcs": "11111", "mue_value": 2}]})
    report = check_claims(
        claims_from({"claim": lines({"hcpcs": "11111", "units": 3})}), book, rules=[replace(loaded, rule=own)]
    )
    (found,) = report.findings
    assert (found.appeal, found.documentation, found.adjustment) == (None, (), Adjustment("CO", "999"))


def test_information_without_a_denial_has_no_appeal():
    found = finding(
        "COD010", {"mpfs": [{"hcpcs": "17999", "status_indicator": "C"}]}, lines("17999", filing_indicator="MB")
    )
    assert found.adjustment is None
    assert found.appeal is None
    assert any("like work and time" in item for item in found.documentation)


RULES = Path(cleanclaim.rules.__file__).parent


@every_rule
def test_what_is_found_has_an_appeal_exactly_where_it_has_a_denial(loaded):
    path = RULES / loaded.rule.family.lower() / f"{loaded.rule.code}.cases.yaml"
    fires = next(case for case in yaml.safe_load(path.read_text(encoding="utf-8")) if case["expect"])
    chosen = [find_rule(name) for name in fires.get("rules", [loaded.rule.code])]
    found = check_claims(claims_from(fires), book_from(fires.get("book", {})), rules=chosen).findings
    assert found
    for entry in found:
        assert (entry.adjustment is None) is (entry.appeal is None)
        assert entry.adjustment is None or entry.adjustment.appealable is (entry.appeal.worth != "no")
        assert not [item for item in entry.documentation if not item or item.endswith(".")]
