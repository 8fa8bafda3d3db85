"""One 837 transaction: its header, its levels (HL 20 billing provider, 22 subscriber, 23 dependent), its claims.

Levels are read by position, as the implementation guides lay them out. HL01 and HL02 are checked: numbering that
is merely wrong is told, a parent that names another level of the same kind leaves it open whose claim it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleanclaim.claims.model import Claim, ClaimType
from cleanclaim.claims.readers.content import pieces
from cleanclaim.claims.readers.x12_claim import ClaimBuilder
from cleanclaim.claims.readers.x12_envelope import Transaction
from cleanclaim.claims.readers.x12_levels import Level, key_of_patient
from cleanclaim.claims.readers.x12_loops import LEVEL_OF, Area, NameOrder, key, misplaced, part_of_a_claim
from cleanclaim.claims.readers.x12_segment import Fault, Segment, is_segment, segments
from cleanclaim.types import Reject

_LEVELS: Final = {"20": Area.BILLING, "22": Area.SUBSCRIBER, "23": Area.DEPENDENT}
_BELOW: Final = {
    Area.BILLING: (Area.DEPENDENT, Area.SUBSCRIBER, Area.BILLING),
    Area.SUBSCRIBER: (Area.DEPENDENT, Area.SUBSCRIBER),
    Area.DEPENDENT: (Area.DEPENDENT,),
}
_PARENT: Final = {Area.SUBSCRIBER: Area.BILLING, Area.DEPENDENT: Area.SUBSCRIBER}
_MOST_DIGITS: Final = 12
"""HL01 may have so many digits (X12 data element 628)."""


class TransactionReader:
    """Goes over the segments of one 837P or 837I transaction once."""

    def __init__(self, content: bytes, file: str, transaction: Transaction, kind: ClaimType) -> None:
        self._file = file
        self._kind = kind
        self._transaction = transaction
        self._delimiters = transaction.delimiters
        self._content = content
        self._stream = segments(self._texts(), transaction.start, self._delimiters.element)
        self._start = next(self._stream)
        self._envelope_faults = (*transaction.faults, *map(str, self._trailer_faults()))
        self._levels = {Area.HEADER: Level(Area.HEADER, self._start)}
        self._area = Area.HEADER
        self._order = NameOrder()
        self._last_number = 0
        self._numbers: dict[Area, set[str]] = {area: set() for area in _LEVELS.values()}
        self._claim: ClaimBuilder | None = None
        self._claim_counts = True
        self._astray = False
        self._silent = True
        self._ready: list[Claim | Reject] = []

    def read(self) -> Iterator[Claim | Reject]:
        """The claims of the transaction in file order, and a reject for each that cannot be read."""
        for segment in self._stream:
            if segment.byte == self._transaction.trailer:
                break
            if segment.name == "HL":
                self._close_claim()
                self._open_level(segment)
            elif segment.name == "CLM":
                self._close_claim()
                self._open_claim(segment)
            elif self._claim is None:
                self._take(segment)
            else:
                self._take_in_claim(self._claim, segment)
            if self._ready:
                yield from self._ready
                self._ready.clear()
        self._finish()
        yield from self._ready

    def _texts(self) -> Iterator[str]:
        """What stands between the terminators of the transaction."""
        return pieces(self._content, self._transaction.start, self._transaction.end, self._delimiters.terminator)

    def _trailer_faults(self) -> Iterator[Fault]:
        """What SE says that is not so (999 IK502 3 and 4)."""
        if self._transaction.trailer is None:
            return
        text = self._content[self._transaction.trailer : self._transaction.end].decode("latin-1")
        bare = text.rstrip(self._delimiters.terminator)
        trailer = Segment(bare, self._transaction.trailer, self._delimiters.element)
        yield from trailer_faults(self._start, trailer, sum(map(is_segment, self._texts())))

    # --- levels

    def _open_level(self, segment: Segment) -> None:
        area = _LEVELS.get(segment.element(3))
        self._order.follow(segment)
        self._astray = False
        for below in _BELOW[area or Area.SUBSCRIBER]:
            self._leave_level(below)
        level = Level(area or Area.SUBSCRIBER, segment, segment.element(1))
        self._area = level.area
        if area is None:
            level.refuse(segment.fault("HL03 is none of the levels 20, 22 and 23"))
        else:
            self._check_numbers(segment, level)
            self._numbers[area].add(level.number)
        self._levels[level.area] = level

    def _check_numbers(self, segment: Segment, level: Level) -> None:
        expected = self._last_number + 1
        readable = level.number.isdecimal() and len(level.number) <= _MOST_DIGITS
        self._last_number = int(level.number) if readable else expected
        if not readable or self._last_number != expected:
            level.faults.append(segment.fault("HL01 does not count on from the HL before it"))
        parent = segment.element(2)
        if level.area is Area.BILLING:
            if parent:
                level.faults.append(segment.fault("HL02 names a parent, which a billing provider has not"))
            return
        above = self._levels.get(_PARENT[level.area])
        if above is None or parent == above.number:
            return
        if parent in self._numbers[above.area]:
            level.refuse(segment.fault("HL02 names another HL than the one it stands under"))
        else:
            level.faults.append(segment.fault("HL02 does not name the HL it stands under"))

    def _leave_level(self, area: Area) -> None:
        level = self._levels.pop(area, None)
        if level is not None and level.error is not None and not level.told:
            self._put(_reject(self._file, level.error))

    def _level(self, area: Area, segment: Segment) -> Level:
        """The level of ``area`` that is open; where its HL was lost, one opened by ``segment``."""
        return self._levels.setdefault(area, Level(area, segment))

    def _take(self, segment: Segment) -> None:
        """Read a segment of the header or of a level, before any claim of it."""
        fault = misplaced(segment, self._area, self._kind)
        if fault is not None:
            self._take_misplaced(segment, fault)
            return
        level = self._levels[self._area]
        out_of_order = self._order.follow(segment)
        if out_of_order is not None:
            level.faults.append(out_of_order)
        level.take(segment, self._order.entity)

    def _take_misplaced(self, segment: Segment, fault: Fault) -> None:
        area = LEVEL_OF.get(key(segment))
        if area is not None:
            self._level(area, segment).refuse(fault)
        elif not part_of_a_claim(segment, self._kind):
            self._levels[self._area].refuse(fault)
        elif not self._astray:
            self._astray = True
            self._put(_reject(self._file, segment.fault("it stands in no claim (its CLM is missing)")))

    # --- claims

    def _open_claim(self, segment: Segment) -> None:
        self._order.follow(segment)
        # A bare CLM without any element is no claim anyone can count, but it ends the claim before it.
        self._claim_counts = len(segment.elements) > 1
        claim = self._claim = ClaimBuilder(segment, self._kind, self._delimiters)
        for level in self._levels.values():
            error = level.error or level.missing_loop()
            if error is not None:
                claim.reject(error)
        for area in (Area.BILLING, Area.SUBSCRIBER):
            if area not in self._levels:
                claim.reject(segment.fault(f"the claim does not stand under {area}"))

    def _take_in_claim(self, claim: ClaimBuilder, segment: Segment) -> None:
        fault = claim.misplaced(segment)
        if fault is None:
            claim.take(segment)
            return
        claim.reject(fault)
        area = LEVEL_OF.get(key(segment))
        if area is not None:
            self._level(area, segment).refuse(fault)

    def _close_claim(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        claim.close()
        if claim.error is None:
            self._put(self._build(claim))
            return
        for level in self._levels.values():
            level.told = True
        self._put(
            Reject(
                self._file,
                claim.byte,
                "CLM",
                str(claim.error),
                claim.claim_id or None,
                claims=int(self._claim_counts),
            )
        )

    def _finish(self) -> None:
        if self._transaction.trailer is None:
            if self._claim is not None:
                self._claim.reject(
                    self._start.fault("the transaction has no SE, so whether this claim is whole is not known")
                )
            else:
                self._put(_reject(self._file, self._start.fault("the transaction has no SE and may be cut")))
        self._close_claim()
        for area in (*_BELOW[Area.BILLING], Area.HEADER):
            self._leave_level(area)
        if self._silent:
            self._put(_reject(self._file, self._start.fault("the transaction holds no claim")))

    def _put(self, item: Claim | Reject) -> None:
        self._silent = False
        self._ready.append(item)

    def _build(self, claim: ClaimBuilder) -> Claim:
        header, billing, subscriber = (self._levels[area] for area in (Area.HEADER, Area.BILLING, Area.SUBSCRIBER))
        dependent = self._levels.get(Area.DEPENDENT)
        patient = dependent or subscriber
        level_faults = (fault for level in self._levels.values() for fault in level.all_faults())
        rendering = claim.provider("82")
        statement_from, statement_to = claim.statement or (None, None)
        return Claim(
            claim_id=claim.claim_id,
            claim_type=self._kind,
            lines=tuple(claim.lines()),
            diagnoses=claim.ordered_diagnoses(),
            patient_key=key_of_patient(subscriber, dependent),
            patient_birth_date=patient.birth_date,
            patient_sex=patient.sex,
            payer_id=subscriber.payer_id,
            payer_name=subscriber.payer_name,
            filing_indicator=subscriber.filing_indicator,
            payer_responsibility=subscriber.payer_responsibility,
            billing_npi=billing.npi,
            billing_taxonomy=billing.taxonomy,
            rendering_npi=rendering.npi,
            rendering_taxonomy=rendering.taxonomy,
            referring_npi=claim.provider("DN", "P3").npi,
            attending_npi=claim.provider("71").npi,
            service_facility_npi=claim.provider("77").npi,
            billing_state=billing.state,
            billing_zip=billing.zip_code,
            service_state=claim.service_state,
            service_zip=claim.service_zip,
            total_charge=claim.total_charge,
            pos=claim.pos,
            bill_type=claim.bill_type,
            frequency=claim.frequency,
            original_reference=claim.original_reference,
            prior_authorization=claim.prior_authorization,
            has_attachment=claim.has_attachment,
            statement_from=statement_from,
            statement_to=statement_to,
            admission_date=claim.admission[0] if claim.admission else None,
            submitted_on=header.submitted_on,
            note=" ".join(claim.notes),
            envelope_faults=(*self._envelope_faults, *map(str, level_faults), *map(str, claim.faults)),
            file=self._file,
            byte=claim.byte,
        )


def trailer_faults(start: Segment, trailer: Segment, counted: int) -> Iterator[Fault]:
    """What an SE says that is not so; ``counted`` are the segments of the transaction, ST and SE among them."""
    if trailer.element(1).lstrip("0") != str(counted):
        yield trailer.fault(f"SE01 does not give the {counted} segments that the transaction has")
    if trailer.element(2) != start.element(2):
        yield trailer.fault("its control number SE02 is not ST02")


def _reject(file: str, fault: Fault) -> Reject:
    """A reject with which no claim is lost."""
    return Reject(file, fault.byte, fault.segment, str(fault), claims=0)
