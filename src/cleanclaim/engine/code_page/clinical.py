"""Who does a service, and for which diagnoses: as far as rules and coverage articles say."""

from __future__ import annotations

from typing import Any, Final

from cleanclaim.engine.code_page.record import PageFact, Section, cited, known, not_applicable
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.index.cite import cite_fact
from cleanclaim.index.lookup import Answer
from cleanclaim.index.tables import spec
from cleanclaim.rules.model import convention
from cleanclaim.types import dotted

_ANESTHETISTS: Final = ("207L00000X", "367500000X", "367H00000X")
_THERAPISTS: Final = ("225100000X", "225X00000X", "235Z00000X")
_CHIROPRACTORS: Final = ("111N00000X",)
MANIPULATION: Final = frozenset({"98940", "98941", "98942"})
_MOST: Final = 500


def specialties(subject: Procedure) -> Section:
    """The taxonomy codes that a rule expects for the code; who really bills it, a utilization file would tell."""
    if subject.measure:
        return not_applicable("specialties", MEASURE)
    codes: tuple[str, ...]
    if subject.anesthesia:
        codes, why = _ANESTHETISTS, "anesthesia is given by anesthesiologists, nurse anesthetists and their assistants"
    elif subject.code in MANIPULATION:
        codes, why = _CHIROPRACTORS, "chiropractic manipulation is billed by chiropractors"
    elif subject.therapy:
        codes, why = _THERAPISTS, "a therapy service (multiple procedures 5), also billed by physicians"
    else:
        return known("specialties", [], "No rule expects a specialty, and no utilization file is loaded.")
    return known("specialties", [_specialty(subject, code, why) for code in codes], "")


def _specialty(subject: Procedure, taxonomy: str, why: str) -> PageFact:
    for answer in (subject.day.taxonomy(taxonomy), subject.day.taxonomy_specialty(taxonomy)):
        name = _name(answer)
        if name and answer.release is not None:
            return cited(taxonomy, name, f"{name} ({taxonomy}): {why}.", cite_fact(answer.fact, answer.release))
    return cited(taxonomy, "expected", f"{taxonomy}: {why}.", convention("who bills the service"))


def _name(answer: Answer[Any]) -> str:
    if not answer.known:
        return ""
    fact = answer.fact
    return str(getattr(fact, "display_name", "") or getattr(fact, "specialty", ""))


def related_diagnoses(subject: Procedure) -> Section:
    """The diagnoses that coverage articles on the code list, each with the articles that have it."""
    if subject.measure:
        return not_applicable("related_diagnoses", MEASURE)
    rows = subject.day.coverage("article-hcpcs", subject.code)
    if rows.no_data:
        return known("related_diagnoses", [], "No coverage articles are loaded, which tie diagnoses to a code.")
    table = spec("mcd-article-covered")
    facts: dict[str, PageFact] = {}
    articles = sorted({row.article_id for row in rows.facts})
    for row in (row for article in articles for row in subject.index.rows_with(table, "article_id", article)):
        if len(facts) == _MOST:
            break
        fact = subject.index.fact(table, row)
        code = dotted(fact.icd10cm)
        if code not in facts:
            release = subject.index.releases[subject.index.release_of(table, row)]
            text = f"{code}: listed as covered by article A{fact.article_id}."
            facts[code] = cited(code, "covered", text, cite_fact(fact, release))
    return known(
        "related_diagnoses", list(facts.values()), f"No loaded coverage article ties a diagnosis to {subject.code}."
    )
