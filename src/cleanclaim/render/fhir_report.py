"""The report as FHIR R4: a Bundle with a ClaimResponse for every claim and an OperationOutcome for what was not read.

A ClaimResponse here is a forecast, not a payer's word: its ``use`` is ``predetermination``. It names no patient: the
element, which FHIR demands, says that it is masked. Denials to expect stand where a payer would put them, under the
claim's item, as X12 adjustment reason and remark codes.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any, Final

from cleanclaim.render.by_claim import ClaimView, by_claim
from cleanclaim.render.dollars import allowed_at_risk, allowed_of
from cleanclaim.render.rows import citation_text
from cleanclaim.render.whole_text import whole_text
from cleanclaim.types import Finding, Money, Reject, Report, SetAside, Severity, Verdict, format_money

Json = dict[str, Any]

CARC: Final = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC: Final = "https://x12.org/codes/remittance-advice-remark-codes"
GROUP: Final = "https://x12.org/codes/claim-adjustment-group-codes"
DENIAL: Final = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudicationDiscriminator"
"""Where CARIN's profiles of claims data take ``denialreason`` from."""
RULE: Final = "urn:cleanclaim:rule"
SEVERITY: Final = "urn:cleanclaim:severity"
FAMILY: Final = "urn:cleanclaim:not-checked"
TOTAL: Final = "urn:cleanclaim:total"
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_OURS: Final = uuid.UUID("5b0f7f0e-5a52-5a0b-9a57-0d1f7f5cf9a1")
"""Namespace of the ids: the same claim of the same file has the same id in every run."""
_FIRST_LINE: Final = 1
"""FHIR counts items from 1; what stands on a line numbered otherwise is told of the claim."""
_NAMED_IN_TEXT: Final = {Verdict.NOT_CHECKED: "not checked"}


def render(report: Report, *, made: dt.datetime) -> str:
    """One Bundle of type ``collection``; ``made`` is the moment of the forecast. In ASCII, ending with a newline."""
    resources = [_claim_response(view, made) for view in by_claim(report)]
    outcome = _outcome(report)
    resources += [outcome] if outcome else []
    bundle: Json = {"resourceType": "Bundle", "type": "collection", "timestamp": _instant(made)}
    if resources:
        bundle["entry"] = [{"fullUrl": f"urn:uuid:{entry['id']}", "resource": entry} for entry in resources]
    return json.dumps(bundle, indent=1) + "\n"


# --- a claim


def _claim_response(view: ClaimView, made: dt.datetime) -> Json:
    notes: list[str] = []
    by_line: dict[int, list[Json]] = {}
    of_claim: list[Json] = []
    noted: dict[int, list[int]] = {}
    for finding in view.findings:
        notes.append(_note(finding))
        if finding.line is not None and finding.line >= _FIRST_LINE:
            by_line.setdefault(finding.line, []).append(_adjudication(finding))
            noted.setdefault(finding.line, []).append(len(notes))
        else:
            of_claim.append(_adjudication(finding))
    notes += [_set_aside(entry) for entry in view.set_aside]
    notes += [
        f"Stale: {use.source} {use.release}"
        + (f" covers services to {use.covers_to}." if use.covers_to else " does not cover these dates.")
        for use in view.stale
    ]
    made_of: Json = {
        "resourceType": "ClaimResponse",
        "id": _id("claim", view.file, view.claim),
        "status": "active",
        "type": _absent("unknown"),
        "use": "predetermination",
        "patient": _absent("masked"),
        "created": _instant(made),
        "insurer": {"identifier": {"value": _string(view.payer)}} if _string(view.payer) else _absent("unknown"),
        "request": {"identifier": {"value": _string(view.claim)}} if _string(view.claim) else _absent("unknown"),
        "outcome": "partial" if view.not_checked else "complete",
        "disposition": _disposition(view),
        "item": [
            {"itemSequence": line, "noteNumber": noted[line], "adjudication": by_line[line]} for line in sorted(by_line)
        ],
        "adjudication": of_claim,
        "processNote": [
            {"number": number, "type": "display", "text": _string(text)} for number, text in enumerate(notes, 1)
        ],
        "error": [
            ({"itemSequence": gap.line} if gap.line is not None and gap.line >= _FIRST_LINE else {})
            | {"code": {"coding": [{"system": FAMILY, "code": gap.what}], "text": _string(f"Not checked: {gap.why}")}}
            for gap in view.not_checked
        ],
    }
    if view.amount_at_risk:
        at_risk = {"coding": [{"system": TOTAL, "code": "amount-at-risk"}], "text": "billed and at risk of denial"}
        made_of["total"] = [{"category": at_risk, "amount": _dollars(view.amount_at_risk)}]
        told = allowed_at_risk(view.allowed_at_risk, view.unpriced_lines)
        if view.allowed_at_risk is not None and told:
            allowed = {"coding": [{"system": TOTAL, "code": "allowed-at-risk"}], "text": told}
            made_of["total"].append({"category": allowed, "amount": _dollars(view.allowed_at_risk)})
    return {name: value for name, value in made_of.items() if value != []}


