"""One module per published table: schema, recognition and parser of its layouts."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import cast

from cleanclaim.book.tables.contract import ParsedRelease, TableModule

__all__ = ["ParsedRelease", "TableModule", "module_of", "table_modules"]


@cache
def table_modules() -> tuple[TableModule, ...]:
    """Every table module of this package, found by looking: adding a table touches one file."""
    found = []
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        if hasattr(module, "SOURCES"):
            found.append(cast("TableModule", module))
    return tuple(found)


def module_of(source: str) -> TableModule:
    """The module that fills a source's table. Raises KeyError for a source none fills."""
    for module in table_modules():
        if source in module.SOURCES:
            return module
    raise KeyError(source)
