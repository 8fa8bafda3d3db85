"""A linter for US medical claims, standing on a dated and cited book of coding facts.

>>> import cleanclaim, datetime
>>> book = cleanclaim.Book.open()
>>> book.pair("62323", "77003", datetime.date(2024, 7, 15)).verdict
<PairVerdict.BUNDLED_UNLESS_DISTINCT: 'bundled_unless_distinct'>
>>> report = cleanclaim.check("examples/claims.837")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanclaim import errors

if TYPE_CHECKING:
    from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis
    from cleanclaim.engine.impact.model import Impact
    from cleanclaim.interfaces.python import Book, Fixed, check, fix, impact, price
    from cleanclaim.pricing.model import Priced, PricedLine, Service, Terms
    from cleanclaim.types import Citation, Finding, Report, Severity, Verdict

__all__ = [
    "Book",
    "Citation",
    "Claim",
    "ClaimLine",
    "ClaimType",
    "Diagnosis",
    "Finding",
    "Fixed",
    "Impact",
    "Priced",
    "PricedLine",
    "Report",
    "Service",
    "Severity",
    "Terms",
    "Verdict",
    "check",
    "errors",
    "fix",
    "impact",
    "price",
]

_HOMES = {
    "Book": "cleanclaim.interfaces.python",
    "Fixed": "cleanclaim.interfaces.python",
    "check": "cleanclaim.interfaces.python",
    "fix": "cleanclaim.interfaces.python",
    "impact": "cleanclaim.interfaces.python",
    "price": "cleanclaim.interfaces.python",
    "Impact": "cleanclaim.engine.impact.model",
    "Priced": "cleanclaim.pricing.model",
    "PricedLine": "cleanclaim.pricing.model",
    "Service": "cleanclaim.pricing.model",
    "Terms": "cleanclaim.pricing.model",
    "Claim": "cleanclaim.claims.model",
    "ClaimLine": "cleanclaim.claims.model",
    "ClaimType": "cleanclaim.claims.model",
    "Diagnosis": "cleanclaim.claims.model",
    "Citation": "cleanclaim.types",
    "Finding": "cleanclaim.types",
    "Report": "cleanclaim.types",
    "Severity": "cleanclaim.types",
    "Verdict": "cleanclaim.types",
}


def __getattr__(name: str) -> Any:
    # Names are imported when first used, so that the command line starts in the time of the command asked for.
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'cleanclaim' has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - only here

    return getattr(importlib.import_module(home), name)
