"""The imaging-guidance policy: its layout, and its families held against the published edits and fee schedule."""

from __future__ import annotations

import csv
import datetime as dt
import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pytest
from codeset_files import DATA, claimed_by, made, reasons

from cleanclaim.book.tables import imaging_guidance
from cleanclaim.book.tables.imaging_guidance import from_package
from cleanclaim.errors import InputError, LayoutError

POLICY = """\
# a comment
schema: cleanclaim.imaging_guidance/1
release: 2026-01-01
covers_to: 2026-12-31
families:
  - state: without
    modality: ultrasound
    authority: M
    note: With ultrasound another code.
    valid_from: 2015-01-01
    codes: {"11111": "11112", 22222: ""}
  - state: guidance
    modality: CT
    authority: N IX.G.3
    codes:
      "33333": ""
"""


def parsed(text: str, release: str | None = None):
    return imaging_guidance.parse(made(text, "policy.yaml"), release)


# --- layout


def test_a_family_is_one_row_for_each_code_with_the_line_it_stands_on():
    read = parsed(POLICY)
    assert read.table.schema == imaging_guidance.SCHEMA
    shared = {
        "state": "without", "modality": "ultrasound", "authority": "M", "note": "With ultrasound another code.",
        "valid_from": dt.date(2015, 1, 1), "valid_to": None, "row": 11,
    }  # fmt: skip
    guidance = {
        "state": "guidance", "modality": "CT", "authority": "N IX.G.3", "note": "", "valid_from": None,
        "valid_to": None, "row": 16,
    }  # fmt: skip
    assert read.table.to_pylist() == [
        {"hcpcs": "11111", "partner": "11112", **shared},
        {"hcpcs": "22222", "partner": "", **shared},
        {"hcpcs": "33333", "partner": "", **guidance},
    ]


def test_the_release_is_the_policys_date():
    read = parsed(POLICY)
    assert (read.source, read.release, read.covers_from, read.covers_to, read.published) == (
        "imaging-guidance",
        "2026-01-01",
        None,
        dt.date(2026, 12, 31),
        dt.date(2026, 1, 1),
    )
    assert not read.whole
    assert parsed(POLICY, "mine").release == "mine"


def test_without_a_date_the_release_must_be_named():
    undated = POLICY.replace("release: 2026-01-01\n", "")
    assert parsed(undated, "mine").release == "mine"
    with pytest.raises(InputError, match="cannot tell which release this is"):
        parsed(undated)


