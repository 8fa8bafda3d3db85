"""The input files with changes made in them, held in memory until they are known to read as intended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cleanclaim.claims.changes import changed
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import Format, InputFile, detect
from cleanclaim.engine.fix.plan import ClaimPlan, FixPlan, Left, alters_amounts, plan_fixes
from cleanclaim.errors import InputError, InternalError, UnreadableFile
from cleanclaim.types import Finding

_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class FixedFile:
    """An input file with its changes made. ``source`` is the input's name."""

    source: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FixedFiles:
    """What is to be written. ``others`` are the inputs that are no X12 837, by name, and so are left as they are."""

    files: tuple[FixedFile, ...]
    plan: FixPlan
    others: tuple[str, ...] = ()


def fix_files(
    sources: Iterable[InputFile],
    claims: Sequence[Claim],
    findings: Iterable[Finding],
    *,
    unsafe: bool,
    forced: str | None = None,
) -> FixedFiles:
    """Each X12 837 among the inputs with the changes its findings offer, and what was changed and left.

    A file in which nothing changes comes out as it went in. Without ``unsafe`` only safe changes are made.
    Other formats are not written. Raises InputError when the inputs are of other formats only.
    """
    plan = plan_fixes(findings, claims, unsafe=unsafe)
    by_file: dict[str, list[ClaimPlan]] = {}
    for entry in plan.claims:
        by_file.setdefault(entry.claim.file, []).append(entry)
    fixed: list[FixedFile] = []
    others: dict[str, Format] = {}
    made: list[ClaimPlan] = []
    left = list(plan.left)
    for source in sources:
        try:
            content = source.load()
            form = Format(forced) if forced is not None else detect(content, source.name)
        except UnreadableFile:
            continue  # told by the check already
        if form is not Format.X12_837:
            others[source.name] = form
            of_other = (made.finding for entry in by_file.get(source.name, []) for made in entry.made)
            left += [Left(finding, f"fixes are not written into {form}") for finding in of_other]
            continue
        own = [claim for claim in claims if claim.file == source.name] if source.name in by_file else []
        new, done, refused = _fixed(source.name, content, own, by_file.get(source.name, []))
        fixed.append(FixedFile(source.name, new))
        made += done
        left += refused
    if others and not fixed:
        name, form = next(iter(others.items()))
        more = f" ({len(others) - 1:,} other inputs are no 837 either)" if len(others) > 1 else ""
        raise InputError(
            f"{name}: fixes can be written into X12 837 files only, and this is {form}{more}. Leave out --fix: "
            "the json report lists the changes each finding offers."
        )
    return FixedFiles(tuple(fixed), replace(plan, claims=tuple(made), left=tuple(left)), tuple(others))


def _fixed(
    name: str, content: bytes, claims: Sequence[Claim], plans: Sequence[ClaimPlan]
) -> tuple[bytes, list[ClaimPlan], list[Left]]:
    """The new content, the plans carried out, and the findings of those that could not be."""
    if not plans:
        return content, [], []
    # Only a run that fixes pays for the writer and the second reading.
    from cleanclaim.claims.readers import x12_837 as reader  # noqa: PLC0415
    from cleanclaim.claims.writers import x12_837 as writer  # noqa: PLC0415

    by_byte = {plan.claim.byte: plan for plan in plans if plan.claim.byte is not None}
    why = writer.write(content, [writer.ClaimEdit(byte, plan.changes) for byte, plan in by_byte.items()]).refused
    done: dict[int | None, ClaimPlan] = {}
    left = []
    for byte, plan in by_byte.items():
        # What alters no amount can be done where the amounts must stay.
        made = tuple(entry for entry in plan.made if byte not in why or not alters_amounts(entry.finding.fix.changes))
        left += [Left(entry.finding, why[byte]) for entry in plan.made if entry not in made]
        if made:
            done[byte] = replace(plan, made=made, total=None if byte in why else plan.total)
    edits = [writer.ClaimEdit(byte, done[byte].changes) for byte in by_byte if byte in done]
    written = writer.write(content, edits)
    for byte, reason in written.refused.items():
        left += [Left(entry.finding, reason) for entry in done.pop(byte).made]
    read = [entry for entry in reader.read(written.content, name) if isinstance(entry, Claim)]
    _hold(claims, read, done, name)
    return written.content, list(done.values()), left


def _hold(before: Sequence[Claim], after: Sequence[Claim], done: Mapping[int | None, ClaimPlan], name: str) -> None:
    """Raises InternalError unless the new file reads as the old one with exactly the changes made."""
    wanted = [
        _without_places(changed(claim, done[claim.byte].changes) if claim.byte in done else claim) for claim in before
    ]
    if wanted != [_without_places(claim) for claim in after]:
        raise InternalError(f"{name}: the fixed file would not read as intended; nothing was written")


def _without_places(claim: Claim) -> Claim:
    """A claim without where it stood, and what was counted around it."""
    return replace(
        claim,
        byte=None,
        envelope_faults=tuple(_DIGITS.sub("", fault) for fault in claim.envelope_faults),
        lines=tuple(replace(line, byte=None) for line in claim.lines),
        diagnoses=tuple(replace(diagnosis, byte=None) for diagnosis in claim.diagnoses),
    )
