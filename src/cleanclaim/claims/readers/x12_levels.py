"""The header and the levels of an 837 transaction: billing provider (HL 20), subscriber (22), dependent (23).

What a level says holds for every claim below it, and so does what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from cleanclaim.claims.readers.values import parse_sex, patient_key, state_of, zip_of
from cleanclaim.claims.readers.x12_loops import Area, key
from cleanclaim.claims.readers.x12_segment import Fault, Segment, day, free_text
from cleanclaim.types import Date

_ONCE: Final = frozenset({"NM1*85", "SBR", "NM1*IL", "NM1*PR", "NM1*QC"})
_REQUIRED_LOOPS: Final = {
    Area.HEADER: (),
    Area.BILLING: (("NM1*85", "the billing provider (loop 2010AA, NM1*85) is missing"),),
    Area.SUBSCRIBER: (
        ("NM1*IL", "the subscriber (loop 2010BA, NM1*IL) is missing"),
        ("NM1*PR", "the payer (loop 2010BB, NM1*PR) is missing"),
    ),
    Area.DEPENDENT: (("NM1*QC", "the patient (loop 2010CA, NM1*QC) is missing"),),
}
# A claim can be read without these; a payer refuses it all the same.
_REQUIRED_SEGMENTS: Final = {
    Area.HEADER: (
        ("BHT", "the transaction has no BHT"),
        ("NM1*41", "the submitter (loop 1000A, NM1*41) is missing"),
        ("NM1*40", "the receiver (loop 1000B, NM1*40) is missing"),
    ),
    Area.BILLING: (
        ("N3 of 85", "the billing provider has no street address (N3)"),
        ("N4 of 85", "the billing provider has no city (N4)"),
        ("tax of 85", "the billing provider has no tax identification (REF*EI or REF*SY)"),
    ),
    Area.SUBSCRIBER: (("SBR", "the subscriber information (SBR) is missing"),),
    Area.DEPENDENT: (),
}


@dataclass(slots=True)
class Level:
    """The header, or one HL with the segments up to its first claim or the next HL.

    ``error`` is why no claim of the level can be read, None while they can.
    ``told`` is True once a claim of the level was rejected, so that the user is sent there.
    ``member_id`` to ``sex`` are of the person the level names: the subscriber, or the dependent.
    """

    area: Area
    opened: Segment
    number: str = ""
    faults: list[Fault] = field(default_factory=list)
    error: Fault | None = None
    told: bool = False
    npi: str = ""
    taxonomy: str = ""
    state: str = ""
    zip_code: str = ""
    member_id: str = ""
    name: str = ""
    birth_date: Date | None = None
    sex: str = ""
    payer_id: str = ""
    payer_name: str = ""
    filing_indicator: str = ""
    payer_responsibility: str = ""
    submitted_on: Date | None = None
    _named: set[str] = field(default_factory=set)

    def refuse(self, fault: Fault) -> None:
        """No claim of this level can be read; the first reason given is the one reported."""
        if self.error is None:
            self.error = fault

    def take(self, segment: Segment, entity: str) -> None:
        """Read a segment of the level. ``entity`` is the NM101 of the loop it stands in, ``""`` outside of one."""
        name = key(segment)
        if name in _ONCE and name in self._named:
            self.refuse(segment.fault(f"{name} stands twice, so which of the two counts is not known"))
        self._named.add(name)
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, segment)
        elif entity == "85":
            self._take_of_billing_provider(segment)

    def missing_loop(self) -> Fault | None:
        """The first required loop that no segment of the level opened."""
        for name, reason in _REQUIRED_LOOPS[self.area]:
            if name not in self._named:
                return self.opened.fault(reason)
        return None

    def all_faults(self) -> Iterator[Fault]:
        """What is wrong with the level that leaves its claims readable."""
        yield from self.faults
        for name, reason in _REQUIRED_SEGMENTS[self.area]:
            if name not in self._named:
                yield self.opened.fault(reason)

    def read_day(self, segment: Segment, element: int) -> Date | None:
        """A date element; None, with a fault, where it is no date."""
        text = segment.element(element)
        found = day(text)
        if text and found is None:
            self.faults.append(segment.fault(f"{segment.name}{element:02} is not a date"))
        return found

    def _take_of_billing_provider(self, segment: Segment) -> None:
        """Note the address and the tax identification in loop 2010AA."""
        name = f"{segment.name} of 85"
        if segment.name == "REF":
            if segment.code(1) not in {"EI", "SY"}:
                return
            name = "tax of 85"
            if name in self._named:
                self.faults.append(segment.fault("it is a second tax identification of the billing provider"))
        elif segment.name == "N4":
            self.state, self.zip_code = state_of(segment.element(2)), zip_of(segment.element(3))
        self._named.add(name)


def npi(segment: Segment) -> str:
    """The NPI of an NM1; ``""`` where NM108 says that the identifier is of another kind."""
    return segment.code(9) if segment.code(8) == "XX" else ""


def key_of_patient(subscriber: Level, dependent: Level | None) -> str:
    """Tells patients apart: by member identifier; in a family also by name, birth date and sex.

    Without a member identifier by name and birth date; ``""`` where the file gives neither.
    """
    person = dependent or subscriber
    born = person.birth_date.isoformat() if person.birth_date else ""
    if dependent is None and subscriber.member_id:
        return patient_key(subscriber.member_id)
    if subscriber.member_id and person.name:
        return patient_key(f"{subscriber.member_id}\x1f{person.name}\x1f{born}\x1f{person.sex}")
    return patient_key(f"{person.name}\x1f{born}") if person.name and born else ""


def _header(level: Level, segment: Segment) -> None:
    level.submitted_on = level.read_day(segment, 4)


def _billing_provider(level: Level, segment: Segment) -> None:
    level.npi = npi(segment)


def _billing_taxonomy(level: Level, segment: Segment) -> None:
    level.taxonomy = segment.code(3)


def _coverage(level: Level, segment: Segment) -> None:
    level.filing_indicator = segment.code(9)
    level.payer_responsibility = segment.code(1)


def _person(level: Level, segment: Segment) -> None:
    last, first = segment.code(3), segment.code(4)
    level.name = f"{last}\x1f{first}" if last or first else ""
    level.member_id = segment.code(9)


def _subscriber(level: Level, segment: Segment) -> None:
    _person(level, segment)
    if segment.code(2) == _PERSON and not level.member_id:
        level.faults.append(segment.fault("NM109 is empty: a subscriber who is a person needs a member identification"))


def _birth(level: Level, segment: Segment) -> None:
    level.birth_date = level.read_day(segment, 2)
    level.sex = parse_sex(segment.code(3))


def _payer(level: Level, segment: Segment) -> None:
    level.payer_id = segment.code(9)
    level.payer_name = free_text(segment.element(3)).upper()


_PERSON: Final = "1"

_HANDLERS: Final[dict[str, Callable[[Level, Segment], None]]] = {
    "BHT": _header,
    "NM1*85": _billing_provider,
    "PRV*BI": _billing_taxonomy,
    "SBR": _coverage,
    "NM1*IL": _subscriber,
    "NM1*QC": _person,
    "DMG": _birth,
    "NM1*PR": _payer,
}
