"""Which two releases are held against each other, and which others go along with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cleanclaim.book.provenance import Release
from cleanclaim.errors import InputError, UnknownName

_BUNDLES: Final = (
    ("mpfs-rvu", "mpfs-gpci", "mpfs-anesthesia"),
    ("icd10cm", "icd10cm-notes"),
    ("dmepos", "dmepos-pen"),
)
"""Sources whose files a publisher puts out together: the relative value files come with indices and anesthesia."""
_OF_COVERAGE: Final = "mcd-"
"""The tables of one export of the Medicare Coverage Database."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Two releases of one source, and those of the same bundle that go along, each pair of one source.

    ``notes`` say what goes along, and what is not loaded for both.
    """

    old: Release
    new: Release
    along: tuple[tuple[Release, Release], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The source that both are of."""
        return self.old.source

    @property
    def old_side(self) -> tuple[Release, ...]:
        """Everything the claims are first held against."""
        return self.old, *(old for old, _ in self.along)

    @property
    def new_side(self) -> tuple[Release, ...]:
        """Everything they are held against after that."""
        return self.new, *(new for _, new in self.along)


def choose(
    releases: Sequence[Release], old: str, new: str, *, source: str = "", only_this_source: bool = False
) -> Chosen:
    """The two releases that are named, and, unless ``only_this_source``, those of their bundle.

    Raises UnknownName for a source or a release that is not loaded, and InputError where the names are of several
    sources, of no one source, or of one release.
    """
    best = _best(releases)
    if source and all(of != source for of, _ in best):
        raise UnknownName(f"--source {source}: nothing of it is loaded. Loaded are {_some({of for of, _ in best})}.")
    if old == new:
        raise InputError(f"--old and --new are both {old}: nothing can change.")
    of_old = {of for of, name in best if name == old and source in {"", of}}
    of_new = {of for of, name in best if name == new and source in {"", of}}
    for option, name, found in (("--old", old, of_old), ("--new", new, of_new)):
        if not found:
            raise UnknownName(_unknown(option, name, best, (of_old | of_new) or ({source} if source else set())))
    both = sorted(of_old & of_new)
    if not both:
        raise InputError(
            f"--old {old} is of {_some(of_old)} and --new {new} of {_some(of_new)}: name two releases of one source."
        )
    if len(both) > 1:
        raise InputError(f"{old} and {new} are releases of {_some(both)}: say which with --source.")
    first, second = best[both[0], old], best[both[0], new]
    notes = _parts((first, second))
    along: list[tuple[Release, Release]] = []
    for other in () if only_this_source else _others(both[0], {of for of, _ in best}):
        beside = [_in_time_of(side, other, best.values()) for side in (first, second)]
        if beside[0] is not None and beside[1] is not None:
            along.append((beside[0], beside[1]))
        else:
            missing = _some(side.release for side, found in zip((first, second), beside, strict=True) if found is None)
            notes.append(
                f"No release of {other} is loaded for the time of {missing}: it stays as on each claim's own day."
            )
    return Chosen(first, second, tuple(along), tuple(notes))


def _best(releases: Iterable[Release]) -> dict[tuple[str, str], Release]:
    """By source and name: the whole release where there are several of one name, the user's own before the starter."""
    best: dict[tuple[str, str], Release] = {}
    for release in sorted(releases, key=lambda release: (not release.whole, release.starter)):
        best.setdefault((release.source, release.release), release)
    return best


def _others(source: str, loaded: set[str]) -> list[str]:
    """The other sources of the bundle of which something is loaded."""
    if source.startswith(_OF_COVERAGE):
        return sorted(of for of in loaded if of.startswith(_OF_COVERAGE) and of != source)
    return [of for bundle in _BUNDLES if source in bundle for of in bundle if of != source and of in loaded]


def _in_time_of(side: Release, source: str, releases: Iterable[Release]) -> Release | None:
    """The release of a source that the publisher issued for the first day of ``side``, the latest of several."""
    if side.covers_from is None:
        return None
    found = [release for release in releases if release.source == source and release.covers(side.covers_from)]
    return max(found, key=lambda release: (release.whole, release.covers_from or side.covers_from), default=None)


def _parts(sides: Sequence[Release]) -> list[str]:
    """The note on releases that are not whole."""
    parts = [side for side in sides if not side.whole]
    if not parts:
        return []
    named = " and ".join(side.release for side in parts)
    of_starter = " (the starter's)" if all(side.starter for side in parts) else ""
    speaks = "speaks" if len(parts) == 1 else "speak"
    told = "what cannot be told is counted apart and is never a change"
    return [f"{named}{of_starter} {speaks} only for a part of the codes: {told}."]


def _unknown(option: str, name: str, best: Iterable[tuple[str, str]], sources: Iterable[str]) -> str:
    wanted = set(sources)
    there = sorted({release for of, release in best if not wanted or of in wanted})
    of = f" of {_some(wanted)}" if wanted else ""
    return f"{option} {name}: no such release{of} is loaded. Loaded are {_some(there)}; see 'cleanclaim data status'."


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:12]) + (f" and {len(ordered) - 12} more" if len(ordered) > 12 else "")  # noqa: PLR2004
