"""A rule's documentation, as text, Markdown and JSON: all from the same RULE and documentation string."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

from cleanclaim.book.policies import AppealGround
from cleanclaim.engine.appeals import grounds_of_rule, record_of
from cleanclaim.render import jsonable
from cleanclaim.rules.model import HEADINGS, LoadedRule, Rule

_WIDTH: Final = 120
"""Of a line, as the rules' own documentation has it."""


def listing(rules: Sequence[LoadedRule], *, markdown: bool = False) -> str:
    """One line a rule: code, severity, name, what it is about."""
    if markdown:
        rows = ["| rule | severity | name | about |", "|---|---|---|---|"]
        rows += [
            f"| {entry.rule.code} | {entry.rule.severity} | {entry.rule.name} | {entry.summary} |" for entry in rules
        ]
        return "\n".join(rows) + "\n"
    width = max((len(entry.rule.name) for entry in rules), default=0)
    rows = [
        f"{entry.rule.code}  {entry.rule.severity:6}  {entry.rule.name:{width}}  {entry.summary}"
        + (f" ({entry.origin})" if entry.origin else "")
        for entry in rules
    ]
    return "\n".join(rows) + f"\n{len(rows)} rules. `cleanclaim rule CODE` prints one whole.\n"


def whole(loaded: LoadedRule, *, markdown: bool = False) -> str:
    """One rule: summary, its four sections, denial predicted, and sources."""
    rule = loaded.rule
    heading = "## " if markdown else ""
    parts = [
        f"{'# ' if markdown else ''}{rule.code} {rule.name}",
        "",
        loaded.summary,
        "",
        f"Severity {rule.severity}, {rule.status} since {rule.since}. "
        f"Binds {', '.join(rule.settings)} claims. "
        + (f"Stands on: {', '.join(rule.tables)}." if rule.tables else "Stands on no table.")
        + (f" Brought by the plugin {loaded.origin}." if loaded.origin else ""),
    ]
    for name in HEADINGS:
        parts += ["", f"{heading}{name}", "", loaded.sections[name]]
    if rule.adjustment is not None:
        remarks = f" with {', '.join(rule.adjustment.rarc)}" if rule.adjustment.rarc else ""
        parts += ["", f"{heading}Denial to expect", "", f"{rule.adjustment.group}-{rule.adjustment.carc}{remarks}"]
    parts += _appeals(rule, heading)
    if rule.citations:
        parts += ["", f"{heading}Sources", ""]
        parts += [
            "- " + " ".join(filter(None, [cited.source, cited.release, cited.locator])) + f": {cited.text}".rstrip(": ")
            for cited in rule.citations
        ]
    return "\n".join(parts) + "\n"


def _appeals(rule: Rule, heading: str) -> list[str]:
    """Whether an appeal of the denial is worth its work, and what the record must show; nothing where none is known."""
    parts: list[str] = []
    grounds = grounds_of_rule(rule)
    if rule.adjustment is not None and any(ground.worth for ground in grounds):
        parts += ["", f"{heading}Whether to appeal", ""]
        for number, ground in enumerate(grounds):
            needs = f" It needs: {'; '.join(ground.needs)}." if ground.needs else ""
            told = f"- {_when(ground, number)}{ground.worth}. {ground.why}{needs}"
            parts += textwrap.wrap(told, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    record = _record(rule)
    if record:
        parts += ["", f"{heading}What the record must show", "", *(f"- {item}" for item in record)]
    return parts


def _record(rule: Rule) -> list[str]:
    """What the record must show whatever the line's code and modifiers are."""
    items = (item for ground in grounds_of_rule(rule) for item in record_of(ground, "", "", ()))
    return list(dict.fromkeys(items))


def _when(ground: AppealGround, number: int) -> str:
    """For which of a rule's findings it is: one without conditions, for those that are left."""
    conditions = ["visits"] if ground.visit else []
    if ground.modifier_indicator is not None:
        conditions.append(f"modifier indicator {ground.modifier_indicator}")
    if ground.medicare is not None:
        conditions.append("Medicare" if ground.medicare else "other payers than Medicare")
    if conditions:
        return f"{', '.join(conditions)}: "
    return "otherwise: " if number else ""


def as_json(loaded: LoadedRule) -> dict[str, Any]:
    """A rule's metadata and documentation."""
    rule = loaded.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "origin": loaded.origin or "cleanclaim",
        "summary": loaded.summary,
        "severity": str(rule.severity),
        "scope": str(rule.scope),
        "status": rule.status,
        "since": rule.since,
        "settings": [str(setting) for setting in rule.settings],
        "payers": list(rule.payers),
        "tables": list(rule.tables),
        "explains": list(rule.explains),
        "message": rule.message,
        "fix": {"action": rule.fix.action, "safety": rule.fix.safety, "text": rule.fix.text},
        "adjustment": None
        if rule.adjustment is None
        else {
            "group": rule.adjustment.group,
            "carc": rule.adjustment.carc,
            "rarc": list(rule.adjustment.rarc),
            "appealable": rule.adjustment.appealable,
        },
        "appeals": [
            {
                "modifier_indicator": ground.modifier_indicator,
                "visit": ground.visit,
                "medicare": ground.medicare,
                "worth": ground.worth,
                "why": ground.why,
                "needs": list(ground.needs),
                "citation": jsonable.citation(ground.citation),
            }
            for ground in (grounds_of_rule(rule) if rule.adjustment is not None else ())
        ],
        "record": _record(rule),
        "documentation": loaded.sections,
        "citations": [jsonable.citation(cited) for cited in rule.citations],
    }
