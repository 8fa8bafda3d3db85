"""What the NCCI tables share: how CMS names releases and settings, and the shape of a procedure code.

CMS names its files by setting and release. PTP files are ``ccipra`` (practitioner) or ``ccioph`` (outpatient
hospital) and carry a version whose first part is the year minus 1994 and whose second is the quarter minus 1:
``ccipra-v322r0-f1`` is 2026Q3. MUE files carry the day they take effect (``Eff_07-01-2026``), add-on files the
quarter (``AOC_V2026Q2-F-MCR``). None of them states its release inside.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import rejects_of, table_from_rows
from cleanclaim.errors import InputError
from cleanclaim.types import Setting

_RELEASE: Final = re.compile(r"20\d\dQ[1-4]")
_QUARTER: Final = re.compile(r"(?<!\d)(20\d\d)[-_ ]?q([1-4])(?!\d)", re.IGNORECASE)
_VERSION: Final = re.compile(r"cci(?:pra|oph)[-_]?v(\d\d)([0-3])r\d", re.IGNORECASE)
_EFFECTIVE: Final = re.compile(r"eff(?:ective)?[-_ ]?(0[1-9]|1[0-2])[-_]?[0-3]\d[-_]?(20\d\d)(?!\d)", re.IGNORECASE)
_FIRST_VERSION_YEAR: Final = 1994
_MONTHS_IN_QUARTER: Final = 3
_MEDICAID: Final = re.compile(r"medicaid|(?<![a-z])mcd(?![a-z])", re.IGNORECASE)
_SETTINGS: Final = {
    Setting.PRACTITIONER: re.compile(r"practitioner|ccipra", re.IGNORECASE),
    Setting.OUTPATIENT: re.compile(r"outpatient|hospital|ccioph", re.IGNORECASE),
    Setting.DME: re.compile(r"dme|supplier", re.IGNORECASE),
}
_CODE: Final = re.compile(r"[0-9A-Z]{5}")
_LONGEST_QUOTE: Final = 20


def release_of(file: PublishedFile, release: str | None) -> str:
    """The quarter, as ``2024Q3``, for which ``file`` was issued: as named by the caller, or by the file's name.

    Raises :class:`~cleanclaim.errors.InputError` when neither names one.
    """
    if release is not None:
        if not _RELEASE.fullmatch(release.upper()):
            raise InputError(f"{file.name}: '{release}' is no release of an NCCI table; write it as 2024Q3.")
        return release.upper()
    for name in _names(file):
        if match := _QUARTER.search(name):
            return f"{match[1]}Q{match[2]}"
        if match := _VERSION.search(name):
            return f"{_FIRST_VERSION_YEAR + int(match[1])}Q{int(match[2]) + 1}"
        if match := _EFFECTIVE.search(name):
            return f"{match[2]}Q{(int(match[1]) - 1) // _MONTHS_IN_QUARTER + 1}"
    raise InputError(f"{file.name}: cannot tell which release this is; name it, e.g. --release 2024Q3.")


def setting_of(file: PublishedFile, *content: str) -> Setting | None:
    """The setting named by the file, its archive, or else the first text of ``content`` that names one."""
    for text in (*_names(file), *content):
        named = [setting for setting, word in _SETTINGS.items() if word.search(text)]
        if len(named) == 1:
            return named[0]
    return None


def refuse_medicaid(file: PublishedFile) -> None:
    """Raise InputError for a file of the Medicaid NCCI program: same layouts, other edits."""
    if any(_MEDICAID.search(name) for name in _names(file)):
        raise InputError(
            f"{file.name}: this is a Medicaid NCCI table, and the book keeps the Medicare tables. "
            "Load the file CMS publishes for Medicare (its name has MCR where a Medicaid file has MCD)."
        )


def code_fault(text: str, what: str) -> str | None:
    """Why ``text`` is no CPT or HCPCS code, or None; ``what`` names the column in the reason."""
    if _CODE.fullmatch(text):
        return None
    return f"{what} '{shown(text)}' is not a code of 5 characters 0-9, A-Z"


def shown(text: str) -> str:
    """A published cell, cut short enough to quote in a reason."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "..."


def plain(name: str) -> str:
    """A column name without white space and case: CMS breaks its header lines here and there."""
    return "".join(name.split()).casefold()


def new_column_notes(header: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """A note on every named column of ``header`` that is not among the ``known`` ones, written plainly."""
    return tuple(
        f"column '{' '.join(name.split())}' is new and not used"
        for name in header
        if name.strip() and plain(name) not in known
    )


def few_rows_note(rows: int, least: int, table: str) -> str:
    """The note on a file too short to be the published table."""
    return (
        f"{rows:,} rows, and the published {table} has more than {least:,}: "
        "taken as an excerpt, which speaks only for the codes it lists"
    )


@dataclass
class Sorter:
    """The rows of a file, sorted into facts and rejects as they are read."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)

    def reject(self, row: int, key: str, reason: str) -> None:
        """Put a row to the rejects, under ``key``, for ``reason``."""
        self.rejects.append((row, key, reason))

    def tables(self, schema: pa.Schema) -> tuple[pa.Table, pa.Table]:
        """Facts with ``schema``, and rejects."""
        return table_from_rows(self.facts, schema), rejects_of(self.rejects)


def _names(file: PublishedFile) -> tuple[str, str]:
    archive = file.origin.partition("!")[0]
    return file.name, PurePath(archive).name
