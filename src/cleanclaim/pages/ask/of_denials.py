"""Answers on denials: what a reason or remark code says, what leads to it, and what commonly denies a code."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from cleanclaim.engine.pair import PairVerdict, pair
from cleanclaim.index.cite import cite_answer
from cleanclaim.pages.ask.desk import Desk, Reply, cited, listed, said
from cleanclaim.types import Citation

_FEW: Final = 4
_OF_PAIRS: Final = frozenset({"236", "97", "N20", "M80", "M15", "N19"})
"""What payers answer with where two procedures are bundled."""


def denial(desk: Desk) -> Reply:
    """Why was this denied? By reason and remark code, or what commonly denies a code."""
    if not desk.named.denials:
        section = desk.section(desk.code, "denials")
        return desk.of_section(section, "see the reasons", section.facts[:3])
    parts: list[str] = []
    citations: list[Citation] = []
    missing = []
    for code in desk.named.denials:
        told = _texts_of(desk, code)
        parts += [text for text, _ in told]
        citations += [found for _, found in told if found is not None]
        if not told:
            missing.append(code)
    if missing:
        parts.append(
            f"No loaded list of reason and remark codes has {', '.join(missing)}: load the CARC and RARC lists."
        )
    behind = _of_the_pair(desk) or _of_the_code(desk)
    if behind is not None:
        parts.append(behind.text)
        citations += behind.citations
    rules = _rules_behind(desk.named.denials)
    if rules:
        parts.append(f"What we check that leads to it: {listed(rules, _FEW)} (cleanclaim rule CODE tells them).")
    known = bool(citations) or len(missing) < len(desk.named.denials)
    answer = ", ".join(desk.named.denials) if known else "no data"
    return Reply(answer, " ".join(parts), tuple(dict.fromkeys(citations)), known=known)


def _texts_of(desk: Desk, code: str) -> list[tuple[str, Citation | None]]:
    """What the loaded lists say of a reason or remark code."""
    told = []
    for kind, answer in (("Reason", desk.day.carc(code)), ("Remark", desk.day.rarc(code))):
        if answer.known:
            told.append((f"{kind} code {code}: {answer.fact.text.rstrip('.')}.", cite_answer(answer, code)))
    return told


def _of_the_pair(desk: Desk) -> Reply | None:
    """The edit between two codes, where the denial is one of bundling; None where there is none."""
    if len(desk.named.codes) == 1 or not set(desk.named.denials) & _OF_PAIRS:
        return None
    for one, other in combinations(desk.named.codes, 2):
        made = pair(desk.book, one, other, desk.date)
        if made.verdict in {PairVerdict.BUNDLED, PairVerdict.BUNDLED_UNLESS_DISTINCT}:
            return Reply(str(made.verdict), made.explanation, made.citations)
    return None


def _of_the_code(desk: Desk) -> Reply | None:
    """What commonly leads to the denial for the code; None where no code is named, or nothing leads to it."""
    if not desk.named.codes:
        return None
    wanted = set(desk.named.denials)
    facts = [
        fact
        for fact in desk.section(desk.code, "denials").facts
        if wanted & set(str(fact.value).replace("-", " ").split())
    ]
    return Reply("", f"For {desk.code}: {said(facts[:2])}", cited(facts[:2])) if facts else None


def _rules_behind(denials: list[str]) -> list[str]:
    """Rules whose predicted denial has one of the codes."""
    from cleanclaim.rules.registry import all_rules  # noqa: PLC0415 - only denials need them

    wanted = set(denials)
    return [
        f"{rule.code} {rule.name}"
        for rule in (loaded.rule for loaded in all_rules())
        if rule.adjustment is not None and ({rule.adjustment.carc} | set(rule.adjustment.rarc)) & wanted
    ]
