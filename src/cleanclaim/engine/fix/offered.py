"""Which changes a finding offers, by the action its rule names and the claim it stands on.

An action that is not here offers none: someone must decide. So does a finding whose change could be made in more than
one way, or would show a value that is not what its field is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Final

from cleanclaim.claims.changes import WHOLE_LINE, joined, parted, removed_diagnoses
from cleanclaim.claims.model import POINTABLE_ROLES, ClaimLine
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.imaging import partner_flags
from cleanclaim.engine.line_facts import copier
from cleanclaim.engine.shown import has_shape
from cleanclaim.engine.work import ClaimWork, LineWork, Work
from cleanclaim.index.lookup import DayBook
from cleanclaim.rules.cmp.share import of_another_share
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.rules.modifiers import PRICING, modifier_flags
from cleanclaim.rules.ptp.words import SEDATION
from cleanclaim.types import CENT, Change, Fix, Money, dotted, format_money

RECORD_DECIDES: Final = frozenset({"59", "25", "XE", "XS", "XP", "XU"})
"""Modifiers that say what only the record can show: never added without ``--unsafe-fixes``."""

_ASSOCIATED: Final = frozenset("24 25 27 57 58 59 78 79 91 XE XS XP XU".split())
"""PTP-associated modifiers other than the anatomic ones, which say where and stay (NCCI manual I.E)."""
_SAYS_DISTINCT: Final = frozenset({"25", "59"})
"""Of those that do not fit, what says of a procedure that it was distinct: 91 says that a test was repeated."""
_SAYS_DISTINCT_VISIT: Final = frozenset("25 57 59 XE XS XP XU".split())
"""The same of a visit, whichever of the two lines bears it."""
_UNDISTINGUISHED: Final = "PTP002"
_MAJOR: Final = 90
_MINOR: Final = frozenset({0, 10, 100})
_WHOLE_TEST: Final = 4
_MOST_MODIFIERS: Final = 4
_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_DIAGNOSIS: Final = 7
_MOST_CHOICES: Final = 12

Check = Callable[..., bool]


@dataclass(slots=True, eq=False)
class _Case:
    """A finding with what it stands on. ``partner`` is the Column One line of a pair."""

    rule: Rule
    check: Check
    claim: ClaimWork
    line: LineWork | None
    partner: LineWork | None
    position: int | None


def fix_of(hit: Hit, work: Work, checks: Mapping[str, Check]) -> Fix:
    """A finding's fix with the changes it offers. ``checks`` has the function of each rule by its code."""
    fix = hit.draft.fix
    build = _BUILDERS.get(fix.action)
    if build is None:
        return fix
    built = build(_case(hit, work, checks[hit.rule.code]), fix)
    return fix if built is fix else _noted(built)


def _case(hit: Hit, work: Work, check: Check) -> _Case:
    number, line_no, third, fourth = hit.key
    claim = work.numbered(number)
    if hit.rule.scope is Scope.DIAGNOSIS:
        return _Case(hit.rule, check, claim, None, None, third)
    partner = None if third is None else work.numbered(third).line_numbered(fourth)
    return _Case(hit.rule, check, claim, claim.line_numbered(line_no), partner, None)


def _noted(fix: Fix) -> Fix:
    """A change that adds what only the record can show is never safe, and says so."""
    added = sorted(
        RECORD_DECIDES.intersection(
            modifier
            for change in fix.changes
            if change.element == "modifiers"
            for modifier in set(parted(change.new)) - set(parted(change.old))
        )
    )
    if not added:
        return fix
    note = f"{' and '.join(added)} is added only with --unsafe-fixes: it is right only if the record shows it."
    return replace(fix, safety="review", text=f"{fix.text} {note}")


def _changing(build: Callable[[_Case], Iterable[Change]]) -> Callable[[_Case, Fix], Fix]:
    """A builder of changes; those that show a value which is not of its field's kind are not offered."""

    def changed(case: _Case, fix: Fix) -> Fix:
        changes = tuple(build(case))
        shown = bool(changes) and all(map(_may_be_shown, changes))
        return Fix(fix.action, fix.safety, fix.text, changes) if shown else fix

    return changed


