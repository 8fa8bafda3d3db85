"""A rule's documentation, as text, Markdown and JSON: all from the same RULE and documentation string."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleanclaim.render import jsonable
from cleanclaim.rules.model import HEADINGS, LoadedRule


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
        f"{entry.rule.code}  {entry.rule.severity:6}  {entry.rule.name:{width}}  {entry.summary}" for entry in rules
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
        + (f"Stands on: {', '.join(rule.tables)}." if rule.tables else "Stands on no table."),
    ]
    for name in HEADINGS:
        parts += ["", f"{heading}{name}", "", loaded.sections[name]]
    if rule.adjustment is not None:
        remarks = f" with {', '.join(rule.adjustment.rarc)}" if rule.adjustment.rarc else ""
        parts += ["", f"{heading}Denial to expect", "", f"{rule.adjustment.group}-{rule.adjustment.carc}{remarks}"]
    if rule.citations:
        parts += ["", f"{heading}Sources", ""]
        parts += [
            "- " + " ".join(filter(None, [cited.source, cited.release, cited.locator])) + f": {cited.text}".rstrip(": ")
            for cited in rule.citations
        ]
    return "\n".join(parts) + "\n"


def as_json(loaded: LoadedRule) -> dict[str, Any]:
    """A rule's metadata and documentation."""
    rule = loaded.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
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
        "documentation": loaded.sections,
        "citations": [jsonable.citation(cited) for cited in rule.citations],
    }
