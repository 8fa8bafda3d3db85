"""The page: well formed, self-contained, says what it leaves out, and runs nothing that a claims file holds."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from forms import made
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import BUNDLED, EMPTY, FULL, HOSTILE, hostile

from cleanclaim.render import html_report
from cleanclaim.types import ClaimResult, Place, Report, Severity, Total, Verdict

VOID = {"meta", "input", "br", "rect"}
COLOUR = re.compile(r"--(\w+): (#[0-9a-f]{3,6});")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page, in order; it fails where tags do not match."""

    source: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]


def page(report: Report) -> Page:
    return Page(made(report, "html").decode("utf-8"))


def many(findings: int, per_claim: int) -> Report:
    claims = tuple(
        ClaimResult(f"C{number}", "f", Verdict.DENIED, amount_at_risk=Decimal(number))
        for number in range(findings // per_claim)
    )
    told = tuple(replace(BUNDLED, claim=claim.claim, at=Place("f")) for claim in claims for _ in range(per_claim))
    return Report((), claims, told, (), findings)


@pytest.mark.parametrize("report", [FULL, EMPTY, hostile(HOSTILE)], ids=["full", "empty", "hostile"])
def test_the_page_is_well_formed_and_loads_nothing(report):
    whole = page(report)
    loading = {"src", "srcset", "data", "action", "formaction", "poster", "background"}
    assert [element for element in whole.elements if loading & set(element.attributes)] == []
    assert whole.all("link") == []
    assert {link.attributes["href"] for link in whole.all("a")} <= {"#findings", "#rejects"}
    assert "url(" not in whole.all("style")[0].text
    assert "@import" not in whole.all("style")[0].text


def test_the_policy_of_the_page_lets_its_own_script_run_and_no_other():
    whole = page(hostile(HOSTILE))
    [script] = whole.all("script")
    [policy] = [meta.attributes["content"] for meta in whole.all("meta") if "http-equiv" in meta.attributes]
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.findall(r"script-src ([^;]+)", policy) == [f"'sha256-{digest}'"]


@settings(max_examples=60)
@given(st.text(st.characters(codec=None), max_size=40))
def test_no_text_of_a_claims_file_makes_an_element_or_an_attribute(text):
    def shape(report: Report) -> list[tuple[str, list[str]]]:
        return [(element.tag, sorted(element.attributes)) for element in page(report).elements]

    assert shape(hostile(f"{text}<b onclick='x'>\"")) == shape(hostile("plain"))


def test_every_id_is_there_once_and_every_label_leads_to_one():
    whole = page(FULL)
    ids = [element.attributes["id"] for element in whole.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    named = [
        element.attributes["aria-labelledby"] for element in whole.elements if "aria-labelledby" in element.attributes
    ]
    assert set(named) <= set(ids)
    targets = [str(link.attributes["href"])[1:] for link in whole.all("a")]
    assert set(targets) <= set(ids)


def test_headings_go_down_one_level_at_a_time():
    levels = [int(element.tag[1]) for element in page(FULL).elements if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tiles_count_claims_by_verdict():
    [tiles] = page(replace(FULL, claims=FULL.claims * 1_200)).all("ul", class_="tiles")
    assert re.findall(r"\d[\d,]*", tiles.text) == ["1,200"] * 5


def test_a_finding_tells_what_to_do_denial_appeal_record_and_source():
    [article] = [one for one in page(FULL).all("article", class_="finding deny") if "PTP001" in one.text]
    for words in (
        "Remove 74360, or bill it alone",
        "CO-236 with M80, N20",
        "Rarely. No modifier is allowed",
        "that 43214 was not done",
        "NCCI Policy Manual 2026, I.E",
        "$1,029.06",
        "claims/a.837, byte 1,042, SV1",
    ):
        assert words in article.text


def test_the_longest_bar_is_full_and_a_bar_is_as_long_as_its_parts():
    for chart in html_report._charts(FULL):
        lengths = [sum(length for _, _, length in bar.parts) for bar in chart.bars]
        assert lengths[0] == pytest.approx(100, abs=0.05)
        assert lengths == sorted(lengths, reverse=True)
        for bar in chart.bars:
            ends = [begins + length for _, begins, length in bar.parts]
            assert [begins for _, begins, _ in bar.parts][1:] == pytest.approx(ends[:-1], abs=0.02)


def test_bars_beyond_the_chart_are_counted():
    findings = tuple(replace(BUNDLED, rule=f"AAA{number:03}") for number in range(15))
    chart = next(iter(html_report._charts(replace(FULL, findings=findings))))
    assert (len(chart.bars), chart.rest) == (12, "And 3 more.")


def test_dollars_stand_by_rule_payer_provider_and_code_and_what_is_left_out_is_counted():
    codes = tuple(Total(f"1111{n:x}", 1, 1, Decimal(90 - n), None, 0, 1) for n in range(14))
    whole = page(replace(FULL, totals=replace(FULL.totals, by_code=codes)))
    heads = [table.text.strip().partition("Billed")[0] for table in whole.all("table", class_="dollars")]
    assert heads == ["Rule", "Payer", "Provider (NPI)", "Code"]
    assert "PTP001 bundled-procedure-pair$1,029.06$29.0611" in whole.all("main")[0].text
    assert "1111b$79.00no price11" in whole.all("main")[0].text
    assert "1111c" not in whole.all("main")[0].text
    assert "And 2 more." in whole.all("main")[0].text
    assert page(EMPTY).all("table", class_="dollars") == []


def test_ten_thousand_findings_show_the_worst_thousand_and_say_so():
    whole = page(many(10_000, 5))
    assert len([one for one in whole.all("article") if one.attributes.get("data-severity")]) == 1000
    told = " ".join(whole.all("main")[0].text.split())
    assert "This page shows the 1,000 worst of 10,000 findings, on 200 of 2,000 claims" in told
    assert "--format csv" in told
    first = whole.all("details", class_="claim denied")[0]
    assert "C1999" in first.text


def test_one_claim_number_with_very_many_findings_leaves_room_for_others():
    report = many(500, 100)
    whole = page(report)
    assert len(whole.all("details", class_="claim denied")) == 5
    assert "60 more findings of this claim number, not shown on this page." in whole.all("main")[0].text


def test_claims_without_findings_are_listed_and_their_cut_is_told():
    claims = tuple(ClaimResult(f"C{number}", "f", Verdict.CLEAN) for number in range(501))
    whole = page(Report((), claims, (), (), 501))
    assert len([row for row in whole.all("th", scope="row") if row.text.startswith("C")]) == 500
    assert "The first 500 of 501 claims" in whole.all("main")[0].text


def test_the_page_without_its_script_hides_only_the_filter():
    hidden = [element for element in page(FULL).elements if "hidden" in element.attributes]
    assert [element.attributes.get("id") for element in hidden] == ["filter"]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_stands_out_from_its_ground_as_wcag_aa_asks(theme):
    style = page(EMPTY).all("style")[0].text
    colours = dict(COLOUR.findall(style.split(":root {")[theme + 1].split("}")[0]))
    assert {"ground", "raised", "ink", "soft", "link", *map(str, Verdict)} - {"denied"} <= set(colours)
    for ground in ("ground", "raised"):
        for name in set(colours) - {"ground", "raised", "line"}:
            lighter, darker = sorted((luminance(colours[name]), luminance(colours[ground])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (name, ground)


def test_every_severity_and_verdict_has_its_colour():
    style = page(EMPTY).all("style")[0].text
    assert [word for word in (*Severity, *Verdict) if not re.search(rf"\.{word}\b", style)] == []
