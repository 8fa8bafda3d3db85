"""Two releases of a fee schedule with their indices, and claims, made for the tests of impacts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cleanclaim.testing.inline import claim_from

OLD = {"release": "OLD", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}
NEW = {"release": "NEW", "covers_from": dt.date(2026, 7, 1), "covers_to": dt.date(2026, 12, 31)}
YEAR = {
    "old": {"release": "G25", "covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 12, 31)},
    "new": {"release": "G26", "covers_from": dt.date(2026, 1, 1), "covers_to": dt.date(2026, 12, 31)},
}


def fee(hcpcs, work, *, pe="1.00", facility="0.50", mp="0.10", factor="30.0000", release=OLD, **fields):
    """A row with its totals, as the file has them."""
    values = [Decimal(value) for value in (work, pe, facility, mp)]
    return {
        "hcpcs": hcpcs,
        "work_rvu": work,
        "pe_rvu_nonfacility": pe,
        "pe_rvu_facility": facility,
        "mp_rvu": mp,
        "total_nonfacility": str(values[0] + values[1] + values[3]),
        "total_facility": str(values[0] + values[2] + values[3]),
        "conversion_factor": factor,
        "release": release,
    } | fields


def gpci(work, pe, mp, release, locality="00"):
    return {
        "mac": "10112",
        "locality": locality,
        "state": "AL",
        "locality_name": "ALABAMA",
        "work_gpci": work,
        "pe_gpci": pe,
        "mp_gpci": mp,
        "release": release,
    }


BOOK = {
    "mpfs": [
        fee("11111", "2.00"),
        fee("11111", "2.50", release=NEW),
        fee("22222", "1.00"),
        fee("22222", "0.40", release=NEW),
        fee("33333", "1.00"),
        fee("44444", "1.00", release=NEW),
        fee("55555", "0.00", pe="0.00", facility="0.00", mp="0.00", status_indicator="X"),
        fee("55555", "0.00", pe="0.00", facility="0.00", mp="0.00", status_indicator="X", release=NEW),
    ],
    "gpci": [gpci("1.000", "0.900", "0.800", YEAR["old"]), gpci("1.000", "0.800", "0.700", YEAR["new"])],
    "zip_locality": [{"zip_code": "35203", "state": "AL", "carrier": "10112", "locality": "00"}],
    "pos": [{"pos": "11"}, {"pos": "22", "facility": True}],
}


def claim(*lines, claim_id="C1", **fields):
    """A claim of lines: a code, or a mapping."""
    made = [{"hcpcs": line} if isinstance(line, str) else line for line in lines]
    given = {"billing_zip": "35203", "lines": [{"charge": "900.00"} | line for line in made]}
    return claim_from(given | fields, claim_id=claim_id)