def test_a_second_statement_on_a_code_and_what_is_no_code_are_rejected():
    read = parsed(POLICY.replace('"33333": ""', '"11111": ""\n      "3333": ""\n      "33333": ""'))
    assert read.table["hcpcs"].to_pylist() == ["11111", "22222", "33333"]
    assert read.rows_in == 5
    assert read.rejects["row"].to_pylist() == [16, 17]
    assert reasons(read) == {
        "11111": "second statement on a code; line 11 was kept",
        "3333": "not five characters of a procedure code",
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("state: without", "state: maybe"), "line 11: state 'maybe' is none of included, without"),
        (("    authority: M\n", ""), r"line 10: a family lacks \['authority'\]"),
        (("    note:", "    notes:"), r"unknown keys \['notes'\]"),
        (("valid_from: 2015-01-01", "valid_from: in 2015"), "valid_from is 'in 2015'; write a day"),
        (("covers_to: 2026-12-31", "covers_to: soon"), "covers_to is 'soon'"),
        (('    codes: {"11111": "11112", 22222: ""}\n', ""), r"a family lacks \['codes'\]"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_whole(change, complaint):
    assert change[0] in POLICY
    with pytest.raises(InputError, match=complaint):
        parsed(POLICY.replace(*change))


def test_a_family_that_is_no_mapping_is_refused():
    with pytest.raises(InputError, match="written as keys and values"):
        parsed("schema: cleanclaim.imaging_guidance/1\nrelease: 2026-01-01\nfamilies: [one]\n")


@pytest.mark.parametrize(
    "text",
    [
        POLICY.replace("guidance/1", "guidance/2"),
        "schema: cleanclaim.imaging_guidance/1\nrelease: 2026-01-01\n",
        POLICY.replace("families:", "families: {"),
        POLICY.replace("release: 2026-01-01", "release: 2026-02-30"),
    ],
)
def test_another_document_is_a_layout_error(text):
    with pytest.raises(LayoutError, match=r"policy.yaml, line \d+: expected"):
        parsed(text)


def test_only_this_module_claims_a_policy():
    assert claimed_by(made(POLICY, "policy.yaml")) == ["imaging-guidance"]
    assert not imaging_guidance.recognise(made("schema: other/1\n", "policy.yaml"))


# --- the packaged policy


@cache
def packaged() -> dict[str, dict[str, object]]:
    return {row["hcpcs"]: row for row in from_package().table.to_pylist()}


def test_the_packaged_policy_loads_without_a_reject():
    read = from_package()
    assert read.rejects.num_rows == 0
    assert read.table.num_rows > 100


def test_partners_are_mutual():
    for code, row in packaged().items():
        for partner in re.findall(r"\d{5}", str(row["partner"])):
            other = packaged()[partner]
            assert code in str(other["partner"]), (code, partner)
            assert {row["state"], other["state"]} == {"included", "without"}


def test_every_statement_names_its_authority():
    tag = r"(N (Introduction|[IVX]+)(\.[A-Z]+(\.\d+)?)*|M|T|C)"
    for row in packaged().values():
        assert re.fullmatch(rf"{tag}(, {tag})*", str(row["authority"])), row


# --- the families against what is published

G = ("76000", "76937", "76942", "76998", "77001", "77002", "77003", "77011", "77012", "77021", "74360", "75989")
GUIDANCE_OF_DRAINAGE = ("76000", "76942", "77002", "77012", "77021")

# RULES.md, Imaging guidance: for each family its procedures, the imaging codes whose pair has indicator 1, those
# with 0, and those without an edit in force in 2024Q3. Pairs of which it says nothing are not held.
PAIRS = (
    ("62320 62321 62322 62323 62324 62325 62326 62327", "76000 76942 77001 77002 77003 77012", "", ""),
    ("64479 64480 64483 64484 64490 64491 64492 64493 64494 64495 64625 27096",
     "76000 77002 77003 77012 76942", "", ""),
    ("64633 64634 64635 64636 64451", "76000 77002 77003 77012", "", "76942"),
    ("62270 62272", "76000 77002 77012", "", "76942 77003"),
    ("62328 62329", "76000 76942 77002 77003 77012 77021", "", ""),
    ("20600 20605 20610", "76942 76000", "", "77002 77012 77021"),
    ("20604 20606 20611", "76942 76000 77002 77003 77012 77021", "", ""),
    ("10004 10021 10005 10006 10007 10008 10009 10010 10011 10012", "76000 76942 77002 77012 77021", "", ""),
    ("32554 32555 32556 32557 49082 49083 49405 49406 49407 10030 50432 50433 50434 50435",
     " ".join(GUIDANCE_OF_DRAINAGE), "", ""),
    ("32554 32555 32556 32557 49405 49406 49407 10030", "75989", "", ""),
    ("36901 36902 36903 36904 36905 36906 36907 36908 36909", "76000 76942 77001 77002 77012 77021", "", "76937"),
    ("36568 36569 36572 36573", "76000 76937 76942 77001 77002 77012 77021", "", ""),
    ("36556 36558 36561 36581", "76000 77002", "", "77001 76937"),
    ("19081 19082 19083 19084 19085 19086 19281 19282 19283 19284 19285 19286 19287 19288",
     "76000 76942 77002 77011 77012 77021", "", ""),
    ("43213 43214 43233", "76000 77001 77002", "74360", ""),
    ("43220 43226 43248 43249 43195 43196", "76000 77001 77002", "", "74360"),
    ("43450 43453", "", "", " ".join(G)),
    ("74360 74363 74235 74340 74355", "76000 77001 77002", "", ""),
)  # fmt: skip


@cache
def edits_of_2024q3() -> dict[tuple[str, str], int]:
    """Indicator of every pair in force on 2024-07-15 whose Column Two is an imaging code."""
    path = DATA / "ncci" / "ptp_practitioner_2024Q3.csv.gz"
    if not path.is_file():
        pytest.skip("the published files are not at hand (../shared/data is absent)")
    columns = ["column_1", "column_2", "deletion", "modifier"]
    table = pacsv.read_csv(path, convert_options=pacsv.ConvertOptions(include_columns=columns))
    day = pa.scalar(dt.date(2024, 7, 15))
    wanted = pc.is_in(table["column_2"], pa.array(G))
    in_force = pc.and_(pc.greater_equal(table["deletion"], day), pc.not_equal(table["modifier"], 9))
    kept = table.filter(pc.and_(wanted, in_force)).to_pydict()
    return {
        (one, two): indicator
        for one, two, indicator in zip(kept["column_1"], kept["column_2"], kept["modifier"], strict=True)
    }


@pytest.mark.published
@pytest.mark.parametrize(("procedures", "one", "zero", "no_edit"), PAIRS, ids=lambda value: str(value)[:11])
def test_pairs_of_a_family_are_as_published(procedures, one, zero, no_edit):
    edits = edits_of_2024q3()
    for procedure in procedures.split():
        assert procedure in packaged(), f"{procedure} is missing from the policy"
        expected = dict.fromkeys(one.split(), 1) | dict.fromkeys(zero.split(), 0)
        expected |= dict.fromkeys(no_edit.split())
        assert {code: edits.get((procedure, code)) for code in expected} == expected, procedure


@pytest.mark.published
def test_imaging_that_no_modifier_frees_is_known():
    """Read the row, never assume: the pairs with indicator 0 outside anesthesia (RULES.md, rule 5)."""
    zero = {
        pair
        for pair, indicator in edits_of_2024q3().items()
        if indicator == 0 and not re.fullmatch(r"0[01]\d{3}", pair[0])
    }
    assert {one for one, two in zero if two == "74360"} == {"43213", "43214", "43233"}
    assert {one for one, two in zero if two == "76937"} == {"34713", "36475", "36476", "36478", "36479"}
    assert {one for one, two in zero if two == "76000"} == {"33289", "33897"}
    assert len([one for one, two in zero if two == "76942"]) == 15
    for code in ("43232", "43238", "43242", "43253", "45342", "36475", "36478", "36479"):
        assert (code, "76942") in zero
        assert packaged()[code]["state"] == "included"


@pytest.mark.published
def test_every_included_or_without_code_has_an_edit_with_some_guidance():
    edits = edits_of_2024q3()
    for code, row in packaged().items():
        if row["state"] in {"included", "without"}:
            assert any((code, guidance) in edits for guidance in G), code


@pytest.mark.published
def test_no_edit_bundles_what_a_family_leaves_to_be_reported():
    edits = edits_of_2024q3()
    for code, row in packaged().items():
        if row["state"] == "separately_reportable":
            for named in re.findall(r"\d{5}", str(row["modality"])):
                assert (code, named) not in edits, (code, named)


@cache
def fee_schedule_codes() -> dict[str, str]:
    """Global days of every code of RVU26C without modifier."""
    path = DATA / "mpfs" / "rvu26c" / "PPRRVU2026_Jul_nonQPP.csv"
    if not path.is_file():
        pytest.skip("the published files are not at hand (../shared/data is absent)")
    with path.open(encoding="cp1252", newline="") as lines:
        return {row[0]: row[14] for row in csv.reader(lines) if len(row) > 14 and not row[1].strip()}


@pytest.mark.published
def test_every_code_is_in_the_fee_schedule_of_2026():
    missing = set(packaged()) - set(fee_schedule_codes())
    assert not missing


@pytest.mark.published
def test_guidance_add_ons_are_what_the_fee_schedule_says():
    for code, days in {"77001": "ZZZ", "77002": "ZZZ", "77003": "ZZZ", "76937": "ZZZ", "76000": "XXX", "76942": "XXX",
                       "77011": "XXX", "77012": "XXX", "77021": "XXX"}.items():  # fmt: skip
        assert fee_schedule_codes()[code] == days, code
        assert packaged()[code]["state"] == "guidance"


@pytest.mark.published
def test_no_procedure_that_settles_its_imaging_is_a_listed_primary_of_its_guidance():
    """IMG005 is silent where a listed primary is billed: such a code must not silence it about itself."""
    path = DATA / "ncci" / "aoc_2024Q2.csv"
    if not path.is_file():
        pytest.skip("the published files are not at hand (../shared/data is absent)")
    settled = {code for code, row in packaged().items() if row["state"] in {"included", "without"}}
    edits = edits_of_2024q3()
    with path.open(encoding="utf-8", newline="") as lines:
        found = [
            (row["primary"], row["addon"])
            for row in csv.DictReader(lines)
            if row["addon"] in G and row["primary"] in settled
        ]
    assert not [pair for pair in found if pair in edits]