def _may_be_shown(change: Change) -> bool:
    match change.element:
        case "hcpcs":
            return has_shape("procedure", change.old)
        case "modifiers":
            return all(has_shape("modifier", modifier) for modifier in parted(change.old))
        case "diagnoses":
            return all(has_shape("diagnosis", code) for code in parted(change.old))
        case _:
            return True


# --- lines that go


def _without(line: ClaimLine) -> Change:
    code = line.hcpcs if has_shape("procedure", line.hcpcs) else ""
    return Change(line.line_no, WHOLE_LINE, code or line.revenue_code, "")


def _remove_line(case: _Case) -> Iterator[Change]:
    """The line found, or every line of the code and day where the finding stands on them all.

    Not sedation beside its procedure where the edit leaves a way: another code of it is then paid (G0500).
    """
    if case.line is None or (case.rule.code == _UNDISTINGUISHED and case.line.line.hcpcs in SEDATION):
        return
    if case.rule.related is Related.CODE_AND_DAY:
        yield from (_without(line.line) for line in case.line.counted_with if line.claim is case.claim)
    else:
        yield _without(case.line.line)


def _replace_code(case: _Case) -> Iterator[Change]:
    """Column One becomes the one code with imaging of Column Two's modality, and Column Two goes."""
    one, two = case.partner, case.line
    if one is None or two is None or one.claim is not two.claim or one.day is None:
        return
    imaging = one.answers.get("imaging")
    if imaging is None or not imaging.known:
        return
    wanted = two.facts.imaging_modalities
    codes = [code for code, stands_for in partner_flags(one.day, imaging).items() if stands_for & wanted]
    if len(codes) == 1:
        yield Change(one.line.line_no, "hcpcs", one.line.hcpcs, codes[0])
        yield _without(two.line)


# --- units and charges


def _bill_one_unit(case: _Case) -> Iterator[Change]:
    """One unit on the first line of the code and day, at its share of that line's charge; the other lines go."""
    if case.line is None or any(line.claim is not case.claim for line in case.line.counted_with):
        return
    first, *others = sorted((line.line for line in case.line.counted_with), key=lambda line: line.line_no)
    if first.units is None or first.units < 1 or first.charge is None:
        return
    share = first.charge / first.units
    if share != share.quantize(CENT):
        return
    if first.units != 1:
        yield Change(first.line_no, "units", f"{first.units.normalize():f}", "1")
        yield _charge(first, share)
    yield from map(_without, others)


def _charge(line: ClaimLine, charge: Money) -> Change:
    return Change(line.line_no, "charge", format_money(line.charge or Decimal(0)), format_money(charge))


def _correct_charge(case: _Case) -> Iterator[Change]:
    """A measure code is billed at nothing; a claim's total is what its lines add up to."""
    if case.line is not None and case.line.facts.is_measure and case.line.line.charge is not None:
        yield _charge(case.line.line, Decimal(0))
    facts, total = case.claim.facts, case.claim.claim.total_charge
    of_lines = Decimal(facts.line_charge_cents) / 100
    if case.rule.scope is Scope.CLAIM and total is not None and facts.line_charge_cents >= 0 and total != of_lines:
        yield Change(None, "charge", format_money(total), format_money(of_lines))


# --- modifiers


def _remove_modifier(case: _Case) -> Iterator[Change]:
    """Without the fewest modifiers whose absence silences the rule, where there is one such choice.

    26 or TC stays where the code alone would stand for another share than the one that was billed.
    """
    if case.line is None or case.rule.scope is not Scope.LINE:
        return
    own = case.line.line.modifiers
    for number in range(1, len(own) + 1):
        left = {
            tuple(modifier for place, modifier in enumerate(own) if place not in gone)
            for gone in combinations(range(len(own)), number)
        }
        silent = [modifiers for modifiers in left if not case.check(_facts_with(case.line, modifiers))]
        if silent:
            if len(silent) == 1 and not of_another_share(case.line.facts):
                yield _modifiers(case.line.line, silent[0])
            return


