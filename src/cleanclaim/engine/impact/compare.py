"""The findings of one claim under two releases, and what becomes of each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from cleanclaim.engine.impact.model import FindingChange, Kind
from cleanclaim.types import ClaimResult, Finding


@dataclass(frozen=True, slots=True)
class Said:
    """What one release says of a claim."""

    result: ClaimResult
    findings: Sequence[Finding]

    @property
    def gaps(self) -> set[tuple[int | None, str]]:
        """The line (None: the claim) and the family of edits that could not be checked."""
        return {(gap.line, gap.what) for gap in self.result.not_checked}


def compared(old: Said, new: Said, *, whole: bool) -> tuple[FindingChange, ...]:
    """The findings that are not the same under both releases: those of the new one in its order, then what vanishes.

    A finding stands on a rule, a line, the other lines and claims, and codes. Where both releases have it, it changes
    when its severity, its words, its fix or its denial do; the citations always name their own release.

    One that a release has not, and could not have since only under that release the line is not checked for such, is
    no change. A release that is a part of what was published (not ``whole``) leaves more open: every finding on a claim
    of which the two do not tell equally much, since rules look at what others found, and findings of a family that it
    could not check on the claim.
    """
    if not old.findings and not new.findings:
        return ()
    left = list(old.findings)
    others = []
    for finding in new.findings:
        same = next(
            (other for other in left if _place(other) == _place(finding) and _told(other) == _told(finding)), None
        )
        if same is None:
            others.append(finding)
        else:
            left.remove(same)
    if not others and not left:
        return ()
    doubtful = not whole and old.gaps != new.gaps
    changes = []
    for finding in others:
        before = next((other for other in left if _place(other) == _place(finding)), None)
        kind = Kind.APPEARS if before is None else Kind.CHANGES
        if before is not None:
            left.remove(before)
        if doubtful or (before is None and not _could_tell(finding, old, new, whole=whole)):
            kind = Kind.CANNOT_TELL
        changes.append(FindingChange(kind, before, finding))
    for finding in left:
        told = not doubtful and _could_tell(finding, new, old, whole=whole)
        changes.append(FindingChange(Kind.VANISHES if told else Kind.CANNOT_TELL, finding, None))
    return tuple(changes)


def _place(finding: Finding) -> Hashable:
    return finding.rule, finding.line, finding.codes, finding.related_lines, finding.related_claims


def _told(finding: Finding) -> Hashable:
    return finding.severity, finding.message, finding.fix, finding.adjustment, finding.amount_at_risk


def _could_tell(finding: Finding, lacks: Said, has: Said, *, whole: bool) -> bool:
    """The release that lacks a finding says by that that there is none."""
    family = finding.rule[:3]
    if not whole:
        return all(what != family for _, what in lacks.gaps)
    return not {(None, family), (finding.line, family)} & (lacks.gaps - has.gaps)
