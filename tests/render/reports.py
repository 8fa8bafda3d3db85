"""A report with everything in it that a report can hold, made by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cleanclaim.types import (
    Adjustment,
    Appeal,
    BookEntry,
    Change,
    Citation,
    ClaimResult,
    FileCount,
    Finding,
    Fix,
    NotChecked,
    Place,
    Reject,
    Report,
    SetAside,
    Severity,
    StaleUse,
    Total,
    Totals,
    Verdict,
)

PAIR_ROW = Citation(
    "ncci-ptp-practitioner",
    "2024Q3",
    "43214/74360",
    None,
    dt.date(2026, 12, 31),
    "ptp_practitioner_2024Q3.csv, row 1,234,567: Column One 43214, Column Two 74360, modifier indicator 0",
)
MANUAL = Citation("ncci-policy-manual", "2026", "I.E", text="indicator 0: no modifier bypasses the edit")

BUNDLED = Finding(
    rule="PTP001",
    name="bundled-procedure-pair",
    severity=Severity.DENY,
    claim="26463774",
    line=2,
    message="74360 (line 2) is part of 43214 (line 1): Medicare denies it that day, and no modifier changes that.",
    fix=Fix("remove-line", "review", "Remove 74360, or bill it alone if 43214 was not done."),
    at=Place("claims/a.837", 1042, "SV1"),
    codes=("74360", "43214"),
    related_lines=(1,),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    amount_at_risk=Decimal("1029.06"),
    allowed_at_risk=Decimal("29.06"),
    citations=(PAIR_ROW, MANUAL),
    appeal=Appeal("rarely", "No modifier is allowed, so the record cannot turn it."),
    documentation=("that 43214 was not done",),
)
ACROSS = Finding(
    rule="PTP004",
    name="same-site-procedure-pair",
    severity=Severity.REVIEW,
    claim="26463774",
    line=1,
    message="Both lines name the same site (LT).",
    fix=Fix("review-record", "review", "Look at the record."),
    at=Place("claims/a.837", 900, "SV1"),
    codes=("20610", "20605"),
    related_claims=("26463775",),
    citations=(),
)
WHOLE_CLAIM = Finding(
    rule="DUP001",
    name="repeated-claim",
    severity=Severity.INFORM,
    claim="B-1",
    line=None,
    message="The claim repeats claim 26463774.",
    fix=Fix("remove-claim", "safe", "Send it once."),
    at=Place("b.csv", None, ""),
    amount_at_risk=Decimal(140),
    allowed_at_risk=Decimal("95.19"),
    allowed_reason="1 of 2 lines have no price: Medicare does not cover it (status N)",
)

UNDISTINGUISHED = Finding(
    rule="PTP002",
    name="undistinguished-procedure-pair",
    severity=Severity.DENY,
    claim="R-1",
    line=1,
    message="11102 is part of 11400 unless it served another lesion.",
    fix=Fix(
        "add-modifier", "review", "If the record shows another lesion, add XS.", (Change(1, "modifiers", "", "XS"),)
    ),
    at=Place("b.csv", 77, "row 2"),
    codes=("11102", "11400"),
    related_lines=(2,),
    adjustment=Adjustment("CO", "236"),
    amount_at_risk=Decimal("99.9"),
    allowed_reason="the line has no place of service",
    citations=(MANUAL,),
    appeal=Appeal("yes", "The record decides.", ("operative note", "pathology report naming both sites")),
    documentation=("the site of each lesion", "why both were needed", "the order", "a drawing"),
)

FULL = Report(
    book=(BookEntry("ncci-ptp-practitioner", "2024Q3", starter=False), BookEntry("mpfs-rvu", "RVU26C", starter=True)),
    claims=(
        ClaimResult("OK-1", "claims/a.837", Verdict.CLEAN),
        ClaimResult(
            "B-1",
            "b.csv",
            Verdict.NOT_CHECKED,
            not_checked=(
                NotChecked(2, "MUE", "no release covers 0042T on 2026-07-01"),
                NotChecked(2, "COD", "no release covers 0042T on 2026-07-01"),
                NotChecked(None, "DXV", "the claim has no readable service date"),
            ),
        ),
        ClaimResult(
            "26463774",
            "claims/a.837",
            Verdict.DENIED,
            stale=(StaleUse("ncci-ptp-practitioner", "2024Q3", dt.date(2024, 9, 30)), StaleUse("pos", "undated", None)),
            amount_at_risk=Decimal("1029.06"),
            payer="00123",
            allowed_at_risk=Decimal("29.06"),
            unpriced_lines=1,
        ),
        ClaimResult("S-1", "b.csv", Verdict.STALE, stale=(StaleUse("ncci-aoc", "2024Q2", dt.date(2024, 6, 30)),)),
        ClaimResult("R-1", "b.csv", Verdict.REVIEW),
    ),
    findings=(WHOLE_CLAIM, BUNDLED, ACROSS),
    rejects=(
        Reject("c.837", 1234, "CLM", "CLM05 is missing", claim="LOST-1"),
        Reject("d.bin", None, "file", "binary data of an unknown kind", claims=0),
    ),
    lines=12,
    files=(FileCount("claims/a.837", 2, 2, 0), FileCount("b.csv", 3, 3, 0), FileCount("c.837", 1, 0, 1)),
    set_aside=(
        SetAside(
            UNDISTINGUISHED, "suppression", "claims.ignore.yaml", "3", "agreed with the payer", dt.date(2027, 1, 31)
        ),
        SetAside(WHOLE_CLAIM, "baseline", "baseline.json", "B-1", "there before"),
    ),
    notes=("Starter book in use for mpfs-rvu: embedded facts only.",),
    totals=Totals(
        Total("", 2, 3, Decimal("1029.06"), Decimal("29.06"), 1, 1),
        by_rule=(
            Total("PTP001", 1, 1, Decimal("1029.06"), Decimal("29.06"), 1, 1, "bundled-procedure-pair"),
            Total("DUP001", 1, 1, Decimal(0), Decimal(0), 0, 0, "repeated-claim"),
            Total("PTP004", 1, 1, Decimal(0), Decimal(0), 0, 0, "same-site-procedure-pair"),
        ),
        by_payer=(
            Total("00123", 1, 2, Decimal("1029.06"), Decimal("29.06"), 1, 1),
            Total("", 1, 1, Decimal(0), Decimal(0), 0, 0),
        ),
        by_provider=(
            Total("1992999015", 1, 2, Decimal("1029.06"), Decimal("29.06"), 1, 1),
            Total("", 1, 1, Decimal(0), Decimal(0), 0, 0),
        ),
        by_code=(
            Total("99421", 1, 1, Decimal(1000), None, 0, 1),
            Total("74360", 1, 1, Decimal("29.06"), Decimal("29.06"), 1, 0),
            Total("20610", 1, 1, Decimal(0), Decimal(0), 0, 0),
        ),
        priced_by=(("billing_zip", 1),),
    ),
)

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}{% x %}\n=cmd|' /C calc'!A0\r\x00\x1b[2J\udcff\u202e]{0}\\"
"""What someone may write into a claims file to make a report do something."""
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "\n=1", "\uff1d1+1")


def hostile(text: str) -> Report:
    """A report in which every text that comes from a file is ``text``."""
    finding = Finding(
        rule="PTP001",
        name="bundled-procedure-pair",
        severity=Severity.DENY,
        claim=text,
        line=1,
        message=text,
        fix=Fix("remove-line", "review", text, (Change(1, "hcpcs", text, text),)),
        at=Place(text, 1, text),
        codes=(text, text),
        related_claims=(text,),
        adjustment=Adjustment("CO", "236", ("N20",)),
        citations=(Citation("convention", "", text, text=text),),
        appeal=Appeal("no", text, (text,)),
        documentation=(text,),
    )
    claim = ClaimResult(
        text,
        text,
        Verdict.DENIED,
        not_checked=(NotChecked(1, "MUE", text),),
        stale=(StaleUse("pos", text, None),),
        payer=text,
    )
    return Report(
        book=(BookEntry("pos", text, starter=False),),
        claims=(claim, ClaimResult(f"{text}2", text, Verdict.NOT_CHECKED, not_checked=claim.not_checked)),
        findings=(finding,),
        rejects=(Reject(text, 5, text, text, claim=text),),
        lines=1,
        files=(FileCount(text, 2, 1, 1),),
        notes=(text,),
        set_aside=(SetAside(finding, "suppression", text, text, text),),
    )


EMPTY = Report((), (), (), (), 0)
