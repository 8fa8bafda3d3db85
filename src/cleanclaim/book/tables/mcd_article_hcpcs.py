"""The procedure codes an article speaks of, in its groups.

Table ARTICLE_X_HCPC_CODE of the article export (``article_x_hcpc_code.csv``). Ranges are published code by code.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd_documents

_TABLE: Final = _mcd_documents.codes_of("article", least_rows=5_000)
SOURCES: Final = (_TABLE.source,)
SCHEMA: Final = _TABLE.schema
recognise = _TABLE.recognise
parse = _TABLE.parse
