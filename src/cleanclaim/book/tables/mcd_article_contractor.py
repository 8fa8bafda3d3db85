"""Which contractors an article is of.

Table ARTICLE_X_CONTRACTOR of the article export (``article_x_contractor.csv``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd_documents

_TABLE: Final = _mcd_documents.contractors_of("article", least_rows=10_000, also=("article_type",))
SOURCES: Final = (_TABLE.source,)
SCHEMA: Final = _TABLE.schema
recognise = _TABLE.recognise
parse = _TABLE.parse
