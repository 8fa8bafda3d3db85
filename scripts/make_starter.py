"""Makes the starter: the embedded facts, from published files. Run again whenever a release is to replace them.

    python scripts/make_starter.py FOLDER_OF_PUBLISHED_FILES

What is taken: code numbers, indicators, figures and dates, with the row of the published file each stands on.
No descriptor of a CPT or D code, and no text of X12, leaves the published files.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from cleanclaim.book.load import load_paths
from cleanclaim.book.provenance import Release
from cleanclaim.book.starter import FOLDER
from cleanclaim.book.store import MANIFEST_SCHEMA, BookStore, as_starter
from cleanclaim.book.tables import table_modules

FEE_SCHEDULE: Final = "RVU26C"
INDICES: Final = ("GPCI2025", "GPCI2026")

# Code families the starter covers (ARCHITECTURE, Starter), as ranges of published code numbers.
RANGES: Final = (
    ("10004", "10021"), ("10030", "10036"), ("10060", "10180"),  # needle aspiration, drainage
    ("11042", "11047"), ("11102", "11107"), ("17000", "17004"),  # debridement, biopsies, destruction
    ("19081", "19101"), ("19281", "19288"),  # breast biopsy and localization
    ("20526", "20611"), ("27096", "27096"),  # injections of tendons, trigger points and joints
    ("32550", "32557"), ("49082", "49084"), ("49405", "49407"), ("50430", "50435"),  # guided drainage
    ("36410", "36416"), ("36555", "36598"), ("36901", "36909"),  # venous access, dialysis circuit
    ("43180", "43278"), ("43450", "43460"),  # esophagus, stomach: endoscopy and dilation
    ("44360", "44408"), ("45300", "45398"), ("46600", "46615"),  # bowel endoscopy
    ("62263", "62273"), ("62280", "62282"), ("62320", "62329"),  # spinal injection
    ("64400", "64495"), ("64600", "64640"), ("64721", "64721"),  # nerve blocks, ablation, carpal tunnel
    ("71045", "71048"), ("72020", "72120"), ("73560", "73565"),  # plain films
    ("74220", "74363"), ("75989", "75989"), ("76000", "76000"), ("76380", "76380"),
    ("76536", "76536"), ("76604", "76604"), ("76700", "76776"), ("76881", "76883"),
    ("76930", "76999"), ("77001", "77022"),  # imaging guidance, supervision and interpretation
    ("90460", "90474"), ("93000", "93010"), ("94010", "94060"), ("96360", "96379"),
    ("97110", "97140"), ("97161", "97168"), ("97530", "97535"),
    ("99202", "99499"),  # evaluation and management
)  # fmt: skip
SINGLE: Final = (
    "00100 01992 36415 69210 80048 80050 80053 80061 81001 81002 81003 82962 83036 84443 85025 85610 87880 99000 "
    "G0008 G0009 G0010 G0101 G0104 G0105 G0121 G0260 G0316 G0317 G0318 G0402 G0438 G0439 G0442 G0444 G0463 G2211 "
    "G2212 J0702 J1020 J1030 J1040 J1010 J1100 J1885 J2001 J2250 J3010 J3301 J7192 J7318 J7320 J7321 J7323 J7324 "
    "J7325 J7326 J7327 J7328 J7329 Q9966 Q9967 0213T 0214T 0215T 0216T 0217T 0218T 0232T"
).split()
PACKAGED: Final = {
    "icd10cm": "code-list-April-2026.txt of simple-icd-10-cm 1.5.0",
    "icd10cm-notes": "icd10c-tabular-April-1-2026.xml of simple-icd-10-cm 1.5.0",
    "imaging-guidance": "imaging_guidance.yaml",
}
CATEGORY_II: Final = re.compile(r"\d{4}F")


def main(published: Path) -> None:
    """Write codes.txt, the tables and the manifest of the starter."""
    with tempfile.TemporaryDirectory() as scratch:
        store = BookStore(Path(scratch), with_starter=False)
        load_paths(store, [published])
        shutil.rmtree(FOLDER / "tables", ignore_errors=True)
        codes = _codes(store)
        modifiers = _modifiers(store)
        (FOLDER / "codes.txt").write_text("\n".join([*codes, *modifiers]) + "\n", encoding="ascii")
        listed = pa.array([*codes, *modifiers])
        releases = [
            _write(store, "mpfs-rvu", FEE_SCHEDULE, lambda facts: _among(facts, "hcpcs", listed)),
            _write(store, "ncci-ptp-practitioner", "2024Q3", lambda facts: _pairs(facts, listed)),
            _write(store, "ncci-mue-practitioner", "2024Q3", lambda facts: _among(facts, "hcpcs", listed)),
            _write(store, "ncci-mue-practitioner", "2026Q2", lambda facts: _among(facts, "hcpcs", listed)),
            _write(store, "ncci-mue-outpatient", "2024Q3", lambda facts: _among(facts, "hcpcs", listed)),
            _write(store, "ncci-aoc", "2024Q2", lambda facts: _among(facts, "add_on", listed)),
            _write(store, "hcpcs", "2025Q4", lambda facts: _among(facts, "hcpcs", listed)),
            _write(store, "pos", None, lambda facts: facts, whole=True),
            _write(store, "taxonomy-specialty", None, lambda facts: facts, whole=True),
            *(_write(store, "mpfs-gpci", name, lambda facts: facts, whole=True) for name in INDICES),
            *_packaged(),
        ]
    manifest = {
        "schema": MANIFEST_SCHEMA,
        "releases": [release.to_json() for release in releases],
        "licences": {},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(codes)} procedure codes, {len(modifiers)} modifiers")
    for release in releases:
        print(f"{release.source} {release.release}: {release.rows:,} rows")


def _find(store: BookStore, source: str, name: str | None) -> Release:
    return next(
        release
        for release in store.own_releases()
        if release.source == source and (name is None or release.release == name)
    )


def _codes(store: BookStore) -> list[str]:
    """Codes of the families that the fee schedule or the Level II file has, and every measure code."""
    fees = store.table(_find(store, "mpfs-rvu", FEE_SCHEDULE))
    level_two = store.table(_find(store, "hcpcs", None))
    known = {*fees["hcpcs"].to_pylist(), *level_two.filter(pc.equal(level_two["kind"], "code"))["hcpcs"].to_pylist()}
    measures = fees.filter(pc.equal(fees["status_indicator"], "M"))["hcpcs"].to_pylist()
    chosen = {*SINGLE, *measures, *(code for code in known if CATEGORY_II.fullmatch(code))}
    chosen |= {code for code in known if code.isdigit() and any(low <= code <= high for low, high in RANGES)}
    return sorted(chosen & known)


def _modifiers(store: BookStore) -> list[str]:
    level_two = store.table(_find(store, "hcpcs", None))
    return sorted(level_two.filter(pc.equal(level_two["kind"], "modifier"))["hcpcs"].to_pylist())


def _among(facts: pa.Table, column: str, listed: pa.Array) -> pa.Table:
    return facts.filter(pc.is_in(facts[column], listed))


def _pairs(facts: pa.Table, listed: pa.Array) -> pa.Table:
    """Pairs of two listed codes, edits of earlier days among them: a day of 2023 must not read "no edit"."""
    return _among(_among(facts, "column_one", listed), "column_two", listed)


def _write(
    store: BookStore,
    source: str,
    name: str | None,
    pick: Callable[[pa.Table], pa.Table],
    *,
    whole: bool = False,
) -> Release:
    release = _find(store, source, name)
    facts = _without_licensed_text(source, pick(store.table(release)))
    facts = facts.sort_by([(column, "ascending") for column in facts.column_names if column != "row"])
    path = FOLDER / "tables" / source / f"{release.release}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Quoting only where needed, plain line ends: a changed fact is one changed line in a diff.
    pacsv.write_csv(facts, path, pacsv.WriteOptions(quoting_style="needed"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    # The digest of what is embedded: a changed fact must not be answered from an index of the old ones.
    return replace(
        as_starter(release), rows=facts.num_rows, rejected=0, notes=(), whole=whole, tables=(digest,), part_sha256=()
    )


def _without_licensed_text(source: str, facts: pa.Table) -> pa.Table:
    """Blank the columns that hold a descriptor; Level II texts are CMS's own and stay, for modifiers only."""
    if source == "mpfs-rvu":
        return _blank(facts, ["description"])
    if source == "hcpcs":
        text = pc.if_else(pc.equal(facts["kind"], "modifier"), facts["description"], "")
        facts = facts.set_column(facts.column_names.index("description"), "description", text)
        return _blank(facts, ["short_description"])
    return facts


def _blank(facts: pa.Table, columns: Iterable[str]) -> pa.Table:
    for column in columns:
        if column in facts.column_names:
            empty = pa.array([""] * facts.num_rows, pa.string())
            facts = facts.set_column(facts.column_names.index(column), column, empty)
    return facts


def _packaged() -> list[Release]:
    """Releases read from installed data rather than embedded: ICD-10-CM, and our own imaging families."""
    made = []
    for module in table_modules():
        read = getattr(module, "from_package", None)
        if read is None:
            continue
        parsed = read()
        made.append(
            Release(
                source=parsed.source,
                release=parsed.release,
                covers_from=parsed.covers_from,
                covers_to=parsed.covers_to,
                published=parsed.published,
                rows=parsed.table.num_rows,
                rejected=0,
                sha256="",
                urls=(f"package:{parsed.source}",),
                files=(PACKAGED[parsed.source],),
                tables=(hashlib.sha256(repr(parsed.table.to_pydict()).encode()).hexdigest()[:12],),
                whole=parsed.whole,
                starter=True,
            )
        )
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1]))
