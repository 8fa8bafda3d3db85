"""Checking files: every claim of every input is reported or rejected, and the counts must add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cleanclaim.book.starter import listed_codes
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import InputFile, read
from cleanclaim.engine.history_files import read_history
from cleanclaim.engine.input_files import WHOLE_FILE, inputs_of, nothing_read, whole_file
from cleanclaim.engine.run import check_claims
from cleanclaim.errors import InternalError, UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import Date, FileCount, Reject, Report

if TYPE_CHECKING:  # a run without them does not load them
    from cleanclaim.engine.baseline import Baseline
    from cleanclaim.engine.suppress import Suppressions


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The report on some files, and what to say of files the user named that cannot be read at all."""

    report: Report
    unusable: tuple[str, ...] = ()
    sources: tuple[InputFile, ...] = ()
    claims: tuple[Claim, ...] = ()
    """The files and the claims that were checked, for who writes them again."""


def check_paths(
    paths: Iterable[str | Path],
    book: OpenBook,
    *,
    rules: Sequence[LoadedRule] | None = None,
    known_on: Date | None = None,
    forced: str | None = None,
    suppressions: Suppressions | None = None,
    baseline: Baseline | None = None,
    history: Iterable[str | Path] = (),
) -> FileCheck:
    """Read and check claims files, archives, folders, or ``-`` for standard input.

    ``forced`` names the format to read them as. ``history`` are files of claims sent before, which take part wherever
    edits look across claims and are not reported. A file that cannot be read becomes a reject and the rest goes
    on. Raises UnreadableFile when nothing at all could be read.
    """
    claims: list[Claim] = []
    rejects: list[Reject] = []
    counts: list[FileCount] = []
    unusable: list[str] = []
    sources: list[InputFile] = []
    for source in inputs_of(paths, unusable, rejects.append):
        sources.append(source)
        own: list[Claim] = []
        lost: list[Reject] = []
        try:
            for entry in read(source, forced):
                if isinstance(entry, Claim):
                    own.append(entry)
                else:
                    lost.append(entry)
        except UnreadableFile as error:
            unusable.append(str(error))
            lost.append(whole_file(source.name, str(error)))
        claims += own
        rejects += lost
        gone = sum(reject.claims for reject in lost)
        counts.append(FileCount(source.name, len(own) + gone, len(own), gone))
    if rejects and not claims and all(reject.segment == WHOLE_FILE for reject in rejects):
        raise nothing_read(rejects)
    named = list(history)
    before = read_history(named, claims)
    rejects += before.rejects
    unusable += before.unusable
    report = check_claims(
        claims,
        book,
        rules=rules,
        known_on=known_on,
        rejects=rejects,
        files=counts,
        suppressions=suppressions,
        baseline=baseline,
        history=before.claims if named else None,
    )
    if len(report.claims) != sum(count.reported for count in counts):
        raise InternalError(f"{len(claims)} claims were read and {len(report.claims)} reported")
    notes = (*book_notes(book), *choice_notes(rules), *(before.notes() if named else ()), *report.notes)
    return FileCheck(replace(report, notes=notes), tuple(unusable), tuple(sources), tuple(claims))


def choice_notes(rules: Sequence[LoadedRule] | None) -> tuple[str, ...]:
    """What a report must say of the rules it was made with: that they were not all that there are. None are all."""
    every = len(all_rules())
    if rules is None or len(rules) == every:
        return ()
    return (f"{len(rules):,} of {every:,} rules were asked, as chosen: what is called clean is clean by these only.",)


def book_notes(book: OpenBook) -> tuple[str, ...]:
    """What a report must say of the book it was made with: that it is empty, or where only the starter answers."""
    starter = [release for release in book.releases if release.starter and not release.whole]
    if not starter:
        return () if book.releases else ("The book is empty and the starter is left out: nothing could be checked.",)
    own = {release.source for release in book.releases if not release.starter}
    only = sorted({release.source for release in starter} - own)
    if not only:
        return ()
    said = (
        f"Starter book in use for {', '.join(only)}: embedded facts on {len(listed_codes()):,} codes and modifiers "
        "only; it says nothing of any other. `cleanclaim data update` or `cleanclaim data load FILE` brings the "
        "whole tables."
    )
    return (said,)