def _facts_with(line: LineWork, modifiers: tuple[str, ...]) -> LineFacts:
    facts = copier()(line.facts)
    facts.modifiers = modifier_flags(modifiers)
    facts.modifier_count = len(modifiers)
    facts.repeated_modifier = len(set(modifiers)) < len(modifiers)
    return facts


def _modifiers(line: ClaimLine, modifiers: Iterable[str]) -> Change:
    return Change(line.line_no, "modifiers", joined(line.modifiers), joined(modifiers))


def _correct_modifier(case: _Case) -> Iterator[Change]:
    """For a pair the modifier that says Column Two is distinct, where only one can be meant; else each one once.

    What else is to take a modifier's place is not told by the claim, and without it the line may say that more was
    done: that 53 or AS is wrong does not make the procedure a whole one, or the surgeon's.
    """
    if case.line is None:
        return
    if case.partner is None:
        once = tuple(dict.fromkeys(case.line.line.modifiers))
        if once != case.line.line.modifiers and not case.check(_facts_with(case.line, once)):
            yield _modifiers(case.line.line, once)
        return
    wanted = _distinct_modifier(case.partner, case.line)
    own = case.line.line.modifiers
    left = tuple(modifier for modifier in own if modifier not in _ASSOCIATED)
    if wanted and wanted not in own and len(left) < _MOST_MODIFIERS:
        yield _modifiers(case.line.line, (wanted, *left) if wanted in {"25", "57"} else (*left, wanted))


def _distinct_modifier(one: LineWork, two: LineWork) -> str:
    """The modifier that sets Column Two apart; ``""`` where more than one may be meant (NCCI manual I.D, I.E).

    Nothing on the claim says that the two were distinct where the lines bear no modifier that is meant to: a site on
    the procedure says nothing of the visit.
    """
    said = {*one.line.modifiers, *two.line.modifiers}
    if two.facts.evaluation_and_management:
        if not said & _SAYS_DISTINCT_VISIT:
            return ""
        if not two.facts.professional and one.facts.evaluation_and_management:
            return ""
        if one.facts.evaluation_and_management or one.facts.global_days in _MINOR:
            return "25"
        return "57" if one.facts.global_days == _MAJOR else ""
    if one.facts.evaluation_and_management or two.facts.laboratory or two.facts.never_distinct:
        return ""
    return "59" if said & _SAYS_DISTINCT and two.line.hcpcs not in SEDATION else ""


def _professional_share(case: _Case) -> Iterator[Change]:
    """26 before the other modifiers; a code of the whole test has no 26."""
    if case.line is None or case.line.facts.pc_tc_indicator == _WHOLE_TEST:
        return
    own = case.line.line.modifiers
    if len(own) < _MOST_MODIFIERS and not {"26", "TC"} & set(own):
        yield _modifiers(case.line.line, ("26", *own))


def _reorder_modifiers(case: _Case) -> Iterator[Change]:
    """Modifiers that change the payment before those that inform, each kind in its order."""
    if case.line is None:
        return
    own = case.line.line.modifiers
    ordered = sorted(own, key=lambda modifier: PRICING.index(modifier) if modifier in PRICING else len(PRICING))
    if tuple(ordered) != own:
        yield _modifiers(case.line.line, ordered)


# --- diagnoses and pointers


def _correct_pointer(case: _Case) -> Iterator[Change]:
    """Each pointer once, and only those that name a diagnosis; a line left without any is for someone to decide."""
    if case.line is None:
        return
    own = case.line.line.diagnosis_pointers
    there = sum(diagnosis.role in POINTABLE_ROLES for diagnosis in case.claim.claim.diagnoses)
    kept = tuple(dict.fromkeys(pointer for pointer in own if 1 <= pointer <= there))
    if kept and kept != own:
        yield _pointers(case.line.line, kept)


def _pointers(line: ClaimLine, pointers: Iterable[int]) -> Change:
    return Change(line.line_no, "diagnosis_pointers", joined(line.diagnosis_pointers), joined(pointers))


