"""The tables that the article export and the LCD export both have, of their own documents.

They differ in the names of their first columns (``article_id``, ``lcd_id``), in how many rows a whole one has, and in a
column or two that is not read. What a row means is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleanclaim.book.tables import _mcd


def contractors_of(document: str, *, least_rows: int, also: Sequence[str] = ()) -> _mcd.McdTable:
    """Which contractors a document is of: ``ARTICLE_X_CONTRACTOR``, ``LCD_X_CONTRACTOR``."""

    def fact(cells: _mcd.Cells) -> _mcd.Facts:
        return _document(cells, document) | {"contractor": _mcd.contractor(cells)}

    return _mcd.McdTable(
        source=f"mcd-{document}-contractor",
        columns=(*_columns(document), *also, "contractor_id", "contractor_type_id", "contractor_version"),
        others=("last_updated",),
        schema=_mcd.schema(**{f"{document}_id": "s"}, version="s", contractor="s"),
        fact=fact,
        key=(f"{document}_id", "version", "contractor"),
        least_rows=least_rows,
    )


def codes_of(document: str, *, least_rows: int) -> _mcd.McdTable:
    """The procedure codes a document speaks of, in its groups: ``ARTICLE_X_HCPC_CODE``, ``LCD_X_HCPC_CODE``."""

    def fact(cells: _mcd.Cells) -> _mcd.Facts:
        return _document(cells, document) | {
            "hcpcs": _mcd.hcpcs(cells, "hcpc_code_id"),
            "group": _mcd.number(cells, "hcpc_code_group"),
        }

    return _mcd.McdTable(
        source=f"mcd-{document}-hcpcs",
        columns=(*_columns(document), "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range"),
        others=("long_description", "short_description", "last_updated"),
        schema=_mcd.schema(**{f"{document}_id": "s"}, version="s", hcpcs="s", group="s"),
        fact=fact,
        key=(f"{document}_id", "version", "hcpcs", "group"),
        least_rows=least_rows,
        by_quarter=True,
    )


def ncds_of(document: str, *, least_rows: int) -> _mcd.McdTable:
    """Which national determinations a document carries out: the tables ``..._RELATED_NCD_DOCUMENTS``.

    A row whose ``r_ncd_id`` is 0 says that there is none (dictionary) and is rejected.
    """

    def fact(cells: _mcd.Cells) -> _mcd.Facts:
        ncd = _mcd.number(cells, "r_ncd_id")
        if ncd == "0":
            raise _mcd.BadRow("r_ncd_id 0: no national determination")
        return _document(cells, document) | {"ncd_id": ncd, "ncd_version": _mcd.number(cells, "r_ncd_version")}

    return _mcd.McdTable(
        source=f"mcd-{document}-ncd",
        columns=(*_columns(document), "related_num", "r_ncd_id", "r_ncd_version"),
        others=("last_updated",),
        schema=_mcd.schema(**{f"{document}_id": "s"}, version="s", ncd_id="s", ncd_version="s"),
        fact=fact,
        key=(f"{document}_id", "version", "ncd_id"),
        least_rows=least_rows,
    )


def _columns(document: str) -> tuple[str, str]:
    return f"{document}_id", f"{document}_version"


def _document(cells: _mcd.Cells, document: str) -> _mcd.Facts:
    """The document a row is of, and its version."""
    number, version = _columns(document)
    return {number: _mcd.number(cells, number), "version": _mcd.number(cells, version)}
