"""The report as SARIF 2.1.0 (OASIS), the format of code scanning tools and viewers.

A finding is a result whose rule tells its own documentation; one set aside is a suppressed result; what could not be
read is a notification of the invocation. Verdicts, what could not be checked, and dollars are properties of the run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from importlib.metadata import version as installed
from pathlib import PurePath
from typing import Any, Final

from cleanclaim.render import jsonable, rule_text
from cleanclaim.render.whole_text import whole_text
from cleanclaim.rules.registry import documented
from cleanclaim.types import ClaimResult, FileCount, Finding, Place, Reject, Report, SetAside, Severity

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL: Final = {Severity.DENY: "error", Severity.REVIEW: "warning", Severity.INFORM: "note"}
_AS_THEY_ARE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,=@")
"""Bytes that stand for themselves in the path of a relative reference (RFC 3986)."""


def render(report: Report, *, made: dt.datetime) -> str:
    """One SARIF log with one run; ``made`` is the moment the check ended."""
    version = installed("cleanclaim")
    everything = [*report.findings, *(entry.finding for entry in report.set_aside)]
    rules = {code: number for number, code in enumerate(sorted({entry.rule for entry in everything}))}
    told_of: tuple[FileCount | ClaimResult | Reject, ...] = (*report.files, *report.claims, *report.rejects)
    names = dict.fromkeys(entry.file for entry in told_of)
    files = {name: number for number, name in enumerate(names)}
    run = {
        "tool": {
            "driver": {
                "name": "cleanclaim",
                "version": version,
                "semanticVersion": version,
                "shortDescription": {"text": "A linter for US medical claims."},
                "rules": _rules(everything, rules),
            }
        },
        "invocations": [_invocation(report, made, files)],
        "artifacts": [{"location": {"uri": uri(name)}, "roles": ["analysisTarget"]} for name in files],
        "results": [
            *(_result(entry, rules, files) | {"suppressions": []} for entry in report.findings),
            *(
                _result(entry.finding, rules, files) | {"suppressions": [_suppression(entry)]}
                for entry in report.set_aside
            ),
        ],
        "properties": {
            "summary": jsonable.summary(report),
            "book": jsonable.book(report),
            "claims": [jsonable.claim(entry) for entry in report.claims],
            "rejects": [jsonable.reject(entry) for entry in report.rejects],
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rules(findings: list[Finding], rules: dict[str, int]) -> list[dict[str, Any]]:
    """The rules that fired, by code, each with its documentation; one we do not have, as its finding tells it."""
    ours = {loaded.rule.code: loaded for loaded in documented()}
    first = {entry.rule: entry for entry in reversed(findings)}
    told = []
    for code in rules:
        fired, loaded = first[code], ours.get(code)
        if loaded is None:
            described = {"shortDescription": {"text": _said(fired.name)}, "help": {"text": _said(fired.fix.text)}}
            severity = fired.severity
        else:
            described = {
                "shortDescription": {"text": _said(loaded.summary)},
                "fullDescription": {"text": _said(loaded.sections["What it checks"])},
                "help": {"text": _said(rule_text.whole(loaded)), "markdown": rule_text.whole(loaded, markdown=True)},
            }
            severity = loaded.rule.severity
        told.append({"id": code, "name": fired.name, **described, "defaultConfiguration": {"level": _LEVEL[severity]}})
    return told


def _invocation(report: Report, made: dt.datetime, files: dict[str, int]) -> dict[str, Any]:
    """How the check ended, with what could not be read and the notes on the whole report."""
    unread = [
        {
            "level": "error",
            "descriptor": {"id": "not-read"},
            "message": {"text": _said(f"claim {entry.claim}: {entry.reason}" if entry.claim else entry.reason)},
            "locations": [_location(Place(entry.file, entry.byte, entry.segment), files)],
        }
        for entry in report.rejects
    ]
    notes = [{"level": "note", "descriptor": {"id": "note"}, "message": {"text": _said(note)}} for note in report.notes]
    return {
        "executionSuccessful": bool(report.claims) or not report.rejects,
        "endTimeUtc": made.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": [*unread, *notes],
    }


def _result(entry: Finding, rules: dict[str, int], files: dict[str, int]) -> dict[str, Any]:
    whole = jsonable.finding(entry)
    location = _location(entry.at, files)
    place = entry.claim if entry.line is None else f"{entry.claim}/{entry.line}"
    location["logicalLocations"] = [{"fullyQualifiedName": _said(place), "kind": "element"}]
    return {
        "ruleId": entry.rule,
        "ruleIndex": rules[entry.rule],
        "level": _LEVEL[entry.severity],
        "message": {"text": _said(f"{entry.message} {entry.fix.text}")},
        "locations": [location],
        "partialFingerprints": {"claimFinding/v1": _fingerprint(entry)},
        "properties": {name: value for name, value in whole.items() if name not in {"rule", "message", "at"}},
    }


def _fingerprint(entry: Finding) -> str:
    """The same for the same fault of the same claim line in another run, wherever the claim then stands."""
    parts = [entry.rule, entry.claim, entry.line, entry.codes, entry.related_lines, entry.related_claims]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _suppression(entry: SetAside) -> dict[str, Any]:
    whole = jsonable.set_aside(entry)
    return {
        "kind": "external",
        "status": "accepted",
        "justification": whole_text(entry.reason),
        "properties": {name: whole[name] for name in ("by", "source", "entry", "expires")},
    }


def _location(place: Place, files: dict[str, int]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": uri(place.file)}
    if place.file in files:
        artifact["index"] = files[place.file]
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.byte is not None:
        physical["region"] = {"byteOffset": place.byte} | (
            {"message": {"text": _said(place.segment)}} if place.segment else {}
        )
    return {"physicalLocation": physical}


def uri(file: str) -> str:
    """A file's name as a URI reference: ``file:///...`` for an absolute path, else relative to where it was read."""
    path = PurePath(file)
    plain = path.as_posix() if file else ""
    escaped = "".join(chr(byte) if byte in _AS_THEY_ARE else f"%{byte:02X}" for byte in whole_text(plain).encode())
    return f"file://{'' if escaped.startswith('/') else '/'}{escaped}" if path.is_absolute() else escaped


def _said(text: str) -> str:
    """A message: SARIF would take braces and brackets for placeholders and links."""
    told = whole_text(text)
    for sign in "\\[]":
        told = told.replace(sign, f"\\{sign}")
    return told.replace("{", "{{").replace("}", "}}")
