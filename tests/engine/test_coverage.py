"""Which contractor a claim goes to, and what is said where coverage could not be checked."""

from __future__ import annotations

import datetime as dt

import pytest

from cleanclaim.engine.contractors import contractors_of
from cleanclaim.engine.coverage import names, needed_with
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

NEW_YORK = {
    "mcd_contractor": [
        {"contractor": "9/9/1", "number": "13102", "role": "B"},
        {"contractor": "9/8/1", "number": "13202", "role": "B"},
        {"contractor": "9/7/1", "number": "13201", "role": "A"},
        {"contractor": "9/6/1", "number": "05901", "role": "A"},
        {"contractor": "9/5/1", "number": "18003", "role": "DME"},
        {"contractor": "9/4/1", "number": "17013", "role": "DME"},
    ],
    "mcd_state": [{}, {"state_id": "9", "state": "CT"}],
    "mcd_jurisdiction": [
        {"contractor": "9/9/1", "state_id": "9", "valid_from": dt.date(2026, 7, 15)},
        {"contractor": "9/8/1", "state_id": "41", "valid_to": dt.date(2026, 7, 15)},
        {"contractor": "9/7/1", "state_id": "41"},
        {"contractor": "9/6/1", "state_id": "41"},
    ],
    "zip_locality": [
        {"zip_code": "10001", "state": "NY", "carrier": "13202", "locality": "01"},
        {"zip_code": "06101", "state": "CT", "carrier": "13102", "locality": "00", "divided": True},
    ],
}


@pytest.mark.parametrize(
    ("claim", "numbers"),
    [
        ({"payer_id": "13102"}, ("13102",)),
        ({"payer_id": "13102", "billing_zip": "10001"}, ("13102",)),
        ({"payer_id": "99999", "billing_zip": "10001"}, ("13202",)),
        ({"payer_id": "MCARE", "billing_zip": "10001"}, ("13202",)),
        ({"payer_id": "", "billing_zip": "10001", "service_zip": "06101"}, ("13102",)),
        ({"payer_id": "", "billing_state": "NY"}, ("13202",)),
        ({"payer_id": "", "billing_state": "CT"}, ("13102",)),
        ({"payer_id": "", "billing_state": "ZZ"}, ()),
        ({"payer_id": ""}, ()),
        ({"payer_id": "", "billing_zip": "10001", "pos": "12"}, ()),
        ({"payer_id": "", "billing_zip": "06101", "service_state": "NY", "pos": "12"}, ("13202",)),
        ({"payer_id": "", "billing_state": "NY", "claim_type": "institutional", "bill_type": "13"}, ("13201",)),
        ({"payer_id": "", "billing_zip": "10001", "claim_type": "institutional", "bill_type": "13"}, ()),
        ({"payer_id": "", "billing_state": "NY", "claim_type": "institutional", "bill_type": "32"}, ()),
        ({"payer_id": "", "billing_zip": "10001", "billing_taxonomy": "332B00000X"}, ("17013", "18003")),
        ({"payer_id": "13102", "billing_zip": "10001", "billing_taxonomy": "332B00000X"}, ("13102",)),
    ],
)
def test_the_contractor_is_told_by_its_number_else_by_the_place(claim, numbers):
    made = claim_from(claim | {"lines": [{"hcpcs": "11111", "pos": claim.get("pos", "11")}]})
    day = book_from(NEW_YORK).as_of(dt.date(2026, 7, 15))
    assert contractors_of(made, made.lines[0], day).numbers == numbers


def test_a_jurisdiction_binds_between_its_days():
    made = claim_from({"payer_id": "", "billing_state": "NY", "lines": [{"hcpcs": "11111"}]})
    assert contractors_of(made, made.lines[0], book_from(NEW_YORK).as_of(dt.date(2026, 7, 16))).numbers == ()
    made = claim_from({"payer_id": "", "billing_state": "CT", "lines": [{"hcpcs": "11111"}]})
    assert contractors_of(made, made.lines[0], book_from(NEW_YORK).as_of(dt.date(2026, 7, 14))).numbers == ()


WHOLE = {
    f"mcd_{name}": []
    for name in (
        *("article", "article_contractor", "article_hcpcs", "article_covered", "article_covered_group"),
        *("article_noncovered", "article_noncovered_group"),
    )
} | {"mcd_contractor": [{}]}
MEDICARE = {"filing_indicator": "MB", "payer_id": "13102", "diagnoses": ["R519"]}
LINE = {"hcpcs": "11111", "diagnosis_pointers": [1]}


