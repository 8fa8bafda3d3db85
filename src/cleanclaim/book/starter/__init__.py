"""The facts embedded in the package, so that it works without a download.

Made by ``make starter`` (scripts/make_starter.py) from published files: code numbers, indicators, figures and
dates, each row with the line of the published file it stands on. Tables are CSV, so that a change of a fact can
be read in a diff. ICD-10-CM is not embedded: it is read from the data files of the ``simple-icd-10-cm`` package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pacsv

from cleanclaim.book.provenance import Release
from cleanclaim.errors import BookError

FOLDER: Final = Path(__file__).parent
PACKAGE_ICD10CM: Final = "package:simple-icd-10-cm"


@cache
def listed_codes() -> tuple[str, ...]:
    """The procedure codes the starter speaks for. It says nothing of any other."""
    return tuple((FOLDER / "codes.txt").read_text(encoding="ascii").split())


def read_table(release: Release) -> pa.Table:
    """The embedded facts of a release, with the schema of its table module."""
    from cleanclaim.book.tables import schema_of  # noqa: PLC0415 - only to build an index

    if PACKAGE_ICD10CM in release.files:
        from cleanclaim.book.tables.icd10cm import from_package  # noqa: PLC0415

        return from_package().table
    schema = schema_of(release.source)
    path = FOLDER / "tables" / release.source / f"{release.release}.csv"
    options = pacsv.ConvertOptions(
        column_types=schema, include_columns=schema.names, include_missing_columns=True,
        strings_can_be_null=False,
    )  # fmt: skip
    try:
        return pacsv.read_csv(path, convert_options=options).cast(schema)
    except (OSError, pa.ArrowException) as error:
        raise BookError(f"{path}: the starter's table cannot be read ({error}). Reinstall the package.") from error
