"""What Medicare's contractors publish of a service: do its diagnoses support it, and is its drug excluded.

An article of the coverage database governs a code for the contractors that hold it, since its version binds. The
columns of the export do not tie groups of diagnoses to groups of procedures: contractors number them apart and say in
the group's paragraph which procedures it is for. So a group that names procedure codes speaks for those, a group that
names none for every code of the article, and what is listed only for other procedures is a question for a coder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from cleanclaim.book.facts import (
    Article,
    ArticleProcedure,
    CoveredDiagnosis,
    CoveredGroup,
    LcdProcedure,
    NoncoveredGroup,
    SelfAdministeredDrug,
)
from cleanclaim.claims.model import POINTABLE_ROLES, ClaimType
from cleanclaim.engine.contractors import Contractors, contractors_of, held_by
from cleanclaim.engine.determinations import OF_EQUIPMENT, determination_facts
from cleanclaim.engine.shown import some
from cleanclaim.engine.work import ClaimWork, CoverageWords, LineWork
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.facts import CodeKind, CoverageOutcome, DxState, SelfAdministered
from cleanclaim.types import Adjustment, Date, Setting, State, dotted

REQUIRED: Final = (
    *("contractor", "article", "article-contractor", "article-hcpcs", "article-covered", "article-covered-group"),
    *("article-noncovered", "article-noncovered-group"),
)
"""Tables without which it is not known whether a diagnosis supports a service."""
_NEVER_GOVERNED: Final = (CodeKind.MALFORMED, CodeKind.CATEGORY_II)
_OF_DRUGS: Final = ("contractor", "article-contractor", "self-administered")
_NO_LIST: Final = "XX000"
_DRUGS: Final = "JQC"
"""First letters of the HCPCS Level II codes of drugs."""
_NOT_NECESSARY: Final = "50"
_NATIONAL: Final = "N386"
_UNCLASSIFIED: Final = frozenset({"J3490", "J3590", "C9399", "J7999", "J8499", "J8999", "J9999"})
"""Codes of drugs that have none of their own: which drug was given stands elsewhere than in the code."""
_SUPPORTED_FIRST: Final = (
    CoverageOutcome.SUPPORTED,
    CoverageOutcome.EXPLAINED,
    CoverageOutcome.SECOND_MISSING,
    CoverageOutcome.NOT_LISTED,
    CoverageOutcome.NAMED_NOT_COVERED,
    CoverageOutcome.NOT_COVERED,
)
"""What counts where several articles of a contractor speak of a code: what supports the service first."""


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What one article says of a line."""

    outcome: CoverageOutcome
    row: ArticleProcedure
    facts: tuple[Any, ...] = ()
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sought:
    """A line's diagnoses, and all of its claim's, without dots."""

    of_line: tuple[str, ...]
    of_claim: frozenset[str]


def coverage_facts(work: ClaimWork) -> None:
    """The coverage of every line that is filed with Medicare Part A or B. Reads the states of the diagnoses."""
    if work.facts.medicare != 1 or work.setting is Setting.NONE:
        return
    for line in work.lines:
        facts = line.facts
        if not facts.is_hcpcs or line.day is None or facts.code_kind in _NEVER_GOVERNED:
            continue
        who = contractors_of(work.claim, line.line, line.day)
        said = listed(line.day, line.line.hcpcs)
        if said.drugs.facts:
            _self_administered(line, line.day, who, said.drugs)
        why = _not_loaded(line.day, line.line.hcpcs, who) or _not_shown(who)
        if why:
            line.missing["mcd"] = why
        else:
            _diagnoses_support(line, line.day, who, said.articles)
        if said.determinations.known:
            determination_facts(line, line.day, who, said.determinations)


class Listed(NamedTuple):
    """Where the Medicare coverage database lists a procedure code, whether or not what it says there binds."""

    drugs: Answer[SelfAdministeredDrug]
    articles: Answer[ArticleProcedure]
    determinations: Answer[LcdProcedure]


