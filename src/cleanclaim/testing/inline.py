"""Books and claims made from a few inlined facts, so that no rule test depends on a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import yaml

from cleanclaim.book.payers import Policy
from cleanclaim.book.payers.read import SCHEMA, policy_from
from cleanclaim.book.payers.shelf import policies_from
from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.index import format as index_format
from cleanclaim.index.build import compile_tables
from cleanclaim.index.lookup import Index, OpenBook
from cleanclaim.index.tables import TABLES

SERVICE_DATE = dt.date(2026, 7, 15)
QUARTER = (dt.date(2026, 7, 1), dt.date(2026, 9, 30))
NPI = "1992999015"

SOURCES = {
    "ptp": "ncci-ptp-practitioner",
    "ptp_outpatient": "ncci-ptp-outpatient",
    "mue": "ncci-mue-practitioner",
    "mue_outpatient": "ncci-mue-outpatient",
    "mue_dme": "ncci-mue-dme",
    "aoc": "ncci-aoc",
    "mpfs": "mpfs-rvu",
    "gpci": "mpfs-gpci",
    "anesthesia": "mpfs-anesthesia",
    "base_units": "anesthesia-base-units",
    "clfs": "clfs",
    "dmepos": "dmepos",
    "dmepos_pen": "dmepos-pen",
    "asp": "asp",
    "hcpcs": "hcpcs",
    "icd10cm": "icd10cm",
    "icd10cm_notes": "icd10cm-notes",
    "taxonomy": "nucc-taxonomy",
    "pos": "pos",
    "carc": "carc",
    "rarc": "rarc",
    "imaging": "imaging-guidance",
    "zip_locality": "zip-locality",
    **{
        f"mcd_{name.replace('-', '_')}": f"mcd-{name}"
        for name in (
            *("contractor", "state", "jurisdiction", "article", "article-revision", "article-contractor"),
            *("article-hcpcs", "article-covered", "article-noncovered", "article-covered-group"),
            *("article-noncovered-group", "self-administered", "article-ncd", "article-lcd"),
            *("lcd", "lcd-contractor", "lcd-hcpcs", "lcd-article", "lcd-ncd", "lcd-retirement"),
        )
    },
}
_FEE_DEFAULTS = {
    "status_indicator": "A",
    "pc_tc_indicator": "0",
    "global_days": "XXX",
    "multiple_procedure": "0",
    "bilateral": "0",
    "assistant": "9",
    "co_surgeon": "9",
    "team_surgeon": "9",
    "conversion_factor": "33.4009",
    "imaging_family": "99",
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "mue": {"mai": 3},
    "mue_outpatient": {"mai": 3},
    "mue_dme": {"mai": 3},
    "aoc": {"edit_type": 1, "primary": ""},
    "mpfs": _FEE_DEFAULTS,
    "hcpcs": {"kind": "code"},
    "icd10cm": {"billable": True},
    "pos": {"facility": False},
    "imaging": {"authority": "test", "modality": "fluoroscopy"},
    "mcd_contractor": {"contractor": "9/9/1", "number": "13102", "role": "B"},
    "mcd_state": {"state_id": "41", "state": "NY"},
    "mcd_jurisdiction": {"contractor": "9/9/1", "state_id": "41"},
    **{
        f"mcd_{name}": {"article_id": "50000", "version": "7", "group": "1"} | more
        for name, more in (
            ("article", {"kind": "6"}),
            ("article_revision", {}),
            ("article_contractor", {"contractor": "9/9/1"}),
            ("article_hcpcs", {"hcpcs": "11111"}),
            ("article_covered", {}),
            ("article_noncovered", {}),
            ("article_covered_group", {}),
            ("article_noncovered_group", {}),
            ("self_administered", {"article_id": "60000"}),
            ("article_ncd", {}),
            ("article_lcd", {"lcd_id": "30000"}),
        )
    },
    **{
        f"mcd_{name}": {"lcd_id": "30000", "version": "4"} | more
        for name, more in (
            ("lcd", {"title": "Chairs"}),
            ("lcd_contractor", {"contractor": "9/9/1"}),
            ("lcd_hcpcs", {"hcpcs": "E1111", "group": "1"}),
            ("lcd_article", {"article_id": "50000"}),
            ("lcd_ncd", {"ncd_id": "155"}),
        )
    },
    "mcd_lcd_retirement": {"lcd_id": "30000"},
}
_ARROW = {"s": pa.string(), "i": pa.int32(), "b": pa.bool_(), "d": pa.string(), "t": pa.date32()}
_EMPTY = {"s": "", "i": 0, "b": False, "d": "0.00", "t": None}


def book_from(facts: Mapping[str, Sequence[Mapping[str, Any]]]) -> OpenBook:
    """A book of whole releases for 2026Q3 holding exactly ``facts``; a table not named is not loaded.

    ``policies`` are payer policies; without any, those that come with the package are left out too.
    ``release`` of a row (a mapping) overrides fields of the release, and splits the rows by it.
    """
    loaded: list[tuple[Release, pa.Table]] = []
    for name, rows in facts.items():
        if name == "policies":
            continue
        by_release: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for row in rows:
            values = dict(row)
            overrides = dict(values.pop("release", {}))
            by_release.setdefault(repr(sorted(overrides.items())), (overrides, []))[1].append(values)
        for overrides, values_of in by_release.values() or [({}, [])]:
            loaded.append((_release(SOURCES[name], overrides, len(values_of)), _table(name, values_of)))
    releases = tuple(release for release, _ in loaded)
    tables = [(number, release, table) for number, (release, table) in enumerate(loaded)]
    content = compile_tables(releases, tables, ())
    book = OpenBook(Index(index_format.parse(memoryview(content), "inline")))
    book.use_policies(policies_from([_policy(values) for values in facts.get("policies", ())]))
    return book


def _policy(values: Mapping[str, Any]) -> Policy:
    """A payer policy without cases, from a mapping."""
    return policy_from(yaml.safe_dump({"schema": SCHEMA, **values}), "case", with_cases=False)


def _release(source: str, overrides: Mapping[str, Any], rows: int) -> Release:
    values: dict[str, Any] = {
        "source": source,
        "release": "2026Q3",
        "covers_from": QUARTER[0],
        "covers_to": QUARTER[1],
        "published": None,
        "rows": rows,
        "rejected": 0,
        "sha256": "0" * 64,
        "files": (f"{source}.csv",),
    }
    return Release(**(values | dict(overrides)))


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    spec = next(table for table in TABLES if SOURCES[name] in table.sources)
    unknown = {key for row in rows for key in row} - {column for column, _ in spec.columns}
    assert not unknown, f"{name}: no such columns {unknown}"
    made = [
        {
            column: (_DEFAULTS.get(name, {}) | dict(row)).get(column, number if column == "row" else _EMPTY[kind])
            for column, kind in spec.columns
        }
        for number, row in enumerate(rows, start=2)
    ]
    return pa.Table.from_pylist(made, pa.schema([(column, _ARROW[kind]) for column, kind in spec.columns]))


def claim_from(values: Mapping[str, Any], *, claim_id: str = "C1") -> Claim:
    """A claim from a mapping: Claim's fields, and lines of ClaimLine's fields with ``service_date`` for one day."""
    given = dict(values)
    lines = tuple(
        _line(number, dict(line), given.get("rendering_npi", NPI)) for number, line in enumerate(given.pop("lines"), 1)
    )
    diagnoses = tuple(
        Diagnosis(entry) if isinstance(entry, str) else Diagnosis(**entry) for entry in given.pop("diagnoses", ())
    )
    fields: dict[str, Any] = {
        "claim_id": claim_id,
        "claim_type": ClaimType(given.pop("claim_type", "professional")),
        "patient_key": "patient",
        "billing_npi": "1992999031",
        "rendering_npi": NPI,
        "payer_id": "12345",
        "frequency": "1",
        "file": "case.837",
        "byte": 0,
        "pos": "11",
    }
    charges = [line.charge for line in lines if line.charge is not None]
    fields["total_charge"] = sum(charges, Decimal(0))
    if "total_charge" in given:
        given["total_charge"] = None if given["total_charge"] is None else Decimal(str(given["total_charge"]))
    for name in ("envelope_faults",):
        if name in given:
            given[name] = tuple(given[name])
    return Claim(lines=lines, diagnoses=diagnoses, **(fields | given))


def _line(number: int, given: dict[str, Any], npi: str) -> ClaimLine:
    day = given.pop("service_date", SERVICE_DATE)
    fields: dict[str, Any] = {
        "line_no": number,
        "hcpcs": "",
        "units": "1",
        "charge": "100.00",
        "service_from": day,
        "service_to": day,
        "pos": "11",
        "rendering_npi": npi,
        "byte": 100 * number,
        "segment": "SV1",
    } | given
    for name in ("units", "charge", "ndc_units"):
        if fields.get(name) is not None:
            fields[name] = Decimal(str(fields[name]))
    for name in ("modifiers", "diagnosis_pointers"):
        fields[name] = tuple(fields.get(name, ()))
    return ClaimLine(**fields)


def claims_from(case: Mapping[str, Any]) -> list[Claim]:
    """The claims of a rule case: ``claim``, or ``claims``."""
    given = case["claims"] if "claims" in case else [case["claim"]]
    return [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(given, start=1)]
