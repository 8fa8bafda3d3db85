"""What a page must and must not say, for one code of every status indicator: read once by eye, held ever since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from cleanclaim.engine.code_page import CodePage, code_page
from cleanclaim.engine.code_page.denials import CODES
from cleanclaim.render import code_text
from cleanclaim.rules.registry import all_rules
from cleanclaim.testing.inline import SERVICE_DATE, book_from
from cleanclaim.types import State

NO_GLOBAL = {
    "pc_tc_indicator": "9",
    "global_days": "XXX",
    "multiple_procedure": "9",
    "bilateral": "9",
    "assistant": "9",
    "co_surgeon": "9",
    "team_surgeon": "9",
}
SURGERY = {
    "pc_tc_indicator": "0",
    "global_days": "000",
    "multiple_procedure": "2",
    "bilateral": "0",
    "assistant": "1",
    "co_surgeon": "0",
    "team_surgeon": "0",
    "work_rvu": "1.00",
    "total_facility": "1.00",
    "total_nonfacility": "1.00",
}
NEVER_USED = ("76", "77", "22", "52", "53", "58")


@dataclass(frozen=True)
class Case:
    """A code, its fee-schedule row, the rules whose denials it has, and words that its page has or must not have."""

    code: str
    row: dict[str, str]
    denials: set[str]
    says: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()


CASES = (
    Case(
        "43214",
        SURGERY | {"status_indicator": "A"},
        {"MUE003", "MOD009", "GLO007"},
        ("Status A", "May be used", "at most 1", "done again by the same physician"),
        ("JW", "AT ", "GN, GO or GP", "COD00"),
    ),
    Case(
        "97010",
        NO_GLOBAL | {"status_indicator": "B"},
        {"COD004", "MUE003"},
        ("Status B", "no modifier helps"),
        ("May be used", "done again by", "rarely or never done", "keep the records ready for the", "$"),
        ("payment_policy", "documentation", "sites_of_service"),
    ),
    Case("0202T", SURGERY | {"status_indicator": "C"}, {"MUE003", "GLO007"}, ("contractor",), ("$",)),
    Case(
        "J1100",
        NO_GLOBAL | {"status_indicator": "E"},
        {"MUE003", "MOD042"},
        ("JW", "JZ", "paid outside it"),
        ("May be used", "done again by", "supervis", "Which imaging", "$"),
        ("imaging_guidance", "payment_policy", "sites_of_service"),
    ),
    Case(
        "99242",
        NO_GLOBAL | {"status_indicator": "I"},
        {"COD005", "MUE003"},
        ("not valid for Medicare", "The medical decisions"),
        ("done again by", "assistant at surgery is", "within its 10 or 90 global days of", "$"),
        ("imaging_guidance", "sites_of_service"),
    ),
    Case(
        "00100",
        NO_GLOBAL | {"status_indicator": "J"},
        {"MUE003", "MOD030", "PRV005"},
        ("one of these stands on every anesthesia line", "base and time units"),
        ("done again by", "Which imaging", "$"),
        ("imaging_guidance", "sites_of_service"),
    ),
    Case(
        "G4000",
        NO_GLOBAL | {"status_indicator": "M"},
        {"QLT001"},
        ("for reporting only",),
        ("May be used", "Units for", "$", "facility", "imaging guidance is"),
        ("units", "imaging_guidance", "sites_of_service", "payment", "related_codes", "documentation", "payers"),
    ),
    Case(
        "97810",
        NO_GLOBAL | {"status_indicator": "N"},
        {"COD006", "MUE003"},
        ("not covered by Medicare", "bill the patient or another insurer"),
        ("May be used", "done again by", "$"),
        ("payment_policy", "sites_of_service"),
    ),
    Case(
        "A4305",
        NO_GLOBAL | {"status_indicator": "P"},
        {"COD007", "MUE003"},
        ("which includes it (status P)",),
        ("May be used", "JW", "done again by", "$"),
        ("imaging_guidance", "documentation", "sites_of_service"),
    ),
    Case(
        "D2740",
        NO_GLOBAL | {"status_indicator": "R", "global_days": "YYY"},
        {"COD009", "MUE003"},
        ("restricted coverage", "coverage policy asks for"),
        ("done again by", "planned or more extensive", "$"),
    ),
    Case(
        "36591",
        SURGERY | {"status_indicator": "T", "global_days": "XXX", "pc_tc_indicator": "3", "assistant": "0"},
        {"COD008", "MUE003"},
        ("bill it only where nothing else was done",),
        ("paid only with documents", "two surgeons are not permitted."),
    ),
    Case(
        "80053",
        NO_GLOBAL | {"status_indicator": "X"},
        {"MUE003"},
        ("to follow the result",),
        ("done again by", "Which imaging", "$"),
        ("imaging_guidance", "payment_policy", "sites_of_service"),
    ),
)  # fmt: skip


def page_of(case: Case) -> CodePage:
    facts: dict[str, list[dict[str, Any]]] = {
        "mpfs": [{"hcpcs": case.code, **case.row}],
        "mue": [{"hcpcs": case.code, "mue_value": 1, "mai": 3}],
    }
    return code_page(book_from(facts), case.code, SERVICE_DATE)


def denials_of(made: CodePage) -> set[str]:
    return {fact.key for fact in made.section("denials").facts} - {CODES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row["status_indicator"])
def test_page_says_what_fits_the_status_and_nothing_that_does_not(case: Case) -> None:
    made = page_of(case)
    told = " ".join(code_text.text(made, width=10_000).split())
    missing = [words for words in case.says if words not in told]
    wrong = [words for words in case.silent if words in told]
    assert (missing, wrong) == ([], [])
    assert denials_of(made) == case.denials
    for name in case.not_applicable:
        assert made.section(name).state is State.NOT_APPLICABLE, name


def test_every_status_that_a_code_can_have_is_held_here() -> None:
    assert {case.row["status_indicator"] for case in CASES} == set("ABCEIJMNPRTX")


# --- denials


def test_every_denial_has_the_codes_of_its_rule_and_says_what_to_do() -> None:
    rules = {loaded.rule.code: loaded.rule for loaded in all_rules()}
    for case in CASES:
        for fact in page_of(case).section("denials").facts:
            if fact.key == CODES:
                continue
            adjustment = rules[fact.key].adjustment
            assert adjustment is not None
            assert str(fact.value).startswith(f"{adjustment.group}-{adjustment.carc}")
            assert all(remark in str(fact.value) for remark in adjustment.rarc)
            assert ". To avoid it: " in fact.text


def page(code: str, **facts: list[dict[str, Any]]) -> CodePage:
    return code_page(book_from(facts), code, SERVICE_DATE)


def test_a_pair_is_a_denial_of_its_column_two_only() -> None:
    pairs = [{"column_one": "22222", "column_two": "33333", "modifier_indicator": 0}]
    rows = [{"hcpcs": code} for code in ("22222", "33333")]
    assert "PTP001" in denials_of(page("33333", ptp=pairs, mpfs=rows))
    assert "PTP001" not in denials_of(page("22222", ptp=pairs, mpfs=rows))
    (told,) = (fact for fact in page("33333", ptp=pairs, mpfs=rows).section("denials").facts if fact.key == "PTP001")
    assert "22222" in told.text
    assert "that code was not done" in told.text


@pytest.mark.parametrize(("mai", "rule"), [(1, "MUE001"), (2, "MUE002"), (3, "MUE003")])
def test_a_unit_limit_is_told_by_the_rule_of_its_indicator(mai: int, rule: str) -> None:
    made = page("22222", mpfs=[{"hcpcs": "22222"}], mue=[{"hcpcs": "22222", "mue_value": 2, "mai": mai}])
    assert rule in denials_of(made)
    assert not {"MUE001", "MUE002", "MUE003"} - {rule} & denials_of(made)


def test_a_limit_of_zero_is_a_denial_unless_the_status_denies_already_and_says_nothing_of_review() -> None:
    limit = [{"hcpcs": "22222", "mue_value": 0, "mai": 3}]
    paid = page("22222", mpfs=[{"hcpcs": "22222"}], mue=limit)
    bundled = page("22222", mpfs=[{"hcpcs": "22222", "status_indicator": "B"}], mue=limit)
    assert "MUE004" in denials_of(paid)
    assert "MUE004" not in denials_of(bundled)
    assert "review" not in " ".join(fact.text for fact in paid.section("units").facts)


@pytest.mark.parametrize(("edit_type", "rule"), [(1, "ADD001"), (2, "ADD002"), (3, "ADD003")])
def test_an_add_on_is_told_by_its_type(edit_type: int, rule: str) -> None:
    edit = {"add_on": "22222", "primary": "" if edit_type == 2 else "33333", "edit_type": edit_type}
    assert denials_of(page("22222", mpfs=[{"hcpcs": "22222"}], aoc=[edit])) & {"ADD001", "ADD002", "ADD003"} == {rule}


def test_an_ended_code_has_that_one_denial() -> None:
    rows = [{"hcpcs": "G1111", "valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2026, 6, 30)}]
    made = page("G1111", hcpcs=rows, mue=[{"hcpcs": "G1111", "mue_value": 1}])
    assert denials_of(made) == {"COD002"}


def test_included_imaging_names_the_guidance_that_is_denied_and_the_code_without_it_names_its_partner() -> None:
    pairs = [{"column_one": "22222", "column_two": "77003", "modifier_indicator": 1}]
    rows = [{"hcpcs": "22222"}]
    for state, rule, words in (("included", "IMG001", "(77003)"), ("without", "IMG002", "bill 22223 in its place")):
        imaging = [{"hcpcs": "22222", "state": state, "partner": "22223"}]
        facts = page("22222", imaging=imaging, ptp=pairs, mpfs=rows).section("denials").facts
        assert any(fact.key == rule and words in fact.text for fact in facts)
        alone = page("22222", imaging=imaging, mpfs=rows)
        assert rule not in denials_of(alone)


def test_visits_and_therapy_and_manipulation_have_their_own() -> None:
    assert {"GLO001", "GLO004", "GLO006"} <= denials_of(page("99213", mpfs=[{"hcpcs": "99213"}]))
    assert "GLO010" in denials_of(page("99203", mpfs=[{"hcpcs": "99203"}]))
    assert "GLO010" not in denials_of(page("99213", mpfs=[{"hcpcs": "99213"}]))
    assert "MOD039" in denials_of(page("97110", mpfs=[{"hcpcs": "97110", "multiple_procedure": "5"}]))
    assert "MOD047" in denials_of(page("98941", mpfs=[{"hcpcs": "98941"}]))
    assert "MOD030" not in denials_of(page("01996", mpfs=[{"hcpcs": "01996", "status_indicator": "J"}]))


# --- related codes, documentation, changes


def test_neighbours_are_alternatives_where_a_pair_never_pays_both() -> None:
    rows = [{"hcpcs": code} for code in ("22222", "22223", "22224", "22232")]
    pairs = [{"column_one": "22222", "column_two": "22223", "modifier_indicator": 0}]
    told = [(fact.key, fact.value) for fact in page("22222", mpfs=rows, ptp=pairs).section("related_codes").facts]
    assert told == [("alternative", "22223"), ("same_family", "22224")]


def test_level_two_codes_are_of_one_family_only_where_their_texts_begin_alike() -> None:
    rows = [
        {"hcpcs": "J1100", "description": "Injection, dexamethasone sodium phosphate, 1 mg"},
        {"hcpcs": "J1101", "description": "Injection, dexamethasone acetate, 1 mg"},
        {"hcpcs": "J1105", "description": "Dexmedetomidine, oral, 1 mcg"},
    ]
    told = [fact.value for fact in page("J1100", hcpcs=rows).section("related_codes").facts]
    assert told == ["J1101"]


def test_a_modifiers_documents_are_asked_for_only_where_it_fits() -> None:
    visit = page("99213", mpfs=[{"hcpcs": "99213"}]).section("documentation").facts
    assert any(fact.text.startswith("With 25: ") for fact in visit)
    surgery = page("22222", mpfs=[{"hcpcs": "22222", "assistant": "1"}]).section("documentation").facts
    assert not any(name in fact.text for fact in surgery for name in ("With 25", "With 80", "AS:"))


def test_changes_of_a_code_without_price_tell_its_indicators_and_no_amount() -> None:
    old = {"release": "RVU26A", "covers_from": dt.date(2026, 1, 1), "covers_to": dt.date(2026, 6, 30)}
    base: dict[str, Any] = {"hcpcs": "22222", "status_indicator": "B", "total_facility": "1.00", "mp_rvu": "0.10"}
    rows = [
        base | {"release": old, "bilateral": "0"},
        base | {"bilateral": "1", "mp_rvu": "0.20", "total_facility": "2"},
    ]
    (told,) = page("22222", mpfs=rows).section("changes").facts
    assert "bilateral 0 to 1" in told.text
    assert "$" not in told.text
    assert "malpractice" not in told.text


def test_a_service_that_is_paid_for_inpatients_only_has_a_page_that_says_why_it_has_no_price() -> None:
    row = SURGERY | {"hcpcs": "85060", "status_indicator": "A", "pc_tc_indicator": "8", "global_days": "XXX"}
    made = page("85060", mpfs=[row])
    amounts = [fact for fact in made.section("payment").facts if fact.key.startswith("national_amount")]
    assert amounts
    unpriced = [fact for fact in amounts if fact.value is None]
    assert unpriced
    assert all("No price: " in fact.text for fact in unpriced)
    assert "CMP007" in denials_of(made)
    assert code_text.text(made)