def listed(day: DayBook, hcpcs: str) -> Listed:
    """The rows by which a line of a code is judged together with its diagnoses and its day."""
    key = (Listed, hcpcs)
    found: Listed | None = day.period.kept.get(key)
    if found is None:
        tables = ("self-administered", "article-hcpcs", "lcd-hcpcs")
        found = day.period.kept.keep(key, Listed(*(day.coverage(table, hcpcs) for table in tables)))
    return found


def coverage_words(work: LineWork) -> dict[str, str]:
    """The words of COV rules; empty for a line of which no article speaks."""
    said = work.coverage
    if said is None:
        return {}
    return {
        "article": said.article,
        "contractor": " or ".join(said.contractors),
        "line_diagnoses": some(said.diagnoses) or "none",
        "needed_diagnoses": some(said.needed) or "a further one",
        "determinations": said.determinations,
        "determination_numbers": said.determination_numbers,
        "determination_articles": said.determination_articles,
    }


def coverage_adjustment(expected: Adjustment | None, line: LineWork) -> Adjustment | None:
    """A denial for coverage names the national determination where that is behind it, and with GA the patient pays."""
    if expected is None or line.coverage is None or expected.carc != _NOT_NECESSARY:
        return expected
    if line.coverage.national:
        expected = replace(expected, rarc=(_NATIONAL,))
    return replace(expected, group="PR") if "GA" in line.line.modifiers else expected


def _not_loaded(day: DayBook, hcpcs: str, who: Contractors) -> str:
    drug, equipment = hcpcs[0] in _DRUGS, who.dme
    key = (_not_loaded, drug, equipment)
    found: str | None = day.period.kept.get(key)
    if found is None:
        found = day.period.kept.keep(key, _tables_not_loaded(day, drug=drug, equipment=equipment))
    return found


def _tables_not_loaded(day: DayBook, *, drug: bool, equipment: bool) -> str:
    tables = (*REQUIRED, *(["self-administered"] if drug else []), *(OF_EQUIPMENT if equipment else []))
    missing = [table for table in tables if not day.coverage_loaded(table)]
    if len(missing) == len(tables):
        return "no Medicare coverage database release is loaded"
    named = ", ".join(f"mcd-{table}" for table in missing)
    return f"of the Medicare coverage database these tables are not loaded whole: {named}" if missing else ""


def _not_shown(who: Contractors) -> str:
    if who.numbers:
        return ""
    return "the claim does not show which Medicare contractor it goes to (payer identifier, ZIP code or state)"


# --- diagnoses


def _diagnoses_support(line: LineWork, day: DayBook, who: Contractors, listed: Answer[ArticleProcedure]) -> None:
    line.answers["mcd"] = listed
    if listed.no_data:
        line.missing["mcd"] = "no release of the Medicare coverage database speaks for the date"
        return
    governing: list[tuple[Article, list[ArticleProcedure]]] = []
    for article_id in dict.fromkeys(row.article_id for row in listed.facts):
        rows = [row for row in listed.facts if row.article_id == article_id]
        article = _article(day, rows[0])
        if article is None or (article.valid_to or day.day) < day.day:
            continue
        if not held_by(day, "article-contractor", article_id, article.version, who):
            continue
        begins = _version_begins(day, article)
        if begins is not None and day.day < begins:
            if article.valid_from is None or article.valid_from <= day.day:
                line.missing["mcd"] = (
                    f"article A{article_id} is loaded as version {article.version}, which binds since {begins}; "
                    "an export holds no earlier version"
                )
            continue
        governing.append((article, rows))
    if not governing:
        return
    sought = _sought(line)
    if sought is None:
        line.missing["mcd"] = "the line points at no diagnosis in force, and an article of its contractor asks for one"
        return
    rulings = [ruling for article, rows in governing if (ruling := _ruling(day, article, rows, sought)) is not None]
    if rulings:
        _keep(line, day, who, sought, min(rulings, key=lambda ruling: _SUPPORTED_FIRST.index(ruling.outcome)))


