"""What became of many claims, in the order of the input: what claims have in common is kept once.

Most claims of an input end alike: the same verdict, the same edits that could not be checked. A :class:`Results` keeps
each such result once, as a template, and apart from it the dollars at stake, which differ more; of a claim it keeps its
number, its file, which template, and which stakes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, TypeVar, runtime_checkable

from cleanclaim.types import ClaimResult, Money, NotChecked, Reported, StaleUse

if TYPE_CHECKING:  # a small check does not load arrays
    import numpy as np

CLAIMS_OF_A_BLOCK: Final = 8_192
"""So many results of a report in memory are gone through at a time."""
_Entry = TypeVar("_Entry")
_Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int32]]"
_STAKES: Final = attrgetter("amount_at_risk", "allowed_at_risk", "unpriced_lines")
_GAP: Final = attrgetter("line", "what", "why")
_USE: Final = attrgetter("source", "release", "covers_to")

Said = tuple[Any, ...]
"""What a result says of its claim but for dollars, in plain values but for the verdict: equal ones are one template."""
Stakes = tuple[Money, Money | None, int]
"""What a claim has at stake: dollars billed and allowed, and lines without a price, as a ClaimResult says them."""
PlainStakes = tuple[str, str | None, int]
"""The same with texts of the dollars, which are written and read in less time."""
Once = tuple[list[_Entry], bytes]
"""Entries, each once, and which of them each record has, in 32 bits."""
Plain = tuple[bytes, tuple[bytes, bytes], Once[str], Once[bytes], Once[PlainStakes]]
"""Results without a class of ours: places; the numbers of the claims one after the other, and how long each is; files;
templates, packed; stakes."""
NO_PLAIN_FORM: Final = (ArithmeticError, IndexError, TypeError, ValueError)
"""What is raised where something else was read than a plain form."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts kept one after the other, as they are written and as a column of a table has them."""

    content: bytes
    """In UTF-8, in which a surrogate is written as any other character."""
    lengths: _Numbers
    """How many bytes each has."""
    order: np.ndarray[Any, np.dtype[np.int64]]
    """Which of them is the first, the second, and so on."""

    def in_order(self) -> list[str]:
        """The texts."""
        ends = self.lengths.cumsum(dtype=self.order.dtype)
        places = zip((ends - self.lengths)[self.order].tolist(), ends[self.order].tolist(), strict=True)
        if self.content.isascii():
            text = self.content.decode()
            return [text[begin:end] for begin, end in places]
        return [self.content[begin:end].decode(errors="surrogatepass") for begin, end in places]


