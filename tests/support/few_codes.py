"""A few codes of every kind, for tests that look at pages."""

from __future__ import annotations

import datetime as dt

DAY = dt.date(2026, 7, 1)
CODES = ("43214", "62323", "62322", "74360", "4324F", "G4000", "99213", "20611", "J1100", "77003", "00100")
