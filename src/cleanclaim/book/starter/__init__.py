"""The facts embedded in the package, so that it works without a download.

Made by ``make starter`` (scripts/make_starter.py) from published files: code numbers, indicators, figures and
dates, each row with the line of the published file it stands on. Tables are CSV, so that a change of a fact can
be read in a diff. ICD-10-CM is not embedded: it is read from the data files of the ``simple-icd-10-cm`` package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanclaim.book.provenance import Release
from cleanclaim.errors import BookError

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER: Final = Path(__file__).parent


@cache
def listed_codes() -> tuple[str, ...]:
    """The procedure codes the starter speaks for. It says nothing of any other."""
    return tuple((FOLDER / "codes.txt").read_text(encoding="ascii").split())


def read_table(release: Release) -> pa.Table:
    """The embedded facts of a release, with the schema of its table module."""
    # Imported here: heavy, and needed only to build an index.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv as pacsv  # noqa: PLC0415

    from cleanclaim.book.tables import module_of  # noqa: PLC0415

    module = module_of(release.source)
    if release.urls == (f"package:{release.source}",):
        packaged: pa.Table = module.from_package().table  # type: ignore[attr-defined]  # the manifest says it has one
        return packaged
    path = FOLDER / "tables" / release.source / f"{release.release}.csv"
    options = pacsv.ConvertOptions(
        column_types=module.SCHEMA, include_columns=module.SCHEMA.names, strings_can_be_null=False
    )
    try:
        return pacsv.read_csv(path, convert_options=options)
    except (OSError, pa.ArrowException) as error:
        raise BookError(f"{path}: the starter's table cannot be read ({error}). Reinstall the package.") from error
