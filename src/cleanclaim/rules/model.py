"""The rule: metadata, documentation and one pure function, read from one file.

A rule file reads top to bottom: a documentation string with the headings of :data:`HEADINGS`, a :class:`Rule`
named ``RULE``, and ``check``. The command line, reports and web pages all read the same ``RULE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

HEADINGS: Final = ("What it checks", "Why it matters", "How to fix", "Limits")
CODE: Final = re.compile(r"[A-Z]{3}\d{3}")

MANUAL: Final = "ncci-policy-manual"
"""Source id of the NCCI Policy Manual for Medicare."""


def manual(item: str, text: str = "", release: str = "2026") -> Citation:
    """A citation of the NCCI Policy Manual for Medicare: chapter.section.item, such as ``IX.D.3``."""
    return Citation(source=MANUAL, release=release, locator=item, text=text)


def layout(item: str, text: str = "") -> Citation:
    """A citation of the record layout of the fee schedule's relative value file (RVU25D.pdf)."""
    return Citation(source="mpfs-record-layout", release="RVU25D", locator=item, text=text)


def x12(item: str, text: str = "") -> Citation:
    """A citation of the X12 claim transaction (005010X222A1 professional, 005010X223A2 institutional)."""
    return Citation(source="x12-837", release="005010", locator=item, text=text)


def regulation(item: str, text: str = "") -> Citation:
    """A citation of the Code of Federal Regulations, such as ``45 CFR 162.406``."""
    return Citation(source="cfr", release="", locator=item, text=text)


def reason_code(source: str, code: str, text: str = "") -> Citation:
    """A citation of the published adjustment reason (``carc``) or remark (``rarc``) codes of X12."""
    return Citation(source=source, release="2026-05-31", locator=code, text=text)


def convention(text: str) -> Citation:
    """Says openly that a rule rests on the custom of the trade, with no document at hand."""
    return Citation(source="convention", release="", locator="", text=text)


class Scope(StrEnum):
    """What ``check`` is given."""

    LINE = "line"
    """``check(line: LineFacts)``"""
    PAIR = "pair"
    """``check(edit: EditFacts, one: LineFacts, two: LineFacts)``: the finding stands on Column Two."""
    DIAGNOSIS = "diagnosis"
    """``check(dx: DiagnosisFacts)``"""
    CLAIM = "claim"
    """``check(claim: ClaimFacts)``"""
    RUN = "run"
    """No record is asked: the finding is of a file that accompanies the check (:mod:`cleanclaim.rules.upkeep`)."""


class Related(StrEnum):
    """Which other lines the finding of a line rule stands on; they are named as its related lines and claims."""

    NOTHING = "nothing"
    CODE_AND_DAY = "code_and_day"
    """Every line of the code that day: one finding for them all, and the charges of all on the claim at risk."""
    RENDERING_NPI = "rendering_npi"
    """Every line of the claim that names the rendering provider's NPI: one finding for them all, likewise."""
    REPEATED_LINE = "repeated_line"
    """The earlier line that the line repeats."""
    SURGERY = "surgery"
    """The procedure into whose global package the line falls."""
    EARLIER_VISIT = "earlier_visit"
    """The service for which the patient was met before."""
    PRIMARIES = "primaries"
    """The listed primaries of an add-on that are billed with it."""
    OTHER_ANESTHETIST = "other_anesthetist"
    """The earlier line for the same anesthesia that the line contradicts."""
    POLICY = "policy"
    """The lines that the payer's policy counts with the line, or bundles it into."""


OF_ALL_ITS_LINES: Final = frozenset({Related.CODE_AND_DAY, Related.RENDERING_NPI})
"""Findings that stand on all lines they name: each of them would be denied, and its charge is at risk."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One edit we check.

    ``tables`` names the sources whose rows the rule stands on (``ptp``, ``mue``, ``aoc``, ``mpfs``, ``hcpcs``,
    ``icd10cm``, ``pos``, ``imaging``): a line for which one of them has no data is not checked by the family,
    and the row that made the rule fire is cited. ``also_cites`` names tables whose rows are cited as well, but without
    which the rule alone is silent and its family is still checked. ``settings`` are the kinds of claim it binds.
    ``explains`` names rules whose finding on the same lines this one explains: the two become one finding.
    ``related`` says which other lines a finding names, and so how many dollars it puts at risk.
    ``policy`` says which kind of payer policy fact the rule stands on (``policy`` is then among its tables): the fact
    is cited, and the finding is no more severe than the fact.
    ``after_findings`` rules run when the findings of all others are known.
    ``cites`` is given what ``check`` is given, and says which of ``citations`` a finding on it cites; left out, all.
    ``message``, and ``fix.text``, are templates; see docs/reference/rule-messages.md for the words they may use.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope
    message: str
    fix: Fix
    citations: tuple[Citation, ...] = ()
    tables: tuple[str, ...] = ()
    also_cites: tuple[str, ...] = ()
    adjustment: Adjustment | None = None
    settings: tuple[Setting, ...] = (Setting.PRACTITIONER, Setting.OUTPATIENT)
    payers: tuple[str, ...] = ("*",)
    explains: tuple[str, ...] = ()
    related: Related = Related.NOTHING
    policy: str = ""
    after_findings: bool = False
    cites: Callable[..., tuple[Citation, ...]] | None = None
    status: str = "stable"
    since: str = "0.1.0"

    @property
    def family(self) -> str:
        """The first three letters of the code."""
        return self.code[:3]


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule with its function and documentation, as the registry found it."""

    rule: Rule
    check: Callable[..., bool]
    documentation: str
    sections: dict[str, str]
    origin: str = ""
    """The plugin's distribution and version; "" for a rule of ours."""

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.strip().splitlines()[0]


def read_sections(documentation: str) -> dict[str, str]:
    """Split a rule's documentation string at its headings (``What it checks`` on a line of its own)."""
    sections: dict[str, list[str]] = {}
    heading: str | None = None
    for raw in documentation.strip().splitlines():
        line = raw.strip()
        if line in HEADINGS:
            heading = line
            sections[heading] = []
        elif heading is not None and set(line) != {"-"}:
            sections[heading].append(line)
    return {name: "\n".join(lines).strip() for name, lines in sections.items()}


def rule_from_module(module: Any) -> LoadedRule:
    """The rule a rule file declares."""
    documentation: str = module.__doc__ or ""
    return LoadedRule(module.RULE, module.check, documentation, read_sections(documentation))
