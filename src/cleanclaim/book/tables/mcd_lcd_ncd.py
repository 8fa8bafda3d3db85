"""Which national determinations a local one carries out.

Table LCD_RELATED_NCD_DOCUMENTS of the LCD export (``lcd_related_ncd_documents.csv``). A row whose ``r_ncd_id`` is 0
says that there is none (dictionary) and is rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd_documents

_TABLE: Final = _mcd_documents.ncds_of("lcd", least_rows=500)
SOURCES: Final = (_TABLE.source,)
SCHEMA: Final = _TABLE.schema
recognise = _TABLE.recognise
parse = _TABLE.parse
