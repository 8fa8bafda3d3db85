"""What became of many claims, in the order of the input: what claims have in common is kept once.

Most claims of an input end alike: the same verdict, nothing at risk, the same edits that could not be checked. A
:class:`Results` keeps each such result once, as a template, and of a claim its number, its file and which template.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, Protocol, TypeVar, runtime_checkable

from cleanclaim.types import ClaimResult, Reported

CLAIMS_OF_A_BLOCK: Final = 8_192
"""So many results of a report in memory are gone through at a time."""
_Entry = TypeVar("_Entry")
_GAP: Final = attrgetter("line", "what", "why")
_USE: Final = attrgetter("source", "release", "covers_to")

Plain = tuple[bytes, list[str], list[str], bytes, list[bytes], bytes]
"""Results without a class of ours: places, claims, files, file of each claim, templates packed, template of each."""


@dataclass(slots=True)
class Results:
    """Results of claims; :meth:`of_plain`, :meth:`in_stretches` and :func:`blocks_of` give them in input order."""

    places: array[int] = field(default_factory=lambda: array("q"))
    """Where in the input each claim stands."""
    claims: list[str] = field(default_factory=list)
    """The number of each claim."""
    files: list[str] = field(default_factory=list)
    """The input files that have any of the claims."""
    of_file: array[int] = field(default_factory=lambda: array("i"))
    """For each claim, which of ``files``."""
    templates: list[ClaimResult] = field(default_factory=list)
    """The results that there are, without claim and file."""
    of_template: array[int] = field(default_factory=lambda: array("i"))
    """For each claim, which of ``templates``."""
    _templates_told: dict[tuple[object, ...], int] = field(default_factory=dict, repr=False, compare=False)
    _files_told: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, results: Iterable[tuple[int, ClaimResult]]) -> Results:
        """Results with their places, in the order given."""
        made = cls()
        for place, result in results:
            made.add(place, result.claim, result.file, made.template(result))
        return made

    def template(self, result: ClaimResult) -> int:
        """The number of the template that says what ``result`` says of its claim."""
        says = (
            result.verdict,
            tuple(map(_GAP, result.not_checked)),
            tuple(map(_USE, result.stale)),
            result.amount_at_risk,
            result.payer,
            result.allowed_at_risk,
            result.unpriced_lines,
        )
        number = self._templates_told.get(says)
        if number is None:
            number = self._templates_told[says] = len(self.templates)
            self.templates.append(replace(result, claim="", file=""))
        return number

    def add(self, place: int, claim: str, file: str, template: int) -> None:
        """Add a claim by the number of its template, which :meth:`template` told."""
        of_file = self._files_told.get(file)
        if of_file is None:
            of_file = self._files_told[file] = len(self.files)
            self.files.append(file)
        self.places.append(place)
        self.claims.append(claim)
        self.of_file.append(of_file)
        self.of_template.append(template)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[ClaimResult]:
        return map(self.result, range(len(self)))

    def result(self, at: int) -> ClaimResult:
        """The result of the claim ``at`` so many, counted from 0."""
        says = self.templates[self.of_template[at]]
        return ClaimResult(
            self.claims[at],
            self.files[self.of_file[at]],
            says.verdict,
            says.not_checked,
            says.stale,
            says.amount_at_risk,
            says.payer,
            says.allowed_at_risk,
            says.unpriced_lines,
        )

    def in_stretches(self, size: int, packed: Callable[[ClaimResult], bytes]) -> Iterator[tuple[int, Plain]]:
        """For each stretch of ``size`` places that has claims, in order: its number, and its results made plain.

        ``packed`` makes bytes of a template.
        """
        templates = cache(lambda number: packed(self.templates[number]))
        in_order = sorted(range(len(self)), key=self.places.__getitem__)
        for stretch, of_stretch in groupby(in_order, key=lambda at: self.places[at] // size):
            yield stretch, self._plain(list(of_stretch), templates)

    def _plain(self, chosen: Sequence[int], packed: Callable[[int], bytes]) -> Plain:
        files, of_file = _renumbered(map(self.of_file.__getitem__, chosen))
        templates, of_template = _renumbered(map(self.of_template.__getitem__, chosen))
        return (
            array("q", map(self.places.__getitem__, chosen)).tobytes(),
            list(map(self.claims.__getitem__, chosen)),
            [self.files[number] for number in files],
            of_file.tobytes(),
            list(map(packed, templates)),
            of_template.tobytes(),
        )

    @classmethod
    def of_plain(cls, stretches: Iterable[Plain], unpacked: Callable[[bytes], ClaimResult]) -> Results:
        """The results of several plain forms together, in the order of the input.

        ``unpacked`` tells the template that was packed. Raises ValueError or IndexError when what it is given is no
        plain form.
        """
        places, claims = array("q"), list[str]()
        files: dict[str, int] = {}
        templates: dict[bytes, int] = {}
        of_file, of_template = list[int](), list[int]()
        for places_here, claims_here, files_here, of_file_here, templates_here, of_template_here in stretches:
            places.frombytes(places_here)
            claims += claims_here
            of_file += _numbered(files_here, files, of_file_here)
            of_template += _numbered(templates_here, templates, of_template_here)
        if not len(places) == len(claims) == len(of_file) == len(of_template):
            raise ValueError("not so many of each")
        in_order = sorted(range(len(places)), key=places.tolist().__getitem__)
        return cls(
            array("q", map(places.__getitem__, in_order)),
            list(map(claims.__getitem__, in_order)),
            list(files),
            array("i", map(of_file.__getitem__, in_order)),
            list(map(unpacked, templates)),
            array("i", map(of_template.__getitem__, in_order)),
        )


def _renumbered(numbers: Iterable[int]) -> tuple[list[int], array[int]]:
    """The distinct numbers, and for each number which of them it is."""
    distinct: dict[int, int] = {}
    of_each = array("i", [distinct.setdefault(number, len(distinct)) for number in numbers])
    return list(distinct), of_each


def _numbered(entries: list[_Entry], among: dict[_Entry, int], chosen: bytes) -> Iterator[int]:
    """For each chosen entry its number ``among`` all, to which new ones are added."""
    numbers = [among.setdefault(entry, len(among)) for entry in entries]
    which = array("i")
    which.frombytes(chosen)
    return map(numbers.__getitem__, which)


@runtime_checkable
class InBlocks(Protocol):
    """A report whose results are kept as blocks."""

    def blocks(self) -> Iterator[Results]:
        """What became of the claims, in input order, of as many at a time as are held together."""


def blocks_of(report: Reported) -> Iterator[Results]:
    """What became of the claims of a report, in input order, block by block."""
    if isinstance(report, InBlocks):
        yield from report.blocks()
    else:
        left = enumerate(report.claims)
        while len(results := Results.of(islice(left, CLAIMS_OF_A_BLOCK))):
            yield results
