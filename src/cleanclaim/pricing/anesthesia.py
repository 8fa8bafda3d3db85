"""Anesthesia: base units of the code and units of time, times the dollars that a unit pays in the locality.

The fee schedule marks the codes (status J) and gives them no relative values. Base units and conversion factors stand
in files of their own; time is divided by 15 minutes to one decimal place. Who gave or directed the anesthesia stands in
a modifier, without which nothing is paid. Medicare pays nothing for physical status (P1 to P6) or for monitored care
(QS).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cleanclaim.index.cite import cite_answer
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation

SCHEDULE: Final = "anesthesia"
STATUS: Final = "J"
_FIRST, _LAST = "00100", "01999"
SUPERVISION: Final = "AD"
DIRECTION: Final = {
    "QK": ("anesthesia_medical_direction_share", "A physician directs two to four concurrent procedures"),
    "QY": ("anesthesia_medical_direction_share", "A physician directs one anesthetist"),
    "QX": ("anesthesia_directed_anesthetist_share", "The anesthetist works under a physician's direction"),
}
"""Modifiers of a divided service: the parameter that says what is left, and why."""
ROLES: Final = ("AA", "QZ", *DIRECTION, SUPERVISION)
WITHOUT_TIME: Final = frozenset({"01953", "01995", "01996"})
"""Codes paid by their base units for each unit of service: the manual recognises no time for 01995 and 01996, and of
the add-on for further burned skin the time is reported with the code it is added to (ch. 12 sec. 50, second-hand)."""
_ADD_ONS: Final = frozenset({"01953", "01968", "01969"})
_TENTH: Final = Decimal("0.1")


def start(line: Line, context: Context) -> None:
    """Give an anesthesia line its amount, or the reason why it has none; leave any other line alone."""
    if not is_anesthesia(line.service.hcpcs) or not _is_ours(line, context):
        return
    role = _role(line)
    if role is None:
        return
    found = _factor(line, context)
    if found is None:
        return
    factor, published = found
    counted = _supervised(line, context) if role == SUPERVISION else _performed(line, context)
    if counted is None:
        return
    base, time = counted
    times = line.service.units if line.service.hcpcs in WITHOUT_TIME and role != SUPERVISION else Decimal(1)
    line.units = {"base": base * times, "time": time, "total": base * times + time}
    line.start(SCHEDULE, line.units["total"] * factor, published)
    line.times = times
    formula = f"({line.units['base']} base units + {time} time units) x ${factor.normalize():f}"
    line.notes.append(f"{formula} = ${line.so_far}")
    if role in DIRECTION:
        name, why = DIRECTION[role]
        share = context.required(name)
        line.multiply("medical_direction", f"{why} ({role})", share.value, share.citation)


def tell_of_several(lines: list[Line], _: Context) -> None:
    """Say on each of several anesthesia lines what is paid where they were one session; a claim does not tell that."""
    several = [line for line in lines if line.schedule == SCHEDULE and line.service.hcpcs not in _ADD_ONS]
    if len(several) > 1:
        for line in several:
            line.notes.append(
                "Several anesthesia services: in one operative session only that with the most base units is paid, "
                "with the time of all (42 CFR 414.46(g))."
            )


def is_anesthesia(hcpcs: str) -> bool:
    """True for the codes of anesthesia services, 00100 to 01999."""
    return len(hcpcs) == len(_FIRST) and hcpcs.isdigit() and _FIRST <= hcpcs <= _LAST


def _is_ours(line: Line, context: Context) -> bool:
    """False for a code that the fee schedule does not have, or pays by relative values: that stage says so."""
    answer = context.rows(line.service.hcpcs)
    if not answer.known:
        return answer.no_data
    line.status_indicator, line.stale = answer.fact.status_indicator, answer.stale
    line.cite(context.cite(answer.fact))
    return answer.fact.status_indicator == STATUS


def _role(line: Line) -> str | None:
    """The one modifier that says who did what; the line is refused without it, and where two contradict each other."""
    borne = [role for role in ROLES if line.service.bears(role)]
    if len(borne) == 1:
        return borne[0]
    if borne:
        line.refuse(
            "modifier_conflict", f"{' and '.join(borne)} contradict each other: one says who gave the anesthesia"
        )
    else:
        line.refuse("anesthesia_role", f"one of {', '.join(ROLES)} has to say who gave or directed the anesthesia")
    return None


def _supervised(line: Line, context: Context) -> tuple[Decimal, Decimal]:
    """What counts for a physician who supervises more than four concurrent procedures: neither base units nor time."""
    base, induction = (context.required(f"anesthesia_supervision_{name}") for name in ("base_units", "induction_units"))
    line.cite(base.citation)
    if not context.terms.present_at_induction:
        return base.value, Decimal(0)
    line.cite(induction.citation)
    return base.value, induction.value


def _performed(line: Line, context: Context) -> tuple[Decimal, Decimal] | None:
    """The base units of the code, and the units of its time."""
    hcpcs = line.service.hcpcs
    answer = context.day.base_units(hcpcs)
    line.stale = line.stale or answer.stale
    cited = cite_answer(answer, hcpcs)
    if answer.no_data:
        line.refuse(
            "no_base_units",
            "the base units of anesthesia codes are not loaded; `cleanclaim data update anesthesia-base-units` says "
            "where to get them",
        )
    elif not answer.known:
        line.refuse("no_base_units", f"the published list of base units does not have {hcpcs}", cited)
    elif not answer.fact.base_units:
        line.refuse("carrier_priced", "it has 0 base units, so that the contractor sets the price", cited)
    else:
        line.cite(cited)
        time = _time(line, context)
        return None if time is None else (Decimal(answer.fact.base_units), time)
    return None


def _time(line: Line, context: Context) -> Decimal | None:
    """Units of time to one decimal place; half a tenth would be rounded up, which whole minutes never come to."""
    service = line.service
    if service.hcpcs in WITHOUT_TIME:
        if service.minutes:
            line.notes.append(f"Time is not paid with {service.hcpcs}: the {service.minutes} minutes are not counted.")
        return Decimal(0)
    if service.minutes is None or service.minutes <= 0:
        line.refuse("no_time", "anesthesia is paid by its time, and no minutes are given")
        return None
    if service.units != 1:
        line.notes.append(f"Anesthesia is paid by its minutes: the {service.units} units are not counted.")
    unit = context.required("anesthesia_minutes_of_time_unit")
    line.cite(unit.citation)
    return (service.minutes / unit.value).quantize(_TENTH, ROUND_HALF_UP)


def _factor(line: Line, context: Context) -> tuple[Decimal, Citation | None] | None:
    """Dollars for a unit in the locality, to qualifying participants where they have a factor, and where it stands."""
    place = context.locality
    answer = context.day.anesthesia_factor(place.mac, place.number)
    line.stale = line.stale or answer.stale
    if not answer.known:
        why = (
            f"no anesthesia conversion factors are loaded for {context.date}: they come with the relative value files, "
            f"as ANES{context.date.year}.csv"
            if answer.no_data
            else f"the published anesthesia conversion factors do not have locality {place.code}"
        )
        line.refuse("no_anesthesia_factor", why, cite_answer(answer, place.code))
        return None
    qualifying = answer.fact.factor_qualifying_apm if context.terms.qualifying_apm else Decimal(0)
    return qualifying or answer.fact.factor, cite_answer(answer, place.code)