def _remove_diagnoses(case: _Case) -> Iterator[Change]:
    """Every diagnosis that stands on the claim before goes, and the pointers move with those that stay."""
    diagnoses = case.claim.claim.diagnoses
    stays: dict[tuple[str, str], int] = {}
    """The first of each code among those a line can point at, by its place."""
    repeats: dict[int, int] = {}
    for place, diagnosis in enumerate(diagnoses):
        if diagnosis.role in POINTABLE_ROLES:
            first = stays.setdefault((diagnosis.code, diagnosis.system), place)
            if first != place:
                repeats[place] = first
    codes = tuple(diagnosis.code for diagnosis in diagnoses)
    left = tuple(code for place, code in enumerate(codes) if place not in repeats)
    if case.position is None or case.position - 1 not in repeats or removed_diagnoses(codes, left) != repeats.keys():
        return
    yield Change(None, "diagnoses", joined(codes), joined(left))
    for line in case.claim.claim.lines:
        pointers = tuple(dict.fromkeys(_moved(pointer, repeats) for pointer in line.diagnosis_pointers))
        if pointers != line.diagnosis_pointers:
            yield _pointers(line, pointers)


def _moved(pointer: int, repeats: Mapping[int, int]) -> int:
    """Where a pointer points once the repeated diagnoses, told with the first of each, are gone."""
    place = repeats.get(pointer - 1, pointer - 1)
    return place + 1 - sum(gone < place for gone in repeats)


def _choose_diagnosis(case: _Case, fix: Fix) -> Fix:
    """The billable codes under a heading, told for someone to choose from: which one is right the record decides."""
    dx = next((dx for dx in case.claim.diagnoses if dx.facts.position == case.position), None)
    day = case.claim.dx_day
    if dx is None or day is None or dx.answer is None or not dx.answer.known or dx.answer.fact.billable:
        return fix
    release = dx.answer.release
    if release is None or not release.whole:
        return fix  # a list of which only a part is loaded does not have every choice
    key = (_choose_diagnosis, dx.diagnosis.code)
    choices: list[str] | None = day.period.kept.get(key)
    if choices is None:
        choices = []
        _billable_under(day, dx.diagnosis.code, choices)
        day.period.kept.keep(key, choices)
    if not choices or len(choices) > _MOST_CHOICES:
        return fix
    return replace(fix, text=f"{fix.text} Billable under it: {', '.join(map(dotted, choices))}.")


def _billable_under(day: DayBook, code: str, found: list[str]) -> None:
    """Collect the billable codes that begin with ``code``, no more than are worth telling."""
    below = [code + character for character in _CHARACTERS]
    if len(code) < _LONGEST_DIAGNOSIS - 1 and not any(day.icd10cm(longer).known for longer in below):
        # A seventh character stands behind the placeholder X.
        below = [code.ljust(_LONGEST_DIAGNOSIS - 1, "X") + character for character in _CHARACTERS]
    for longer in below:
        answer = day.icd10cm(longer)
        if answer.known and answer.fact.billable:
            found.append(longer)
        elif answer.known and len(longer) < _LONGEST_DIAGNOSIS:
            _billable_under(day, longer, found)
        if len(found) > _MOST_CHOICES:
            return


_BUILDERS: Final[Mapping[str, Callable[[_Case, Fix], Fix]]] = {
    "remove-line": _changing(_remove_line),
    "replace-code": _changing(_replace_code),
    "bill-one-unit": _changing(_bill_one_unit),
    "correct-charge": _changing(_correct_charge),
    "remove-modifier": _changing(_remove_modifier),
    "correct-modifier": _changing(_correct_modifier),
    "bill-professional-share": _changing(_professional_share),
    "reorder-modifiers": _changing(_reorder_modifiers),
    "correct-pointer": _changing(_correct_pointer),
    "remove-diagnosis": _changing(_remove_diagnoses),
    "correct-diagnosis": _choose_diagnosis,
}
"""The actions a machine can take, and what each changes. docs/how-to/fix-claims.md tells them to users."""
