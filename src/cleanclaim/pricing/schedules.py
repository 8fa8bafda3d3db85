"""Services that another fee schedule than the physicians' pays: laboratory tests, drugs, equipment and supplies.

A loaded schedule that has the code pays it, where the physician fee schedule excludes the code (status X by law, E by
regulation) or does not have it. Where none is loaded, the line says which one would pay, as far as the code tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.pricing import equipment
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import PARTS
from cleanclaim.pricing.model import Line, Rate

LABORATORY: Final = "clfs"
DRUGS: Final = "asp"

NAMES: Final = {
    LABORATORY: "the clinical laboratory fee schedule",
    DRUGS: "the drug pricing file (average sales price)",
    equipment.SCHEDULE: equipment.NAME,
    "ambulance": "the ambulance fee schedule",
}
_NOT_READ: Final = "ambulance"
_EXCLUDED: Final = frozenset("XE")
"""Status indicators of what is excluded from the physician fee schedule, by law or regulation (record layout)."""
_PERHAPS: Final = "P"
"""Bundled where it is incident to a physician's service, and otherwise paid under another provision (record layout)."""
_CONTRACTOR: Final = "L"
_PERCENT: Final = 100

_KINDS: Final = (
    (LABORATORY, re.compile(r"8[0-9]{4}|[0-9]{4}U|00[0-9]{2}M|P2[0-9]{3}|U000[1-9]|Q011[1-5]|36415|7826[78]")),
    (_NOT_READ, re.compile(r"A0[0-9]{3}")),
    (
        DRUGS,
        re.compile(
            r"J[0-9]{4}|Q[259][0-9]{3}|Q01[3-9][0-9]|903[0-9]{2}|90(4[789]|[56][0-9]|7[0-5])[0-9]|913[0-9]{2}|A95[78][0-9]"
        ),
    ),
    (equipment.SCHEDULE, re.compile(r"[EKL][0-9]{4}|A[4-8][0-9]{3}|B[4-9][0-9]{3}|V2[0-9]{3}|Q04[789][0-9]|Q050[0-9]")),
)
"""Which schedule pays codes of a kind, for what is said where it is not loaded; prices never rest on it."""
_TESTS: Final = frozenset(
    """G0027 G0103 G0123 G0143 G0144 G0145 G0147 G0148 G0306 G0307 G0327 G0328 G0432 G0433 G0435 G0471 G0472 G0475 G0476
    G0480 G0481 G0482 G0483 G0499 G0659 G9143 P3000 P9612 P9615""".split()
)
"""Codes that the laboratory schedule of 2025Q1 lists and whose letters do not tell."""


def start(line: Line, context: Context) -> None:
    """Give the line the amount of the schedule that pays it, or the reason; leave what is not excluded alone."""
    if line.service.bears(*PARTS):
        return  # the professional part of a laboratory test is a physician's service
    hcpcs = line.service.hcpcs
    answer = context.rows(hcpcs)
    row = next((row for row in answer.facts if not row.modifier), None)
    status = row.status_indicator if row is not None else ""
    if status not in {"", _PERHAPS} and status not in _EXCLUDED:
        return
    stages: tuple[Callable[[Line, Context], bool], ...] = (_laboratory, _drug, equipment.start)
    for stage in (equipment.start,) if status == _PERHAPS else stages:
        if stage(line, context):
            line.status_indicator = status
            line.cite(context.cite(row) if row is not None else None)
            if status == _PERHAPS:
                line.notes.append("Paid only where it is not incident to a physician's service, which includes it.")
            return
    if status != _PERHAPS:
        _refuse(line, context, status)


def schedule_of(hcpcs: str) -> str:
    """The schedule that pays codes of this kind, as their letters and numbers tell; "" where they do not."""
    if hcpcs in _TESTS:
        return LABORATORY
    return next((schedule for schedule, kind in _KINDS if kind.fullmatch(hcpcs)), "")


def _refuse(line: Line, context: Context, status: str) -> None:
    """Say which schedule would pay. Where the code does not tell, the stage of the physician fee schedule says why."""
    hcpcs = line.service.hcpcs
    answer, schedule = context.rows(hcpcs), schedule_of(hcpcs)
    if not schedule or (answer.no_data and hcpcs.isdigit()):
        return  # many codes of five digits are physicians' services
    excluded = f"it is excluded from the physician fee schedule (status {status}); " if status else ""
    if schedule == _NOT_READ:
        key, why = "other_schedule", f"codes of its kind are paid under {NAMES[schedule]}, which is not read"
    elif context.day.whole_release(schedule) is not None:
        key, why = "not_on_schedule", f"{NAMES[schedule]} has no price of it"
    else:
        key = "schedule_not_loaded"
        why = (
            f"codes of its kind are paid under {NAMES[schedule]}, which is not loaded; `cleanclaim data update "
            f"{schedule}` says where to get it"
        )
    line.refuse(key, excluded + why, cite_answer(answer, hcpcs))
    line.status_indicator = status


def _laboratory(line: Line, context: Context) -> bool:
    hcpcs = line.service.hcpcs
    answer = context.day.laboratory_fee(hcpcs)
    if not answer.known or answer.release is None:
        return False
    begun = [row for row in answer.facts if row.valid_from is None or row.valid_from <= context.date]
    by_modifier = {row.modifier: row for row in begun}
    if not by_modifier:
        return False
    line.stale = answer.stale
    borne = [row for modifier, row in by_modifier.items() if modifier and line.service.bears(modifier)]
    row = borne[0] if borne else by_modifier.get("")
    if row is None:
        wanted = " or ".join(sorted(by_modifier))
        line.refuse("modifier_missing", f"{NAMES[LABORATORY]} has it with {wanted} only", cite_answer(answer, hcpcs))
        return True
    cited = cite_fact(row, answer.release)
    if row.indicator == _CONTRACTOR:
        line.refuse("carrier_priced", "the Medicare contractor sets the price (laboratory indicator L)", cited)
    else:
        line.start(LABORATORY, row.rate * line.service.units, cited)
        share = context.required("laboratory_coinsurance_share")
        line.coinsurance = share.value
        if context.terms.sequestration:
            line.cite(share.citation)
    return True


def _drug(line: Line, context: Context) -> bool:
    answer = context.day.drug_limit(line.service.hcpcs)
    if not answer.known:
        return False
    line.stale = answer.stale
    limit, cited = answer.fact, cite_answer(answer, line.service.hcpcs)
    if not limit.payment_limit:
        line.refuse(
            "carrier_priced", "no payment limit is published for it: the Medicare contractor sets the price", cited
        )
        return True
    line.start(DRUGS, limit.payment_limit * line.service.units, cited)
    line.notes.append(f"${limit.payment_limit} for each billing unit of {limit.dosage}")
    if limit.coinsurance >= 0:
        line.coinsurance = limit.coinsurance / _PERCENT
    if line.rate is Rate.FACILITY:
        line.notes.append("In a facility the drug is the facility's expense, and is not paid to the practitioner.")
    return True
