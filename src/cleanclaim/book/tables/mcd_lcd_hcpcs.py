"""The procedure codes a local coverage determination speaks of, in its groups.

Table LCD_X_HCPC_CODE of the LCD export (``lcd_x_hcpc_code.csv``). Only the determinations of the contractors for
durable medical equipment (DME) still list codes; those of the others leave them to their billing articles. Of DME the
billing articles list none.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd_documents

_TABLE: Final = _mcd_documents.codes_of("lcd", least_rows=1_000)
SOURCES: Final = (_TABLE.source,)
SCHEMA: Final = _TABLE.schema
recognise = _TABLE.recognise
parse = _TABLE.parse
