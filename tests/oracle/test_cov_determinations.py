"""COV009 held to a slow reading of the LCD data dictionary: some determinations, some articles, all as plain rows."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

CODES = ("E1111", "11111")
PART_B, NORTH, SOUTH = "9/9/1", "10/10/1", "11/10/1"
NUMBERS = {"13102": {PART_B}, "17013": {NORTH}, "18003": {SOUTH}}
DAYS = (dt.date(2026, 7, 14), dt.date(2026, 7, 15), dt.date(2026, 7, 16))

days = st.sampled_from((None, None, *DAYS))
holders = st.sets(st.sampled_from((PART_B, NORTH, SOUTH)), min_size=1)
determinations = st.fixed_dictionaries(
    {
        "holders": holders,
        "codes": st.sets(st.sampled_from(CODES)),
        "valid_from": st.sampled_from((DAYS[0], DAYS[0], None, *DAYS)),
        "binds_from": days,
        "valid_to": days,
        "retired": days,
        "version_of_codes": st.sampled_from(("4", "4", "4", "3")),
        "own_row": st.sampled_from((True, True, True, False)),
    }
)
articles = st.fixed_dictionaries({"holders": holders, "codes": st.sets(st.sampled_from(CODES), max_size=1)})
claims = st.fixed_dictionaries(
    {
        "filing_indicator": st.sampled_from(("MB", "MB", "MB", "CI")),
        "payer_id": st.sampled_from(("17013", "18003", "13102", "MCARE")),
        "billing_taxonomy": st.sampled_from(("332B00000X", "332B00000X", "207Q00000X")),
        "lines": st.lists(
            st.fixed_dictionaries(
                {
                    "hcpcs": st.sampled_from(CODES),
                    "service_date": st.sampled_from(DAYS),
                    "modifiers": st.sampled_from(((), (), ("KX",), ("GA",), ("GZ",), ("GY",))),
                }
            ),
            min_size=1,
            max_size=2,
        ),
    }
)


def book_of(lcds, of_articles):
    tables = {f"mcd_{name}": [] for name in ("lcd", "lcd_contractor", "lcd_hcpcs", "lcd_retirement")}
    tables |= {f"mcd_{name}": [] for name in ("article_contractor", "article_hcpcs")}
    tables["mcd_contractor"] = [
        {"contractor": PART_B, "number": "13102", "role": "B"},
        {"contractor": NORTH, "number": "17013", "role": "DME"},
        {"contractor": SOUTH, "number": "18003", "role": "DME"},
    ]
    for number, lcd in enumerate(lcds):
        me = {"lcd_id": str(30000 + number)}
        if lcd["own_row"]:
            tables["mcd_lcd"].append(me | {name: lcd[name] for name in ("valid_from", "binds_from", "valid_to")})
        if lcd["retired"]:
            tables["mcd_lcd_retirement"].append(me | {"valid_to": lcd["retired"]})
        tables["mcd_lcd_contractor"] += [me | {"contractor": key} for key in sorted(lcd["holders"])]
        codes = sorted(lcd["codes"])
        tables["mcd_lcd_hcpcs"] += [me | {"hcpcs": code, "version": lcd["version_of_codes"]} for code in codes]
    for number, article in enumerate(of_articles):
        me = {"article_id": str(50000 + number)}
        tables["mcd_article_contractor"] += [me | {"contractor": key} for key in sorted(article["holders"])]
        tables["mcd_article_hcpcs"] += [me | {"hcpcs": code} for code in sorted(article["codes"])]
    return book_from(tables)


def governs(lcd, code, day):
    if not lcd["own_row"] or lcd["version_of_codes"] != "4" or code not in lcd["codes"]:
        return False
    if lcd["valid_from"] is None and lcd["binds_from"] is None:
        return False
    if any(lcd[name] is not None and day < lcd[name] for name in ("valid_from", "binds_from")):
        return False
    return not any(lcd[name] is not None and lcd[name] < day for name in ("valid_to", "retired"))


def expected(lcds, of_articles, claim):
    if claim["filing_indicator"] != "MB":
        return set()
    if claim["payer_id"] in NUMBERS:
        may_get_it = NUMBERS[claim["payer_id"]]
    elif claim["billing_taxonomy"] == "332B00000X":
        may_get_it = {NORTH, SOUTH}
    else:
        return set()
    found = set()
    for number, line in enumerate(claim["lines"], start=1):
        if {"GA", "GZ", "GY"} & set(line["modifiers"]):
            continue
        if any(line["hcpcs"] in article["codes"] and may_get_it <= article["holders"] for article in of_articles):
            continue
        if any(governs(lcd, line["hcpcs"], line["service_date"]) and may_get_it <= lcd["holders"] for lcd in lcds):
            found.add(number)
    return found


@settings(max_examples=100, deadline=None)
@given(lcds=st.lists(determinations, max_size=2), of_articles=st.lists(articles, max_size=1), claim=claims)
def test_cov009_tells_of_each_determination_that_governs_alone_and_never_calls_it_checked(lcds, of_articles, claim):
    report = check_claims([claim_from(claim)], book_of(lcds, of_articles), rules=select_rules(["COV009"]))
    lines = expected(lcds, of_articles, claim)
    assert {(finding.rule, finding.line) for finding in report.findings} == {("COV009", line) for line in lines}
    if claim["filing_indicator"] == "MB":
        gaps = {gap.line for gap in report.claims[0].not_checked if gap.what == "COV"}
        assert gaps == {number for number, _ in enumerate(claim["lines"], start=1)}  # the diagnoses' tables are missing