def cov_gaps(tables, claim):
    report = check_claims([claim_from(claim)], book_from(tables), rules=select_rules(["COV"]))
    return [gap.why for gap in report.claims[0].not_checked if gap.what == "COV"], report.claims[0].verdict


def test_without_the_database_no_medicare_claim_is_clean_and_any_other_may_be():
    claim = MEDICARE | {"lines": [LINE]}
    why = ["no Medicare coverage database release is loaded"]
    assert cov_gaps({"mpfs": []}, claim) == (why, "not_checked")
    assert cov_gaps({"mpfs": []}, claim | {"filing_indicator": "CI"}) == ([], "clean")


def test_with_all_tables_a_code_that_no_article_names_is_checked():
    assert cov_gaps(WHOLE, MEDICARE | {"lines": [LINE]}) == ([], "clean")


@pytest.mark.parametrize("table", sorted(WHOLE))
def test_a_single_missing_table_is_named(table):
    partial = {name: rows for name, rows in WHOLE.items() if name != table}
    (why,), verdict = cov_gaps(partial, MEDICARE | {"lines": [LINE]})
    assert verdict == "not_checked"
    assert table.replace("_", "-") in why


def test_a_table_that_is_an_excerpt_counts_as_missing():
    excerpt = WHOLE | {"mcd_article": [{"release": {"whole": False}}]}
    (why,), _ = cov_gaps(excerpt, MEDICARE | {"lines": [LINE]})
    assert "mcd-article" in why


def test_a_drug_needs_the_list_of_self_administered_drugs_too():
    claim = MEDICARE | {"lines": [LINE | {"hcpcs": "J1111"}]}
    (why,), _ = cov_gaps(WHOLE, claim)
    assert why.endswith("mcd-self-administered")
    assert cov_gaps(WHOLE | {"mcd_self_administered": []}, claim) == ([], "clean")


LCD_EXPORT = {"mcd_contractor": [{}, {"contractor": "10/10/1", "number": "17013", "role": "DME"}]} | {
    f"mcd_{name}": [] for name in ("lcd", "lcd_contractor", "lcd_hcpcs", "lcd_article", "lcd_ncd", "lcd_retirement")
}
EQUIPMENT = MEDICARE | {"payer_id": "17013", "lines": [LINE | {"hcpcs": "E1111"}]}


@pytest.mark.parametrize("claim", [MEDICARE | {"lines": [LINE]}, EQUIPMENT])
def test_the_lcd_export_alone_leaves_every_medicare_claim_unchecked(claim):
    (why,), verdict = cov_gaps(LCD_EXPORT, claim)
    assert verdict == "not_checked"
    assert "mcd-article-hcpcs" in why
    assert "mcd-lcd" not in why


def test_equipment_needs_the_determinations_too_and_other_services_do_not():
    tables = WHOLE | {"mcd_contractor": LCD_EXPORT["mcd_contractor"]}
    (why,), verdict = cov_gaps(tables, EQUIPMENT)
    assert verdict == "not_checked"
    assert why.endswith("mcd-lcd, mcd-lcd-contractor, mcd-lcd-hcpcs")
    assert cov_gaps(tables, MEDICARE | {"lines": [LINE]}) == ([], "clean")
    assert cov_gaps(tables | LCD_EXPORT, EQUIPMENT) == ([], "clean")


def test_a_determination_without_an_article_leaves_its_code_unchecked():
    lcd = {
        "mcd_lcd": [{"valid_from": dt.date(2015, 10, 1)}],
        "mcd_lcd_contractor": [{"contractor": "10/10/1"}],
        "mcd_lcd_hcpcs": [{}],
    }
    (why,), verdict = cov_gaps(WHOLE | LCD_EXPORT | lcd, EQUIPMENT)
    assert verdict == "not_checked"
    assert why == "E1111 is governed by LCD L30000, and no billing article that is loaded lists it"


def test_of_several_determinations_every_number_is_told_and_where_to_read():
    ids = [str(30000 + number) for number in range(5)]
    tables = LCD_EXPORT | {
        "mcd_lcd": [{"lcd_id": lcd, "valid_from": dt.date(2015, 10, 1)} for lcd in ids[:4]],
        "mcd_lcd_contractor": [{"lcd_id": lcd, "contractor": "10/10/1"} for lcd in ids],
        "mcd_lcd_hcpcs": [{"lcd_id": lcd} for lcd in ids] + [{"lcd_id": ids[0], "group": "2"}],
        "mcd_lcd_article": [
            {"lcd_id": ids[0], "article_id": "50002"},
            {"lcd_id": ids[1], "article_id": "50001"},
            {"lcd_id": ids[2], "article_id": "50003", "version": "3"},
        ],
    }
    (finding,) = check_claims([claim_from(EQUIPMENT)], book_from(tables), rules=select_rules(["COV"])).findings
    assert finding.message.count("Chairs") == 3  # the titles of three, the numbers of all that bind
    assert "LCD L30000, L30001, L30002, L30003;" in finding.fix.text
    assert finding.fix.text.endswith("belong to it: A50001, A50002.")
    assert finding.citations[0].locator == "L30000"


