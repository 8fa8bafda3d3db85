"""What became of many claims, in the order of the input: what claims have in common is kept once.

Most claims of an input end alike: the same verdict, nothing at risk, the same edits that could not be checked. A
:class:`Results` keeps each such result once, as a template, and of a claim its number, its file and which template.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, TypeVar, runtime_checkable

from cleanclaim.types import ClaimResult, NotChecked, Reported, StaleUse

if TYPE_CHECKING:  # a small check does not load arrays
    import numpy as np

CLAIMS_OF_A_BLOCK: Final = 8_192
"""So many results of a report in memory are gone through at a time."""
_Entry = TypeVar("_Entry")
_Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int32]]"
_SAID: Final = attrgetter("amount_at_risk", "payer", "allowed_at_risk", "unpriced_lines")
_GAP: Final = attrgetter("line", "what", "why")
_USE: Final = attrgetter("source", "release", "covers_to")

Said = tuple[Any, ...]
"""What a result says of its claim, in plain values but for the verdict: equal ones are one template."""
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
    _templates_told: dict[Said, int] = field(default_factory=dict, repr=False, compare=False)
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
        says = said_by(result)
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

    def in_stretches(self, size: int, packed: Callable[[Said], bytes]) -> Iterator[tuple[int, Plain]]:
        """For each stretch of ``size`` places that has claims, in order: its number, and its results made plain.

        ``packed`` makes bytes of what a template says.
        """
        import numpy as np  # noqa: PLC0415 - a small check does not load it

        templates = cache(lambda number: packed(said_by(self.templates[number])))
        places = np.asarray(self.places)
        in_order = np.argsort(places, kind="stable")
        stretches, begins = np.unique(places[in_order] // size, return_index=True)
        for stretch, chosen in zip(stretches.tolist(), np.split(in_order, begins[1:]), strict=False):
            files, of_file = np.unique(np.asarray(self.of_file)[chosen], return_inverse=True)
            of_claims, of_template = np.unique(np.asarray(self.of_template)[chosen], return_inverse=True)
            yield (
                stretch,
                (
                    places[chosen].tobytes(),
                    list(map(self.claims.__getitem__, chosen.tolist())),
                    list(map(self.files.__getitem__, files.tolist())),
                    of_file.astype(np.int32).tobytes(),
                    list(map(templates, of_claims.tolist())),
                    of_template.astype(np.int32).tobytes(),
                ),
            )

    @classmethod
    def of_plain(cls, stretches: Iterable[Plain], unpacked: Callable[[bytes], ClaimResult]) -> Results:
        """The results of several plain forms together, in the order of the input.

        ``unpacked`` tells the template of which the bytes were made. Raises ValueError, TypeError or IndexError when
        what it is given is no plain form.
        """
        import numpy as np  # noqa: PLC0415 - as above

        told, claims = list[bytes](), list[str]()
        files: dict[str, int] = {}
        templates: dict[bytes, int] = {}
        of_file, of_template = list[_Numbers](), list[_Numbers]()
        for places_here, claims_here, files_here, of_file_here, templates_here, of_template_here in stretches:
            told.append(places_here)
            claims += claims_here
            of_file.append(_numbered(files_here, files)[np.frombuffer(of_file_here, np.int32)])
            of_template.append(_numbered(templates_here, templates)[np.frombuffer(of_template_here, np.int32)])
        places = np.frombuffer(b"".join(told), np.int64)
        if not len(places) == len(claims) == sum(map(len, of_file)) == sum(map(len, of_template)):
            raise ValueError("not so many of each")
        in_order = np.argsort(places, kind="stable")
        return cls(
            array("q", places[in_order].tobytes()),
            list(map(claims.__getitem__, in_order.tolist())),
            list(files),
            array("i", np.concatenate(of_file)[in_order].tobytes()),
            list(map(unpacked, templates)),
            array("i", np.concatenate(of_template)[in_order].tobytes()),
        )


def _numbered(entries: list[_Entry], among: dict[_Entry, int]) -> _Numbers:
    """The number of each entry ``among`` all, to which new ones are added."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.array([among.setdefault(entry, len(among)) for entry in entries], np.int32)


def said_by(result: ClaimResult) -> Said:
    """What a result says of its claim; :func:`template_of` makes a template of it."""
    return (result.verdict, tuple(map(_GAP, result.not_checked)), tuple(map(_USE, result.stale)), *_SAID(result))


def template_of(said: Said) -> ClaimResult:
    """The template that says so. Raises ValueError or TypeError where these are no values of one."""
    verdict, gaps, uses, *rest = said
    not_checked = tuple([NotChecked(*gap) for gap in gaps])
    return ClaimResult("", "", verdict, not_checked, tuple([StaleUse(*use) for use in uses]), *rest)


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
