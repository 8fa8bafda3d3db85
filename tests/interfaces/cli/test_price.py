"""``cleanclaim price`` and ``cleanclaim.price``: the contract's JSON, the table people read, and what is refused."""

from __future__ import annotations

import datetime as dt
import doctest
import json
import re
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

import cleanclaim
from cleanclaim.engine.price import price
from cleanclaim.errors import InputError
from cleanclaim.interfaces import python
from cleanclaim.interfaces.cli.main import app
from cleanclaim.pricing.model import Priced, Service, Terms
from cleanclaim.render import price_report
from cleanclaim.testing.inline import SERVICE_DATE, book_from
from support.console import ended

DATED = ("--date", "2026-07-15")
NATIONAL = (*DATED, "--locality", "national", "--pos", "22")
MONEY = {"type": "string", "pattern": r"^\d+\.\d{2}$"}
NUMBER = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}
TEXT = {"type": "string", "minLength": 1}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def record(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(properties),
        "additionalProperties": False,
        "properties": properties,
    }


CITATION = record(
    source=TEXT,
    release={"type": "string"},
    locator={"type": "string"},
    valid_from=or_null(TEXT),
    valid_to=or_null(TEXT),
    text={"type": "string"},
)
LINE = record(
    line={"type": "integer", "minimum": 1},
    code=TEXT,
    modifiers={"type": "array", "items": TEXT},
    units={"type": "number", "exclusiveMinimum": 0},
    pos=or_null({"type": "string", "pattern": r"^\d\d$"}),
    setting={"enum": ["facility", "nonfacility"]},
    charge=or_null(MONEY),
    minutes=or_null({"type": "number"}),
    schedule=or_null(TEXT),
    status_indicator=or_null({"type": "string", "pattern": "^[A-Z]$"}),
    work_rvu=or_null(NUMBER),
    pe_rvu=or_null(NUMBER),
    mp_rvu=or_null(NUMBER),
    gpci=or_null(record(work=NUMBER, pe=NUMBER, mp=NUMBER)),
    anesthesia_units=or_null({"type": "object", "additionalProperties": NUMBER}),
    conversion_factor=or_null(NUMBER),
    base=or_null(MONEY),
    adjustments={
        "type": "array",
        "items": record(key=TEXT, why=TEXT, factor=or_null(NUMBER), amount=MONEY, citation=CITATION),
    },
    allowed=or_null(MONEY),
    reason=or_null(TEXT),
    reason_key=or_null({"type": "string", "pattern": "^[a-z_]+$"}),
    limiting_charge=or_null(MONEY),
    medicare_pays=or_null(MONEY),
    notes={"type": "array", "items": TEXT},
    stale={"type": "boolean"},
    citations={"type": "array", "items": CITATION},
)
DOCUMENT = record(
    schema={"const": "cleanclaim.price/1"},
    date={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    locality={"type": "string", "pattern": r"^(\d{5}-\d{2}|national)$"},
    locality_name=TEXT,
    state=or_null(TEXT),
    total=or_null(MONEY),
    unpriced={"type": "integer", "minimum": 0},
    stale={
        "type": "array",
        "items": record(source=TEXT, release=TEXT, covers_to=or_null(TEXT)),
    },
    notes={"type": "array", "items": TEXT},
    lines={"type": "array", "minItems": 1, "items": LINE},
    citations={"type": "array", "items": CITATION},
)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["price", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def answer(*arguments: str) -> dict[str, Any]:
    document = json.loads(run(*arguments, "--format", "json"))
    jsonschema.validate(document, DOCUMENT)
    return document


# --- a book of our own: two codes of the procedure table, an imaging study with its parts, a place and its ZIP code

ROWS: list[dict[str, Any]] = [
    {
        "hcpcs": "22222",
        "work_rvu": "3.40",
        "pe_rvu_facility": "1.88",
        "pe_rvu_nonfacility": "5.10",
        "mp_rvu": "0.54",
        "total_facility": "5.82",
        "total_nonfacility": "9.04",
    },
    {"hcpcs": "33333", "status_indicator": "C"},
    {
        "hcpcs": "44444",
        "pc_tc_indicator": "3",
        "pe_rvu_nonfacility": "29.03",
        "pe_rvu_facility": "29.03",
        "mp_rvu": "0.51",
        "total_facility": "29.54",
        "total_nonfacility": "29.54",
    },
]
PLACES: list[dict[str, Any]] = [{"pos": "11"}, {"pos": "22", "facility": True}]
INDICES: list[dict[str, Any]] = [
    {
        "mac": "10112",
        "locality": "00",
        "state": "AL",
        "locality_name": "ALABAMA",
        "work_gpci": "1.002",
        "pe_gpci": "0.869",
        "mp_gpci": "0.575",
        "row": 4,
    }
]
ZIPS: list[dict[str, Any]] = [
    {"zip_code": "35203", "carrier": "10112", "locality": "00", "row": 1},
    {"zip_code": "35204", "carrier": "10112", "locality": "00", "divided": True, "row": 2},
]


def made(*services: str | Service, date: dt.date = SERVICE_DATE, **asked: Any) -> Priced:
    book = book_from({"mpfs": ROWS, "pos": PLACES, "gpci": INDICES, "zip_locality": ZIPS})
    return price(book, services, date, **{"locality": "10112-00", "pos": "22"} | asked)


# --- the JSON of the contract


@pytest.mark.parametrize(
    "services",
    [
        ["43214"],
        ["43214", "74360", "76942-26", "99999"],
        ["45385", "45380", "43239-59", "64483-50x2"],
        ["4324F", "G4000", "J1100", "00100-AA", "36415"],
        ["99213=100.00", "20611-LT"],
    ],
)
def test_json_is_as_the_contract_says(services):
    document = answer(*services, *NATIONAL)
    assert [line["code"] for line in document["lines"]] == [service[:5] for service in services]
    assert [line["line"] for line in document["lines"]] == list(range(1, len(services) + 1))
    assert document["locality"] == "national"


def test_example_of_the_contract_comes_out_with_every_figure_as_text():
    (line,) = answer("43214", *DATED, "--locality", "10112-00", "--pos", "22")["lines"]
    assert {
        "code": "43214",
        "modifiers": [],
        "units": 1,
        "setting": "facility",
        "work_rvu": "3.32",
        "pe_rvu": "1.22",
        "mp_rvu": "0.50",
        "conversion_factor": "33.4009",
        "adjustments": [],
    }.items() <= line.items()
    at = {name: Decimal(value) for name, value in line["gpci"].items()}
    exact = (Decimal("3.32") * at["work"] + Decimal("1.22") * at["pe"] + Decimal("0.50") * at["mp"]) * Decimal(
        "33.4009"
    )
    assert line["allowed"] == line["base"] == str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    assert all(re.fullmatch(r"\d\.\d{3}", value) for value in line["gpci"].values())


@pytest.mark.parametrize(
    "services",
    [["43214", "76942-26", "20611x2"], ["64483-50", "99213", "45380", "45385"], ["43214-80=10.00", "43239"]],
)
@pytest.mark.parametrize("terms", [(), ("--nonparticipating", "--sequestration"), ("--nonphysician",)])
def test_base_and_steps_end_in_what_is_allowed_and_the_lines_in_the_total(services, terms):
    document = answer(*services, *NATIONAL, *terms)
    for line in document["lines"]:
        amounts = [line["base"], *(step["amount"] for step in line["adjustments"])]
        assert line["allowed"] in {None, amounts[-1]}
    allowed = [Decimal(line["allowed"]) for line in document["lines"] if line["allowed"] is not None]
    assert Decimal(document["total"]) == sum(allowed)
    assert document["unpriced"] == len(services) - len(allowed)


@pytest.mark.parametrize(
    ("service", "reason"),
    [("33333", "carrier_priced"), ("99999", "not_on_schedule"), ("22222-26", "modifier_not_allowed")],
)
def test_service_without_price_says_why_and_is_never_zero(service, reason):
    document = price_report.as_json(made(service))
    jsonschema.validate(document, DOCUMENT)
    (line,) = document["lines"]
    assert (line["allowed"], line["reason_key"], document["total"], document["unpriced"]) == (None, reason, None, 1)
    assert line["reason"]
    assert "0.00" not in price_report.text(made(service))


def test_every_citation_is_listed_once_and_the_line_says_which_are_its_own():
    document = price_report.as_json(made("22222", "22222-79"))
    cited = [json.dumps(entry) for entry in document["citations"]]
    assert len(cited) == len(set(cited))
    assert {entry["source"] for entry in document["citations"]} == {"mpfs-rvu", "mpfs-gpci"}
    assert [entry["locator"] for entry in document["lines"][0]["citations"]] == ["22222"]


# --- the table people read


def test_base_is_a_formula_that_a_calculator_can_do_again():
    said = price_report.text(made("22222x3", pos="11"), width=80)
    (formula,) = re.findall(r"^ +(\(.*\) x [\d.]+) \[\d\] +([\d.]+)$", said, re.MULTILINE)
    assert formula[0] == "(3.40 x 1.002 + 5.10 x 0.869 + 0.54 x 0.575) x 33.4009"
    product = eval(re.sub(r"([\d.]+)", r"Decimal('\1')", formula[0].replace(" x ", " * ")))  # noqa: S307 - matched above
    assert product.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(formula[1])
    assert f"{formula[1]} x 3 units" in said
    assert f"${Decimal(formula[1]) * 3}" in said


def test_table_fits_80_columns_and_its_amounts_stand_under_each_other():
    said = run("43214", "45385", "45380", "64483-50x2", "20611", "74360", "00100-AA", *NATIONAL, "--nonparticipating")
    wide = price_report.text(made("22222", "33333", terms=Terms(participating=False)), width=80)
    for page, columns in ((said, 100), (wide, 80)):
        lines = page.split("\nSources")[0].splitlines()
        assert max(len(line) for line in page.splitlines()) <= columns
        amounts = [line for line in lines if re.search(r" {2,}\$?[\d,]+\.\d{2}$", line)]
        assert len(amounts) > 3
        assert {len(line) for line in amounts} == {columns}


def test_every_mark_in_the_table_is_a_source_in_the_list():
    table, sources = run("43214", "45385", "76942-26", "74360", *NATIONAL).split("\nSources\n")
    marks = set(re.findall(r"\[(\d+)\]", table))
    assert marks == set(re.findall(r"^\[(\d+)\]", sources, re.MULTILINE))
    assert {str(number) for number in range(1, 5)} <= marks


def test_total_is_said_to_be_without_what_has_no_price():
    said = price_report.text(made("22222", "33333"))
    assert "Not priced: the Medicare contractor sets the price (status C) [3]." in said
    assert "The total is without 33333 (1 of 2)." in said
    assert "There is no price for 33333 (1 of 1)." in price_report.text(made("33333"))


def test_stale_release_is_the_first_thing_said():
    late = made("22222", date=dt.date(2027, 2, 1))
    first = " ".join(price_report.text(late, width=100).split())
    assert first.startswith(
        "Stale: for 2027-02-01 what is of other days was used: mpfs-gpci 2026Q3 (covers 2026-07-01 to 2026-09-30), "
        "mpfs-rvu 2026Q3 (covers"
    )
    document = price_report.as_json(late)
    assert {use["source"] for use in document["stale"]} == {"mpfs-gpci", "mpfs-rvu"}
    assert document["lines"][0]["stale"] is True
    assert price_report.as_json(made("22222"))["stale"] == []


def test_code_that_a_stale_release_does_not_have_is_said_to_be_stale_too():
    late = made("99999", date=dt.date(2027, 2, 1), locality="national")
    assert late.lines[0].reason_key == "not_on_schedule"
    assert price_report.text(late).startswith(
        "Stale: for 2027-02-01 what is of other days was used: mpfs-rvu 2026Q3. Load"
    )
    assert price_report.as_json(late)["stale"] == [{"source": "mpfs-rvu", "release": "2026Q3", "covers_to": None}]
    assert price_report.text(made("99999")).startswith("Medicare's amounts")


@pytest.mark.parametrize("date", [dt.date(1985, 1, 1), dt.date(1999, 12, 31), dt.date(2019, 5, 1)])
def test_day_without_any_release_is_answered_line_by_line(starter_book, date):
    terms = Terms(participating=False, nonphysician=True, qualifying_apm=True, sequestration=True)
    early = price(starter_book, ["43214-50", "45385-78"], date, locality="national", pos="22", terms=terms)
    assert [line.reason_key for line in early.lines] == ["no_data", "no_data"]
    assert f"no loaded fee schedule speaks of 43214 on {date}" in price_report.text(early, width=100)


def test_nothing_to_price_is_refused():
    with pytest.raises(InputError, match="No service is given"):
        cleanclaim.price([], date=SERVICE_DATE, locality="national", pos="11")


def test_lines_are_numbered_as_steps_name_them():
    both = price_report.text(made("33333", "22222-LT", "22222-RT"))
    assert re.findall(r"^(\d)\. (\S+),", both, re.MULTILINE) == [("1", "33333"), ("2", "22222-LT"), ("3", "22222-RT")]
    assert price_report.text(made("22222")).count("1. ") == 0


def test_colour_changes_nothing_but_the_colour():
    plain = price_report.text(made("22222", "33333"))
    coloured = price_report.text(made("22222", "33333"), colour=True)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert plain != coloured


def test_what_is_paid_without_relative_values_says_its_schedule_and_its_units():
    book = book_from(
        {
            "mpfs": [{"hcpcs": "00142", "status_indicator": "J"}, {"hcpcs": "83036", "status_indicator": "X"}],
            "pos": PLACES,
            "gpci": INDICES,
            "base_units": [{"hcpcs": "00142", "base_units": 4}],
            "anesthesia": [{"mac": "10112", "locality": "00", "factor": "20.0000"}],
            "clfs": [{"hcpcs": "83036", "indicator": "N", "rate": "9.71"}],
        }
    )
    priced = price(book, ["00142-QZ@90min", "83036x2"], SERVICE_DATE, locality="10112-00", pos="11")
    said = price_report.text(priced, width=80)
    assert re.search(r"^  Anesthesia: 4 base units and 6 time units (\[\d\])+ +200\.00$", said, re.MULTILINE)
    assert re.search(r"^  Clinical laboratory fee schedule for 2 units (\[\d\])+ +19\.42$", said, re.MULTILINE)
    assert "conversion factor" not in said
    document = price_report.as_json(priced)
    jsonschema.validate(document, DOCUMENT)
    timed, tested = document["lines"]
    assert timed["anesthesia_units"] == {"base": "4", "time": "6.0", "total": "10.0"}
    assert (timed["schedule"], tested["schedule"]) == ("anesthesia", "clfs")
    assert (timed["work_rvu"], timed["gpci"], tested["conversion_factor"]) == (None, None, None)


def test_what_medicare_pays_cites_the_shares_that_were_used_for_it():
    tables: dict[str, list[dict[str, Any]]] = {"mpfs": ROWS, "pos": PLACES}
    book = book_from({**tables, "clfs": [{"hcpcs": "83036", "indicator": "N", "rate": "10.00"}]})
    terms = Terms(sequestration=True)
    priced = price(book, ["22222", "83036"], SERVICE_DATE, locality="national", pos="11", terms=terms)
    paid = re.findall(r"^  Medicare pays, after .*?((?:\[\d\])+) +([\d.]+)$", price_report.text(priced), re.MULTILINE)
    assert [len(re.findall(r"\[", marks)) for marks, _ in paid] == [
        2,
        1,
    ]  # no coinsurance is taken of a laboratory test
    assert paid[1][1] == "9.80"
    assert paid[0][0].endswith(paid[1][0])


# --- places and terms


def test_zip_code_is_the_locality_it_lies_in_and_cites_its_row():
    by_zip, by_name = made("22222", locality="", zip_code="35203"), made("22222")
    assert by_zip.total == by_name.total
    assert [cited.source for cited in by_zip.citations] == ["zip-locality", "mpfs-gpci", "mpfs-rvu"]
    assert made("22222", locality="", zip_code="35203-1234").total == by_name.total


def test_zip_code_of_several_localities_is_said_to_be_so():
    assert "Parts of ZIP code 35204 belong to another locality" in price_report.text(
        made("22222", locality="", zip_code="35204"), width=100
    )


def test_nonparticipating_is_paid_95_percent_and_may_charge_109_25_percent_of_the_fee():
    usual, other = made("22222"), made("22222", terms=Terms(participating=False))
    assert usual.total is not None
    fee = usual.total
    assert other.total == (fee * Decimal("0.95")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    limit = other.lines[0].limiting_charge
    assert limit is not None
    assert abs(limit - fee * Decimal("1.0925")) <= Decimal("0.01")
    assert f"{limit}" in price_report.text(other)


def test_options_are_the_terms_of_the_price():
    def total(*options: str) -> Decimal:
        return Decimal(answer("43214", *NATIONAL, *options)["total"])

    assert total("--nonphysician") == (total() * Decimal("0.85")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert total("--nonparticipating") < total()
    assert total("--qualifying-apm") > total()
    (line,) = answer("43214", *NATIONAL, "--sequestration")["lines"]
    paid = (Decimal(line["allowed"]) * Decimal("0.8")).quantize(Decimal("0.01"), ROUND_HALF_UP) * Decimal("0.98")
    assert Decimal(line["medicare_pays"]) == paid.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_factor_of_a_year_is_never_put_on_relative_values_of_another():
    year = {"release": {"release": "RVU25D", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}}
    of_2025 = ROWS[0] | {"conversion_factor": "32.3465"} | year
    book = book_from({"mpfs": [of_2025], "pos": [place | year for place in PLACES]})
    for terms in (Terms(), Terms(qualifying_apm=True)):
        (line,) = price(book, ["22222"], dt.date(2026, 3, 1), locality="national", pos="22", terms=terms).lines
        assert line.fee is not None
        assert (line.fee.conversion_factor, line.stale) == (Decimal("32.3465"), True)


def test_a_charge_below_the_fee_is_all_that_is_allowed():
    (line,) = made("22222=50.00").lines
    assert line.allowed == Decimal("50.00")
    assert [step.key for step in line.steps] == ["charge"]
    (dear,) = made("22222=5000.00").lines
    assert dear.steps == ()


def test_a_service_may_have_a_place_of_its_own():
    document = price_report.as_json(made("22222", "22222-79@pos11"))
    assert [(line["pos"], line["setting"]) for line in document["lines"]] == [("22", "facility"), ("11", "nonfacility")]


def test_minutes_and_days_go_to_the_services_they_are_meant_for():
    (timed,) = made("00142-QZ", minutes=Decimal(90)).lines
    assert timed.service.minutes == Decimal(90)
    own, shared = made("00142-QZ@30min", "00144-QZ", minutes=Decimal(90)).lines
    assert (own.service.minutes, shared.service.minutes) == (Decimal(30), Decimal(90))
    cared, other = made("22222-55", "44444", postoperative_days=60).lines
    assert (cared.service.postoperative_days, other.service.postoperative_days) == (60, None)


def test_without_a_date_it_is_today(monkeypatch):
    monkeypatch.setattr("cleanclaim.interfaces.cli.price.today", lambda: dt.date(2026, 7, 15))
    assert json.loads(run("43214", "--locality", "national", "--pos", "22", "--format", "json"))["date"] == "2026-07-15"


# --- what is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["43214", *DATED, "--pos", "22"], "no place is given: --locality 10112-00"),
        (["43214", *DATED, "--pos", "22", "--locality", "national", "--zip", "35203"], "both --locality and --zip"),
        (["43214", *DATED, "--locality", "national"], "No place of service is given: --pos 11 is an office"),
        (["43214", *DATED, "--locality", "national", "--pos", "77"], "Place of service '77' is not on the"),
        (["43214", *DATED, "--locality", "Alabama", "--pos", "22"], "Locality 'Alabama': give the contractor"),
        (["43214", *DATED, "--locality", "10112-77", "--pos", "22"], "No locality 10112-77 in GPCI2026"),
        (["43214", *DATED, "--zip", "3520", "--pos", "22"], "ZIP code '3520': give five digits"),
        (["43214", *DATED, "--zip", "35203", "--pos", "22"], "No ZIP-to-locality file is loaded"),
        (["4321", *NATIONAL], "'4321' is no procedure code"),
        (["43214x0", *NATIONAL], "'0' units: give a number above 0"),
        (["43214-17", *NATIONAL], "CPT has no modifier 17"),
        (["43214", *NATIONAL, "--minutes", "90"], "no service of 00100 to 01999 is given"),
        (["00142-QZ", *NATIONAL, "--minutes", "an hour"], "--minutes 'an hour': give a number"),
        (["43214", *NATIONAL, "--postoperative-days", "60"], "no service bears 55"),
        (["43214@30min", *NATIONAL], "Service 43214: minutes are of anesthesia"),
        (["43214-54@60days", *NATIONAL], "Service 43214-54: days of care are of who bills postoperative care"),
        (["43214", "--date", "15.07.2026", "--locality", "national", "--pos", "22"], "--date '15.07.2026' is no date"),
        (["43214", *NATIONAL, "--known-on", "soon"], "--known-on 'soon' is no date"),
    ],
)
def test_call_that_cannot_be_priced_is_one_message_and_exit_2(capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path))
    assert ended("price", *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert said in printed.err


@pytest.mark.parametrize("arguments", [[], [*NATIONAL], ["43214", *NATIONAL, "--format", "yaml"]])
def test_call_without_a_service_or_of_another_format_is_exit_2(capsys, arguments):
    assert ended("price", *arguments) == 2
    assert "cleanclaim price [OPTIONS]" in capsys.readouterr().err


def test_modifier_that_the_whole_list_does_not_have_is_refused():
    book = book_from({"mpfs": ROWS, "pos": PLACES, "hcpcs": [{"hcpcs": "LT", "kind": "modifier"}]})
    with pytest.raises(InputError, match=r"Service 22222-Z6: hcpcs 2026Q3 has no modifier Z6\."):
        price(book, ["22222-Z6"], SERVICE_DATE, locality="national", pos="22")
    assert price(book, ["22222-LT"], SERVICE_DATE, locality="national", pos="22").total is not None


# --- from Python


def test_python_takes_words_and_records_and_says_what_the_command_says():
    day = dt.date(2026, 7, 15)
    services: list[str | Service] = ["43214", Service("76942", ("26",), pos="11")]
    priced = cleanclaim.price(services, date=day, locality="national", pos="22")
    assert isinstance(priced, cleanclaim.Priced)
    assert price_report.as_json(priced) == answer("43214", "76942-26@pos11", *NATIONAL)
    assert cleanclaim.price("43214", date=day, locality="national", pos="22").lines[0] == priced.lines[0]


def test_python_takes_an_opened_book_and_terms(starter_book):
    priced = cleanclaim.price(
        "43214",
        date=dt.date(2026, 7, 15),
        locality="10112-00",
        pos="22",
        book=cleanclaim.Book(starter_book),
        terms=cleanclaim.Terms(participating=False),
    )
    assert priced.lines[0].limiting_charge is not None


def test_examples_in_the_docstring_are_right():
    examples = doctest.DocTestFinder(recurse=False).find(python.price, "price", globs={})
    assert [doctest.DocTestRunner().run(example).failed for example in examples] == [0]


def test_price_reads_the_index_without_the_table_libraries(starter_book):
    assert starter_book.releases  # its index is built, so that the price below only reads it
    script = (
        "import sys; from typer.testing import CliRunner\n"
        "from cleanclaim.interfaces.cli.main import app\n"
        f"done = CliRunner().invoke(app, ['price', '43214', *{list(NATIONAL)!r}])\n"
        "assert done.exit_code == 0, done.output\n"
        "print(sorted({'numpy', 'pyarrow', 'polars', 'numba'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