def _keep(line: LineWork, day: DayBook, who: Contractors, sought: _Sought, ruling: _Ruling) -> None:
    listed, row = line.answers["mcd"], ruling.row
    line.facts.coverage = ruling.outcome
    line.answers["mcd"] = Answer(State.KNOWN, (row, *ruling.facts), listed.release, listed.stale, listed.looked_in)
    of_article = [fact for fact in day.coverage("article-ncd", row.article_id).facts if fact.version == row.version]
    local = [fact for fact in day.coverage("article-lcd", row.article_id).facts if fact.version == row.version]
    line.coverage = CoverageWords(
        f"A{row.article_id} (version {row.version}, group {row.group})",
        who.numbers,
        tuple(dotted(code) for code in sought.of_line),
        tuple(dotted(code) for code in ruling.needed),
        national=bool(of_article) and not local,
    )


def _article(day: DayBook, row: ArticleProcedure) -> Article | None:
    found: Iterable[Article] = day.coverage("article", row.article_id).facts
    return next((article for article in found if article.version == row.version), None)


def _version_begins(day: DayBook, article: Article) -> Date | None:
    """Since when the loaded version binds: its last revision; unrevised the article itself; else when it was made."""
    revisions: list[Date] = [
        revision.binds_from
        for revision in day.coverage("article-revision", article.article_id).facts
        if revision.version == article.version and revision.binds_from is not None
    ]
    if revisions:
        return max(revisions)
    if day.coverage_loaded("article-revision"):
        return article.valid_from
    known = [begins for begins in (article.valid_from, article.version_made) if begins is not None]
    return max(known, default=None)


def _sought(line: LineWork) -> _Sought | None:
    """The diagnoses by which the line is judged; None where it has none, or one that is no diagnosis to judge by."""
    claim = line.claim
    pointable = [dx for dx in claim.diagnoses if dx.diagnosis.role in POINTABLE_ROLES]
    if claim.claim.claim_type is ClaimType.PROFESSIONAL:
        pointers = line.line.diagnosis_pointers
        judged = [pointable[pointer - 1] for pointer in pointers if 1 <= pointer <= len(pointable)]
    else:
        judged = pointable
    if not judged or any(dx.facts.state not in {DxState.BILLABLE, DxState.NO_DATA} for dx in judged):
        return None
    if not all(dx.facts.is_icd10cm for dx in judged):
        return None
    of_line = tuple(dict.fromkeys(dx.diagnosis.code for dx in judged))
    return _Sought(of_line, frozenset(dx.diagnosis.code for dx in pointable))


def _ruling(day: DayBook, article: Article, rows: Sequence[ArticleProcedure], sought: _Sought) -> _Ruling | None:
    """What one article says; None where it has no list for the code."""
    row, code = rows[0], rows[0].hcpcs
    groups = _covered_groups(day, article)
    speaking = any(_is_for(group.procedures, code) for group in groups.values())
    found: list[CoveredDiagnosis] = [fact for dx in sought.of_line for fact in _of(day, "article-covered", article, dx)]
    for fact in found:  # a group without a paragraph may have no row
        blank = CoveredGroup(
            article.article_id, article.version, fact.group, "", wants_another=False, needed_with="", row=0
        )
        groups.setdefault(fact.group, blank)
    for_code = [fact for fact in found if _is_for(groups[fact.group].procedures, code)]
    if for_code:
        return _support(row, groups, for_code, found, sought)
    if found:
        return _Ruling(CoverageOutcome.NOT_LISTED, row)
    not_covered = _noncovered_groups(day, article)
    named = [
        [fact for fact in _of(day, "article-noncovered", article, dx) if _counts(not_covered.get(fact.group), code)]
        for dx in sought.of_line
    ]
    if all(named):
        of_line = [fact for facts in named for fact in facts]
        plainly = not any(not_covered[fact.group].conditional for fact in of_line if fact.group in not_covered)
        outcome = CoverageOutcome.NAMED_NOT_COVERED if plainly else CoverageOutcome.NOT_LISTED
        return _Ruling(outcome, row, tuple(of_line[:1]))
    if not speaking or not _has_list(day, article):
        return None
    if any(group.closes_the_list and not group.procedures for group in not_covered.values()):
        return _Ruling(CoverageOutcome.NOT_COVERED, row)
    return _Ruling(CoverageOutcome.NOT_LISTED, row)


