"""A code as schema.org knows one: its MedicalCode, for pages and for JSON."""

from __future__ import annotations

from typing import Any, Final

from cleanclaim.engine.code_page import CodePage
from cleanclaim.types import State

_SYSTEMS: Final = {
    "CPT": "https://www.ama-assn.org/practice-management/cpt",
    "HCPCS": "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system",
    "ICD-10-CM": "https://www.cdc.gov/nchs/icd/icd-10-cm",
}


def linked_data(made: CodePage) -> dict[str, Any]:
    """The JSON-LD of a page: code, code system, the set it is of, and what it means where we may say so."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalCode",
        "codeValue": made.code,
        "codingSystem": made.system,
    }
    if url := _SYSTEMS.get(made.system):
        told["inCodeSet"] = {"@type": "CategoryCodeSet", "name": made.system, "url": url}
    definition = made.section("definition")
    if definition.state is State.KNOWN:
        told["description"] = definition.facts[0].text
    return told
