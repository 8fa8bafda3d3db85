"""Which contractors a local coverage determination is of.

Table LCD_X_CONTRACTOR of the LCD export (``lcd_x_contractor.csv``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd_documents

_TABLE: Final = _mcd_documents.contractors_of("lcd", least_rows=5_000)
SOURCES: Final = (_TABLE.source,)
SCHEMA: Final = _TABLE.schema
recognise = _TABLE.recognise
parse = _TABLE.parse