def test_a_determination_to_which_no_article_belongs_says_so():
    tables = LCD_EXPORT | {
        "mcd_lcd": [{"valid_from": dt.date(2015, 10, 1)}],
        "mcd_lcd_contractor": [{"contractor": "10/10/1"}],
        "mcd_lcd_hcpcs": [{}],
    }
    (finding,) = check_claims([claim_from(EQUIPMENT)], book_from(tables), rules=select_rules(["COV"])).findings
    assert finding.fix.text.endswith("belong to it: none is named.")


def test_a_drug_on_both_lists_is_told_of_by_both_rules_with_the_document_of_each():
    tables = LCD_EXPORT | {
        "mcd_lcd": [{"valid_from": dt.date(2015, 10, 1)}],
        "mcd_lcd_contractor": [{"contractor": "10/10/1"}],
        "mcd_lcd_hcpcs": [{"hcpcs": "J1111"}],
        "mcd_article_contractor": [{"article_id": "60000", "contractor": "10/10/1"}],
        "mcd_self_administered": [{"hcpcs": "J1111"}],
    }
    claim = EQUIPMENT | {"lines": [LINE | {"hcpcs": "J1111"}]}
    found = check_claims([claim_from(claim)], book_from(tables), rules=select_rules(["COV"])).findings
    assert [finding.rule for finding in found] == ["COV007", "COV009"]
    assert "A60000" in found[0].message
    assert "L30000" in found[1].message


def test_an_export_of_an_earlier_quarter_is_stale():
    old = {"covers_from": dt.date(2026, 1, 1), "covers_to": dt.date(2026, 3, 31)}
    rows = [{"hcpcs": "22222", "release": old}]
    assert cov_gaps(WHOLE | {"mcd_article_hcpcs": rows}, MEDICARE | {"lines": [LINE]}) == ([], "stale")


def test_a_service_before_the_version_was_made_is_not_checked():
    tables = WHOLE | {
        "mcd_article": [{"valid_from": dt.date(2020, 1, 1), "version_made": dt.date(2026, 7, 16)}],
        "mcd_article_contractor": [{}],
        "mcd_article_hcpcs": [{}],
    }
    (why,), _ = cov_gaps(tables, MEDICARE | {"lines": [LINE]})
    assert "binds since 2026-07-16" in why


def governed(**more):
    return WHOLE | {
        "mcd_article": [{}],
        "mcd_article_contractor": [{}],
        "mcd_article_hcpcs": [{}],
        "mcd_article_covered": [{"icd10cm": "M5416"}],
        "mcd_article_covered_group": [{}],
        **more,
    }


@pytest.mark.parametrize(
    ("more", "modifiers", "denial"),
    [
        ({}, [], ("CO", "50", ("N115",))),
        ({"mcd_article_ncd": [{"ncd_id": "155"}]}, [], ("CO", "50", ("N386",))),
        ({"mcd_article_ncd": [{"ncd_id": "155"}], "mcd_article_lcd": [{}]}, [], ("CO", "50", ("N115",))),
        ({}, ["GA"], ("PR", "50", ("N115",))),
        ({}, ["GZ"], ("CO", "50", ("N115",))),
    ],
)
def test_the_denial_names_the_determination_and_who_pays(more, modifiers, denial):
    claim = claim_from(MEDICARE | {"lines": [LINE | {"modifiers": modifiers}]})
    (finding,) = check_claims([claim], book_from(governed(**more)), rules=select_rules(["COV"])).findings
    assert (finding.adjustment.group, finding.adjustment.carc, finding.adjustment.rarc) == denial
    assert finding.citations[0].locator == "A50000"


def test_an_invalid_diagnosis_is_not_judged_a_second_time():
    tables = governed(icd10cm=[{"icd10cm": "M5416"}])
    (why,), _ = cov_gaps(tables, MEDICARE | {"lines": [LINE]})
    assert "points at no diagnosis in force" in why


def test_codes_in_ranges_and_pairs():
    assert names("64642-64647 J0585", "64644")
    assert names("64642-64647 J0585", "J0585")
    assert not names("64642-64647", "64648")
    assert needed_with("G9689:T66XXXA,T66XXXD R519:G894", "R519") == ("G894",)
    assert needed_with("", "R519") == ()
