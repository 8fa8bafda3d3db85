"""COV held to a slow reading of the data dictionary: one contractor, up to two articles, all of it as plain rows."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

CODES = ("11111", "22222")
DIAGNOSES = ("R519", "M5416", "G894")
MINE, OTHER = "9/9/1", "8/8/1"
DAYS = (dt.date(2026, 7, 14), dt.date(2026, 7, 15), dt.date(2026, 7, 16))

groups = st.fixed_dictionaries(
    {
        "group": st.sampled_from(("1", "2")),
        "procedures": st.sampled_from(("", "", "11111", "22222")),
        "wants_another": st.sampled_from((False, False, True)),
        "needed_with": st.sampled_from(("", "", "R519:G894")),
    }
)
covered = st.fixed_dictionaries(
    {
        "icd10cm": st.sampled_from((*DIAGNOSES, "XX000")),
        "group": st.sampled_from(("1", "2")),
        "explained": st.booleans(),
    }
)
noncovered = st.fixed_dictionaries({"icd10cm": st.sampled_from(DIAGNOSES), "group": st.just("1")})
noncovered_group = st.fixed_dictionaries(
    {
        "group": st.just("1"),
        "procedures": st.sampled_from(("", "", "22222")),
        "closes_the_list": st.booleans(),
        "conditional": st.booleans(),
    }
)


def once(name: str):
    return lambda row: tuple(row[part] for part in name.split())


articles = st.fixed_dictionaries(
    {
        "contractor": st.sampled_from((MINE, MINE, OTHER)),
        "valid_from": st.sampled_from((None, *DAYS)),
        "valid_to": st.sampled_from((None, None, *DAYS)),
        "codes": st.sets(st.sampled_from(CODES)),
        "groups": st.lists(groups, max_size=2, unique_by=once("group")),
        "covered": st.lists(covered, max_size=4, unique_by=once("icd10cm group")),
        "noncovered": st.lists(noncovered, max_size=2, unique_by=once("icd10cm group")),
        "noncovered_groups": st.lists(noncovered_group, max_size=1),
    }
)
lines = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(CODES),
        "service_date": st.sampled_from(DAYS),
        "diagnosis_pointers": st.lists(st.integers(1, 3), max_size=3, unique=True),
        "modifiers": st.sampled_from(((), (), (), ("GA",), ("GZ",), ("GY",))),
    }
)
claims = st.fixed_dictionaries(
    {
        "filing_indicator": st.sampled_from(("MB", "MB", "MB", "CI")),
        "payer_id": st.sampled_from(("13102", "13102", "X")),
        "diagnoses": st.permutations(DIAGNOSES).map(list),
        "lines": st.lists(lines, min_size=1, max_size=2),
    }
)


def book_of(drawn):
    tables = {f"mcd_{name}": [] for name in ("article_covered", "article_covered_group", "article_noncovered")}
    tables |= {f"mcd_{name}": [] for name in ("article_noncovered_group", "article", "article_hcpcs")}
    tables["mcd_contractor"] = [{}, {"contractor": OTHER, "number": "14212"}]
    tables["mcd_article_contractor"] = []
    for number, article in enumerate(drawn):
        me = {"article_id": str(50000 + number)}
        begins, ends = article["valid_from"], article["valid_to"]
        tables["mcd_article"].append(me | {"valid_from": begins, "valid_to": ends, "version_made": None})
        tables["mcd_article_contractor"].append(me | {"contractor": article["contractor"]})
        tables["mcd_article_hcpcs"] += [me | {"hcpcs": code} for code in sorted(article["codes"])]
        tables["mcd_article_covered"] += [me | row for row in article["covered"]]
        tables["mcd_article_covered_group"] += [me | row for row in article["groups"]]
        tables["mcd_article_noncovered"] += [me | row for row in article["noncovered"]]
        tables["mcd_article_noncovered_group"] += [me | row for row in article["noncovered_groups"]]
    return book_from(tables)


def is_for(group, code):
    return not group["procedures"] or code in group["procedures"]


def verdict_of(article, code, mine, of_claim):
    """What an article says: 1 fine, 2 explained, 3 second missing, 4 open, 5 named, 6 closed; None without a list."""
    told = {row["group"]: row for row in article["groups"]}
    blank = {"procedures": "", "wants_another": False, "needed_with": ""}
    listed = [row for row in article["covered"] if row["icd10cm"] in mine]
    ranks = []
    for row in listed:
        group = told.get(row["group"], blank)
        if not is_for(group, code):
            continue
        pair = row["explained"] and row["icd10cm"] == "R519" and bool(group["needed_with"])
        alone = len({other["icd10cm"] for other in listed}) < 2
        if (pair and "G894" not in of_claim) or (group["wants_another"] and alone):
            ranks.append(3)
        else:
            ranks.append(2 if row["explained"] and not pair else 1)
    if ranks:
        return min(ranks)
    if listed:
        return 4
    bad = {row["group"]: row for row in article["noncovered_groups"]}
    open_to = [row for row in article["noncovered"] if row["group"] not in bad or is_for(bad[row["group"]], code)]
    if all(any(row["icd10cm"] == dx for row in open_to) for dx in mine):
        return 4 if any(row["conditional"] for row in bad.values()) else 5
    has_list = any(row["icd10cm"] != "XX000" for row in article["covered"])
    if not has_list or not any(is_for(group, code) for group in told.values()):
        return None
    closed = any(row["closes_the_list"] and not row["procedures"] for row in bad.values())
    return 6 if closed else 4


RULE_OF = {2: "COV005", 3: "COV004", 4: "COV003", 5: "COV002", 6: "COV001"}


def expected(drawn, claim):
    if claim["filing_indicator"] != "MB" or claim["payer_id"] != "13102":
        return set()
    found = set()
    for number, line in enumerate(claim["lines"], start=1):
        mine = {claim["diagnoses"][pointer - 1] for pointer in line["diagnosis_pointers"]}
        if not mine or "GY" in line["modifiers"]:
            continue
        said = []
        for article in drawn:
            begins, ends = article["valid_from"], article["valid_to"]
            if article["contractor"] != MINE or line["hcpcs"] not in article["codes"]:
                continue
            if (begins and line["service_date"] < begins) or (ends and ends < line["service_date"]):
                continue
            said.append(verdict_of(article, line["hcpcs"], mine, set(claim["diagnoses"])))
        best = min((rank for rank in said if rank is not None), default=1)
        if best == 1:
            continue
        if line["modifiers"]:
            if best >= 4:
                found.add(("COV006", number))
        else:
            found.add((RULE_OF[best], number))
    return found


@settings(max_examples=100, deadline=None)
@given(drawn=st.lists(articles, max_size=2), claim=claims)
def test_cov_finds_what_the_contractors_articles_say(drawn, claim):
    report = check_claims([claim_from(claim)], book_of(drawn), rules=select_rules(["COV"]))
    assert {(finding.rule, finding.line) for finding in report.findings} == expected(drawn, claim)