def _adjudication(finding: Finding) -> Json:
    """A finding as the adjudication to expect; only a deny finding is called a denial."""
    category = [{"system": SEVERITY, "code": str(finding.severity)}]
    denial = finding.adjustment
    if finding.severity is Severity.DENY and denial is not None:
        category.append({"system": DENIAL, "code": "denialreason"})
    coding = [{"system": RULE, "code": finding.rule, "display": finding.name}]
    if denial is not None:
        coding += [{"system": GROUP, "code": denial.group}, {"system": CARC, "code": denial.carc}]
        coding += [{"system": RARC, "code": remark} for remark in denial.rarc]
    reason: Json = {"coding": coding}
    if message := _string(finding.message):
        reason["text"] = message
    made: Json = {"category": {"coding": category}, "reason": reason}
    if finding.amount_at_risk:
        made["amount"] = _dollars(finding.amount_at_risk)
    return made


def _note(finding: Finding) -> str:
    """What a reader is told of a finding: what was found, what to do, what the record needs, where it is published."""
    place = "Claim" if finding.line is None else f"Line {finding.line}"
    parts = [f"{place}, {finding.rule} {finding.name}: {finding.message}", f"To do: {finding.fix.text}"]
    if finding.documentation:
        parts.append(f"The record must show: {'; '.join(finding.documentation)}.")
    if finding.appeal is not None:
        needs = f" It needs: {'; '.join(finding.appeal.needs)}." if finding.appeal.needs else ""
        parts.append(f"Appeal worth its work: {finding.appeal.worth}. {finding.appeal.why}{needs}")
    if finding.allowed_at_risk is not None or finding.allowed_reason:
        why = f" ({finding.allowed_reason})" if finding.allowed_reason else ""
        parts.append(f"Medicare fee schedule: {allowed_of(finding)}{why}")
    if finding.citations:
        parts.append(f"Published: {'; '.join(citation_text(cited) for cited in finding.citations)}")
    return "\n".join(parts)


def _set_aside(entry: SetAside) -> str:
    until = f", until {entry.expires}" if entry.expires else ""
    said = f"Set aside by {entry.by} {entry.entry} of {entry.source}{until}: {entry.reason}"
    return f"{said}\n{_note(entry.finding)}"


def _disposition(view: ClaimView) -> str:
    told = [_NAMED_IN_TEXT.get(view.verdict, str(view.verdict))]
    if view.findings:
        told.append(f"{len(view.findings)} finding{'s' if len(view.findings) > 1 else ''}")
    if view.claims > 1:
        told.append(f"{view.claims} claims bear this number")
    return f"Forecast: {'; '.join(told)}."


# --- what could not be read


def _outcome(report: Report) -> Json | None:
    issues = [_issue(entry) for entry in report.rejects]
    issues += [
        {"severity": "information", "code": "informational", "details": {"text": _string(note)}}
        for note in report.notes
        if _string(note)
    ]
    if not issues:
        return None
    return {"resourceType": "OperationOutcome", "id": _id("outcome", *(e.file for e in report.files)), "issue": issues}


def _issue(reject: Reject) -> Json:
    where = ", ".join(
        filter(
            None,
            (
                reject.file,
                "" if reject.byte is None else f"byte {reject.byte}",
                reject.segment,
                f"claim {reject.claim}" if reject.claim else "",
            ),
        )
    )
    return {
        "severity": "error",
        "code": "structure",
        "details": {"text": _string(reject.reason) or "not readable"},
        "diagnostics": _string(where) or "input",
    }


# --- datatypes


def _absent(reason: str) -> Json:
    return {"extension": [{"url": _ABSENT, "valueCode": reason}]}


def _dollars(amount: Money) -> Json:
    # A JSON number, which the shortest float that reads back as these cents writes exactly (to 15 digits).
    return {"value": float(format_money(amount)), "currency": "USD"}


def _instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_OURS, json.dumps(parts)))


def _string(text: str) -> str:
    """A FHIR string: no control characters, and not blank at its ends."""
    return whole_text(text).strip()