def _support(
    row: ArticleProcedure,
    groups: dict[str, CoveredGroup],
    for_code: Sequence[CoveredDiagnosis],
    found: Sequence[CoveredDiagnosis],
    sought: _Sought,
) -> _Ruling:
    """A listed diagnosis supports the service, unless the article asks for more beside it."""
    outcome = CoverageOutcome.SECOND_MISSING
    needed: tuple[str, ...] = ()
    several = len({fact.icd10cm for fact in found}) > 1
    for fact in for_code:
        group = groups[fact.group]
        partners = needed_with(group.needed_with, fact.icd10cm) if fact.explained else ()
        if partners and sought.of_claim.isdisjoint(partners):
            needed = needed or partners
        elif group.wants_another and not several:
            continue
        elif fact.explained and not partners:
            outcome = CoverageOutcome.EXPLAINED
        else:
            return _Ruling(CoverageOutcome.SUPPORTED, row, (fact,))
    return _Ruling(outcome, row, tuple(for_code[:1]), needed)


def _covered_groups(day: DayBook, article: Article) -> dict[str, CoveredGroup]:
    found: Iterable[CoveredGroup] = day.coverage("article-covered-group", article.article_id).facts
    return {group.group: group for group in found if group.version == article.version}


def _noncovered_groups(day: DayBook, article: Article) -> dict[str, NoncoveredGroup]:
    found: Iterable[NoncoveredGroup] = day.coverage("article-noncovered-group", article.article_id).facts
    return {group.group: group for group in found if group.version == article.version}


def _of(day: DayBook, table: str, article: Article, dx: str) -> list[Any]:
    return [fact for fact in day.coverage(table, article.article_id, dx).facts if fact.version == article.version]


def _has_list(day: DayBook, article: Article) -> bool:
    """The article lists diagnoses, and not only the mark that it lists none."""
    blank = len(day.coverage("article-covered", article.article_id, _NO_LIST).facts)
    return day.coverage_rows("article-covered", article.article_id) > blank


def _is_for(procedures: str, code: str) -> bool:
    """A group is for a procedure: its paragraph names it, or names none."""
    return not procedures or names(procedures, code)


def _counts(group: NoncoveredGroup | None, code: str) -> bool:
    return group is None or _is_for(group.procedures, code)


def names(procedures: str, code: str) -> bool:
    """``64642-64647 J0585`` names 64644."""
    for named in procedures.split():
        first, _, last = named.partition("-")
        if first == code or (last and len(first) == len(code) and first <= code <= last):
            return True
    return False


def needed_with(pairs: str, dx: str) -> tuple[str, ...]:
    """Of ``G9689:T66XXXA,T66XXXD`` the diagnoses of which G9689 needs one."""
    for pair in pairs.split():
        code, _, partners = pair.partition(":")
        if code == dx:
            return tuple(partners.split(","))
    return ()


# --- self-administered drugs


def _self_administered(line: LineWork, day: DayBook, who: Contractors, listed: Answer[SelfAdministeredDrug]) -> None:
    """The contractor's list of drugs that patients give to themselves (SAD Exclusion List)."""
    loaded = all(day.coverage_loaded(table) for table in _OF_DRUGS)
    if not who.numbers or line.line.hcpcs in _UNCLASSIFIED or not loaded:
        return
    if "JA" in line.line.modifiers:  # given into a vein, so by somebody else
        return
    # What one contractor calls a matter of the route is one for all: some lists leave the note to their text.
    by_route = any(drug.by_route for drug in listed.facts)
    for drug in listed.facts:
        if (drug.valid_from is not None and day.day < drug.valid_from) or (
            drug.valid_to is not None and drug.valid_to < day.day
        ):
            continue
        if not held_by(day, "article-contractor", drug.article_id, drug.version, who):
            continue
        under_the_skin = "JB" in line.line.modifiers
        line.facts.self_administered = (
            SelfAdministered.EXCLUDED if under_the_skin or not by_route else SelfAdministered.BY_ROUTE
        )
        line.answers["sad"] = Answer(State.KNOWN, (drug,), listed.release, listed.stale, listed.looked_in)
        if line.coverage is None:
            line.coverage = CoverageWords(f"A{drug.article_id} (version {drug.version})", who.numbers)
        return
