"""The ICD-10-CM tabular list and the Official Guidelines for Coding and Reporting, as the rules cite them.

The tabular list of April 2026 was read itself. The guidelines were not at hand when the rules were written, only public
pages that quote them: a rule that rests on them alone is never more than review.
"""

from __future__ import annotations

from cleanclaim.types import Citation


def guideline(item: str, text: str = "") -> Citation:
    """A citation of the guidelines: section, chapter, item, such as ``I.C.20.a.6``."""
    return Citation(source="icd10cm-guidelines", release="FY2025", locator=item, text=text)


def tabular(item: str, text: str = "") -> Citation:
    """A citation of what the tabular list says besides its codes: introduction, notes of chapters, titles."""
    return Citation(source="icd10cm-tabular", release="FY2026-April", locator=item, text=text)