@dataclass(slots=True)
class Results:
    """Results of claims; :meth:`of_plain`, :meth:`in_stretches` and :func:`blocks_of` give them in input order."""

    places: array[int] = field(default_factory=lambda: array("q"))
    """Where in the input each claim stands."""
    files: list[str] = field(default_factory=list)
    """The input files that have any of the claims."""
    of_file: array[int] = field(default_factory=lambda: array("i"))
    """For each claim, which of ``files``."""
    templates: list[ClaimResult] = field(default_factory=list)
    """The results that there are, without claim, file, and what is at stake."""
    of_template: array[int] = field(default_factory=lambda: array("i"))
    """For each claim, which of ``templates``."""
    stakes: list[Stakes] = field(default_factory=list)
    """What there is at stake."""
    of_stakes: array[int] = field(default_factory=lambda: array("i"))
    """For each claim, which of ``stakes``."""
    texts: Texts | None = field(default=None, compare=False)
    """The numbers of the claims as they were written, where they are from a plain form."""
    _claims: list[str] = field(default_factory=list)
    _templates_told: dict[Said, int] = field(default_factory=dict, repr=False, compare=False)
    _stakes_told: dict[Stakes, int] = field(default_factory=dict, repr=False, compare=False)
    _files_told: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, results: Iterable[tuple[int, ClaimResult]]) -> Results:
        """Results with their places, in the order given."""
        made = cls()
        for place, result in results:
            made.add(place, result.claim, result.file, made.template(result))
        return made

    @property
    def claims(self) -> list[str]:
        """The number of each claim."""
        if self.texts is not None and not self._claims:
            self._claims = self.texts.in_order()
        return self._claims

    def template(self, result: ClaimResult) -> tuple[int, int]:
        """The numbers of the template and the stakes that say what ``result`` says of its claim."""
        said, stakes = said_by(result), _STAKES(result)
        number = self._templates_told.get(said)
        if number is None:
            number = self._templates_told[said] = len(self.templates)
            self.templates.append(template_of(said))
        of_stakes = self._stakes_told.get(stakes)
        if of_stakes is None:
            of_stakes = self._stakes_told[stakes] = len(self.stakes)
            self.stakes.append(stakes)
        return number, of_stakes

    def add(self, place: int, claim: str, file: str, template: tuple[int, int]) -> None:
        """Add a claim by the numbers of its template and stakes, which :meth:`template` told."""
        of_file = self._files_told.get(file)
        if of_file is None:
            of_file = self._files_told[file] = len(self.files)
            self.files.append(file)
        self.places.append(place)
        self.claims.append(claim)
        self.of_file.append(of_file)
        of_template, of_stakes = template
        self.of_template.append(of_template)
        self.of_stakes.append(of_stakes)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[ClaimResult]:
        return map(self.result, range(len(self)))

    def result(self, at: int) -> ClaimResult:
        """The result of the claim ``at`` so many, counted from 0."""
        claim, file = self.claims[at], self.files[self.of_file[at]]
        return self.says(self.of_template[at], self.of_stakes[at], claim, file)

    def says(self, template: int, stakes: int, claim: str = "", file: str = "") -> ClaimResult:
        """The result of a claim that has this template and these stakes, by their numbers."""
        says = self.templates[template]
        billed, allowed, unpriced = self.stakes[stakes]
        return ClaimResult(
            claim, file, says.verdict, says.not_checked, says.stale, billed, says.payer, allowed, unpriced
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
            stakes, of_stakes = np.unique(np.asarray(self.of_stakes)[chosen], return_inverse=True)
            claims = [self.claims[at].encode(errors="surrogatepass") for at in chosen.tolist()]
            lengths = np.fromiter(map(len, claims), np.int32, len(claims))
            yield (
                stretch,
                (
                    places[chosen].tobytes(),
                    (b"".join(claims), lengths.tobytes()),
                    ([self.files[number] for number in files.tolist()], of_file.astype(np.int32).tobytes()),
                    (list(map(templates, of_claims.tolist())), of_template.astype(np.int32).tobytes()),
                    (
                        [_plain_stakes(*self.stakes[number]) for number in stakes.tolist()],
                        of_stakes.astype(np.int32).tobytes(),
                    ),
                ),
            )

    @classmethod
    def of_plain(cls, stretches: Iterable[Plain], unpacked: Callable[[bytes], ClaimResult]) -> Results:
        """The results of several plain forms together, in the order of the input.

        ``unpacked`` tells the template of which the bytes were made. Raises one of :data:`NO_PLAIN_FORM` when what it
        is given is none.
        """
        import numpy as np  # noqa: PLC0415 - as above

        told, contents, sizes = list[bytes](), list[bytes](), list[bytes]()
        files: dict[str, int] = {}
        templates: dict[bytes, int] = {}
        stakes: dict[PlainStakes, int] = {}
        of_file, of_template, of_stakes = list[_Numbers](), list[_Numbers](), list[_Numbers]()
        for places_here, (claims_here, sizes_here), files_here, templates_here, stakes_here in stretches:
            told.append(places_here)
            contents.append(claims_here)
            sizes.append(sizes_here)
            of_file.append(numbered(files_here, files))
            of_template.append(numbered(templates_here, templates))
            of_stakes.append(numbered(stakes_here, stakes))
        places = np.frombuffer(b"".join(told), np.int64)
        content, lengths = b"".join(contents), np.frombuffer(b"".join(sizes), np.int32)
        if {len(lengths), *(sum(map(len, each)) for each in (of_file, of_template, of_stakes))} != {len(places)}:
            raise ValueError("not so many of each")
        if len(content) != lengths.sum(dtype=np.int64) or lengths.min(initial=0) < 0:
            raise ValueError("not so long")
        order = in_order(places)
        made = cls(
            array("q", places[order].tobytes()),
            list(files),
            array("i", np.concatenate(of_file)[order].tobytes()),
            list(map(unpacked, templates)),
            array("i", np.concatenate(of_template)[order].tobytes()),
            [_stakes(*plain) for plain in stakes],
            array("i", np.concatenate(of_stakes)[order].tobytes()),
            Texts(content, lengths, order),
        )
        if not content.isascii():
            made.claims  # noqa: B018 - what is no UTF-8 is told here
        return made


def numbered(once: Once[_Entry], among: dict[_Entry, int]) -> _Numbers:
    """For each record the number of its entry ``among`` all, to which new ones are added."""
    import numpy as np  # noqa: PLC0415 - as above

    entries, of_records = once
    numbers = np.array([among.setdefault(entry, len(among)) for entry in entries], np.int32)
    return numbers[np.frombuffer(of_records, np.int32)]


def in_order(places: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which of the places comes first, which next, and so on; of the same ones, the one that stands first."""
    import numpy as np  # noqa: PLC0415 - as above

    near = places - places.min(initial=places[0])
    return np.argsort(
        near.astype(np.min_scalar_type(near.max())), kind="stable"
    )  # numbers of 16 bits need no comparing


def _plain_stakes(billed: Money, allowed: Money | None, unpriced: int) -> PlainStakes:
    return str(billed), amount_text(allowed), unpriced


def _stakes(billed: str, allowed: str | None, unpriced: int) -> Stakes:
    return Decimal(billed), amount_of(allowed), unpriced


def amount_text(amount: Money | None) -> str | None:
    """Dollars as a text; :func:`amount_of` reads it back."""
    return None if amount is None else str(amount)


def amount_of(text: str | None) -> Money | None:
    """The dollars of a text. Raises ArithmeticError where it is none of dollars."""
    return None if text is None else Decimal(text)


def said_by(result: ClaimResult) -> Said:
    """What a result says of its claim but for dollars; :func:`template_of` makes a template of it."""
    return result.verdict, tuple(map(_GAP, result.not_checked)), tuple(map(_USE, result.stale)), result.payer


def template_of(said: Said) -> ClaimResult:
    """The template that says so. Raises ValueError or TypeError where these are no values of one."""
    verdict, gaps, uses, payer = said
    not_checked = tuple([NotChecked(*gap) for gap in gaps])
    return ClaimResult("", "", verdict, not_checked, tuple([StaleUse(*use) for use in uses]), payer=payer)


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
