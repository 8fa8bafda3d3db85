"""Valid 837P and 837I files, drawn with the claims that must be read from them.

Written from the implementation guides and independent of the reader: segments are lists of elements, a composite
is a tuple, and the expected claims are put together beside them. Names, identifiers and dates are synthetic.
"""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis

Element = str | tuple[str, ...]
Segment = tuple[Element, ...]

_SEPARATORS = "*|~^:>!%+&;<\x1c\x1d\x1e\x1f"
_LETTERS = string.ascii_uppercase + string.digits
_GUIDES = {
    ClaimType.PROFESSIONAL: ("005010X222A1", "005010X222A2", "005010X222"),
    ClaimType.INSTITUTIONAL: ("005010X223A2", "005010X223A3", "005010X223"),
}


@dataclass(frozen=True)
class Delimiters:
    element: str
    component: str
    repetition: str
    terminator: str
    line_end: str


@dataclass
class File:
    content: bytes
    claims: list[Claim]
    patients: list[tuple[str, ...]] = field(default_factory=list)
    """Who the patient of each claim is, as the file identifies them; ``()`` when it does not."""


@st.composite
def delimiters(draw: st.DrawFn) -> Delimiters:
    chosen = draw(st.permutations(_SEPARATORS))
    terminator = draw(st.sampled_from([chosen[3], "~", "\n", "\r"]))
    others = [separator for separator in chosen if separator != terminator]
    line_end = {"\n": "", "\r": "\n"}.get(terminator) or draw(st.sampled_from(["", "\n", "\r\n"]))
    if terminator == "\n":
        line_end = ""
    return Delimiters(others[0], others[1], draw(st.sampled_from([others[2], "U"])), terminator, line_end)


def write(segments: list[Segment], by: Delimiters) -> bytes:
    def text(element: Element) -> str:
        return element if isinstance(element, str) else by.component.join(element).rstrip(by.component)

    lines = (by.element.join(map(text, segment)).rstrip(by.element) for segment in segments)
    return "".join(f"{line}{by.terminator}{by.line_end}" for line in lines).encode("latin-1")


def isa(by: Delimiters, control: str) -> bytes:
    empty, sender, receiver = " " * 10, "SENDER".ljust(15), "RECEIVER".ljust(15)
    parties = ["00", empty, "00", empty, "ZZ", sender, "ZZ", receiver]
    made = ["260701", "1200", by.repetition, "00501", control, "0", "T", by.component]
    return (by.element.join(["ISA", *parties, *made]) + by.terminator + by.line_end).encode("latin-1")


words = st.text(alphabet=_LETTERS, min_size=1, max_size=12)
phrases = st.text(alphabet=_LETTERS + " ", min_size=1, max_size=20).map(str.strip).filter(bool)
npis = st.integers(10**9, 2 * 10**9 - 1).map(str)
taxonomies = st.sampled_from(["207Q00000X", "207L00000X", "282N00000X"])
days = st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31))
cents = st.integers(0, 99_999_99).map(lambda value: Decimal(value) / 100)
hcpcs_codes = st.one_of(st.integers(0, 99999).map("{:05}".format), st.integers(0, 9999).map("J{:04}".format))
modifiers = st.lists(st.sampled_from(["25", "59", "RT", "LT", "XS", "GA"]), max_size=4, unique=True)
icd10_codes = st.one_of(st.integers(0, 999).map("E{:03}".format), st.integers(0, 9999).map("S{:04}XA".format))
icd9_codes = st.integers(100, 99999).map(str)
sexes = st.sampled_from(["F", "M", "U", ""])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An optional field: ``""`` when it is not sent."""
    return st.one_of(st.just(""), strategy)


def ccyymmdd(day: dt.date) -> str:
    return day.strftime("%Y%m%d")


@st.composite
def period(draw: st.DrawFn, qualifier: str) -> tuple[Segment, dt.date, dt.date]:
    first = draw(days)
    last = first + dt.timedelta(days=draw(st.integers(0, 40)))
    if first == last and draw(st.booleans()):
        return ("DTP", qualifier, "D8", ccyymmdd(first)), first, last
    return ("DTP", qualifier, "RD8", f"{ccyymmdd(first)}-{ccyymmdd(last)}"), first, last


def provider(entity: str, npi: str) -> Segment:
    return ("NM1", entity, "1", "LOW", "ANN", "", "", "", "XX", npi)


@st.composite
def other_payer(draw: st.DrawFn) -> list[Segment]:
    """Loops 2320 and 2330: nothing of them may reach the claim."""
    segments: list[Segment] = [
        ("SBR", "S", "01", "GROUP", "", "", "", "", "", "12"),
        ("CAS", "PR", "1", "21.89"),
        ("AMT", "D", "39.15"),
        ("OI", "", "", "Y", "P", "", "Y"),
        ("NM1", "IL", "1", "OTHER", "PERSON", "", "", "", "MI", "OTHERMEMBER"),
        ("NM1", "PR", "2", "OTHER PAYER", "", "", "", "", "PI", "OTHERPAYER"),
    ]
    if draw(st.booleans()):
        segments += [("DTP", "573", "D8", "20260101"), ("REF", "G1", "OTHERAUTH"), ("REF", "F8", "OTHERREF")]
    if draw(st.booleans()):
        segments += [("NM1", "82", "1"), ("REF", "G2", "X"), ("NM1", "85", "2"), ("REF", "G2", "Y")]
    return segments


@st.composite
def diagnoses(draw: st.DrawFn, kind: ClaimType) -> tuple[list[Segment], list[Diagnosis]]:
    system = draw(st.sampled_from(["icd10cm", "icd9cm"]))
    prefix, codes = ("A", icd10_codes) if system == "icd10cm" else ("", icd9_codes)
    roles = [("BK", "principal")] + [("BF", "other")] * draw(st.integers(0, 11))
    others: list[tuple[str, str]] = []
    if kind is ClaimType.INSTITUTIONAL:
        kinds = [("BJ", "admitting"), ("PR", "reason_for_visit"), ("BN", "external_cause")]
        others = draw(st.lists(st.sampled_from(kinds), max_size=3, unique=True))
    written: list[tuple[tuple[str, ...], Diagnosis]] = []
    for qualifier, role in [*roles, *others]:
        code = draw(codes)
        present = draw(maybe(st.sampled_from("YNUW"))) if kind is ClaimType.INSTITUTIONAL else ""
        composite = (prefix + qualifier, code, "", "", "", "", "", "", present)
        written.append((composite, Diagnosis(code, system, role, present)))
    if kind is ClaimType.INSTITUTIONAL:
        # A segment for each role; admitting and the like may stand before the other diagnoses.
        principal, rest = written[:1], written[1 : len(roles)]
        extra = [("HI", composite) for composite, _ in written[len(roles) :]]
        segments: list[Segment] = [("HI", principal[0][0]), *extra]
        if rest:
            segments.append(("HI", *(composite for composite, _ in rest)))
    else:
        cut = draw(st.integers(1, len(written)))
        parts = [written[:cut], written[cut:]]
        segments = [("HI", *(composite for composite, _ in part)) for part in parts if part]
    if draw(st.booleans()):
        segments.append(("HI", ("BG", "09")))
    return segments, [diagnosis for _, diagnosis in written]


@dataclass
class Draft:
    """What is written of a claim or line so far, and the fields that must be read from it."""

    segments: list[Segment] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def draw_professional_service(draw: st.DrawFn, line: Draft, pos: str) -> None:
    units, basis = draw(st.one_of(st.none(), st.integers(0, 999).map(Decimal))), draw(st.sampled_from(["UN", "MJ"]))
    own_pos, pointers = draw(maybe(st.sampled_from(["11", "21"]))), draw(st.lists(st.integers(1, 12), max_size=4))
    charge, quantity = draw(cents), "" if units is None else str(units)
    procedure = draw_procedure(draw, line)
    pointed = tuple(map(str, pointers))
    line.segments.append(("SV1", procedure, str(charge), basis, quantity, own_pos, "", pointed))
    line.fields |= {"charge": charge, "units": units, "unit_basis": basis, "segment": "SV1"}
    line.fields |= {"pos": own_pos or pos, "diagnosis_pointers": tuple(pointers)}


def draw_institutional_service(draw: st.DrawFn, line: Draft) -> None:
    units, basis = draw(st.one_of(st.none(), st.integers(0, 999).map(Decimal))), draw(st.sampled_from(["UN", "DA"]))
    charge, quantity = draw(cents), "" if units is None else str(units)
    revenue_code = draw(st.integers(100, 999).map("0{}".format))
    line.fields["hcpcs"] = ""
    procedure = draw_procedure(draw, line) if draw(st.booleans()) else ""
    line.segments.append(("SV2", revenue_code, procedure, str(charge), basis, quantity))
    line.fields |= {"charge": charge, "units": units, "unit_basis": basis, "segment": "SV2"}
    line.fields["revenue_code"] = revenue_code


def draw_procedure(draw: st.DrawFn, line: Draft) -> Element:
    code_system, hcpcs = draw(st.sampled_from(["HC", "ER"])), draw(hcpcs_codes)
    mods, description = draw(modifiers), draw(maybe(phrases))
    line.fields |= {"code_system": code_system, "hcpcs": hcpcs, "modifiers": tuple(mods)}
    line.notes += [description] if description else []
    return (code_system, hcpcs, *[*mods, "", "", "", ""][:4], description)


def draw_drug(draw: st.DrawFn, line: Draft) -> None:
    ndc, units = draw(st.integers(0, 10**11 - 1).map("{:011}".format)), draw(st.integers(1, 999).map(Decimal))
    line.segments += [("LIN", "", "N4", ndc), ("CTP", "", "", "", str(units), ("ML",))]
    line.fields |= {"ndc": ndc, "ndc_units": units, "ndc_unit_basis": "ML"}


def draw_rendering(draw: st.DrawFn, draft: Draft, *, with_taxonomy: bool) -> None:
    npi, taxonomy = draw(npis), draw(maybe(taxonomies)) if with_taxonomy else ""
    draft.segments.append(provider("82", npi))
    if taxonomy:
        draft.segments.append(("PRV", "PE", "PXC", taxonomy))
    elif npi == draft.fields.get("rendering_npi"):
        taxonomy = draft.fields["rendering_taxonomy"]
    draft.fields |= {"rendering_npi": npi, "rendering_taxonomy": taxonomy}


@st.composite
def service_line(draw: st.DrawFn, about: Claim, number: int) -> tuple[list[Segment], ClaimLine]:
    """A line of the claim ``about``, which has no lines yet."""
    professional = about.claim_type is ClaimType.PROFESSIONAL
    line = Draft([("LX", str(number))])
    line.fields |= {"rendering_npi": about.rendering_npi, "rendering_taxonomy": about.rendering_taxonomy}
    if professional:
        draw_professional_service(draw, line, about.pos)
    else:
        draw_institutional_service(draw, line)
    if draw(st.booleans()):
        date, first, last = draw(period("472"))
        line.segments.append(date)
        line.fields |= {"service_from": first, "service_to": last}
    elif about.statement_from == about.statement_to:
        line.fields |= {"service_from": about.statement_from, "service_to": about.statement_to}
    if control := draw(maybe(words)):
        line.segments += [("REF", "6R", control), ("REF", "G1", "LINEAUTH")]
        line.fields |= {"control_number": control, "prior_authorization": "LINEAUTH"}
    if note := draw(maybe(phrases)):
        line.segments.append(("NTE", "ADD", note))
        line.notes.append(note)
    if draw(st.booleans()):
        draw_drug(draw, line)
    if draw(st.booleans()):
        draw_rendering(draw, line, with_taxonomy=professional)
    if draw(st.booleans()):
        adjudicated: Segment = ("SVD", "OTHERPAYER", "40", ("HC", "99999"), "", "7")
        line.segments += [provider("DN", "1999999999"), adjudicated, ("CAS", "CO", "42", "3")]
        line.segments.append(("DTP", "573", "D8", "20200101"))
    return line.segments, ClaimLine(line_no=number, note=" ".join(line.notes), **line.fields)


def draw_claim_dates(draw: st.DrawFn, drawn: Draft, kind: ClaimType) -> None:
    if kind is ClaimType.INSTITUTIONAL:
        date, first, last = draw(period("434"))
        drawn.segments += [date, ("CL1", "1", "7", "30")]
        drawn.fields |= {"statement_from": first, "statement_to": last}
    if draw(st.booleans()):
        admitted = draw(days)
        when = ("DT", f"{ccyymmdd(admitted)}0930") if kind is ClaimType.INSTITUTIONAL else ("D8", ccyymmdd(admitted))
        drawn.segments.append(("DTP", "435", *when))
        drawn.fields["admission_date"] = admitted


def draw_references(draw: st.DrawFn, drawn: Draft) -> None:
    for start, name in ((("REF", "F8"), "original_reference"), (("REF", "G1"), "prior_authorization")):
        drawn.fields[name] = draw(maybe(words))
        if drawn.fields[name]:
            drawn.segments.append((*start, drawn.fields[name]))
    drawn.fields["note"] = draw(maybe(phrases))
    if drawn.fields["note"]:
        drawn.segments.append(("NTE", "ADD", drawn.fields["note"]))


def draw_providers(draw: st.DrawFn, drawn: Draft, kind: ClaimType) -> None:
    named = {"DN": "referring_npi", "77": "service_facility_npi"}
    if kind is ClaimType.INSTITUTIONAL:
        named["71"] = "attending_npi"
    for entity, name in named.items():
        drawn.fields[name] = draw(maybe(npis))
        if drawn.fields[name]:
            drawn.segments.append(provider(entity, drawn.fields[name]))
            if entity == "77":
                drawn.segments += [("N3", "3 MAIN ST"), ("N4", "ALBANY", "NY", "12207")]
                drawn.fields |= {"service_state": "NY", "service_zip": "12207"}
    if draw(st.booleans()):
        draw_rendering(draw, drawn, with_taxonomy=kind is ClaimType.PROFESSIONAL)
        drawn.segments.append(("REF", "G2", "SECONDARY"))


@st.composite
def claim(draw: st.DrawFn, kind: ClaimType, about: dict[str, Any]) -> tuple[list[Segment], Claim]:
    """A claim with everything its levels (``about``) say of it."""
    professional = kind is ClaimType.PROFESSIONAL
    claim_id, total = draw(words), draw(cents)
    place = draw(st.sampled_from(["11", "22", "41"] if professional else ["13", "11", "85"]))
    frequency = draw(st.sampled_from("178"))
    facility = (place, "B" if professional else "A", frequency)
    drawn = Draft([("CLM", claim_id, str(total), "", "", facility, "Y", "A", "Y", "Y")])
    drawn.fields |= {"total_charge": total, "frequency": frequency, "pos" if professional else "bill_type": place}
    draw_claim_dates(draw, drawn, kind)
    draw_references(draw, drawn)
    information, read_diagnoses = draw(diagnoses(kind))
    drawn.segments += information
    draw_providers(draw, drawn, kind)
    for _ in range(draw(st.integers(0, 2))):
        drawn.segments += draw(other_payer())
    read = Claim(claim_id, kind, (), tuple(read_diagnoses), **about, **drawn.fields)
    lines = [draw(service_line(read, number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    drawn.segments += [segment for written, _ in lines for segment in written]
    return drawn.segments, replace(read, lines=tuple(line for _, line in lines))


@st.composite
def transaction(
    draw: st.DrawFn, kind: ClaimType, control: str, guide: str
) -> tuple[list[Segment], list[Claim], list[tuple[str, ...]]]:
    made = draw(days)
    segments: list[Segment] = [
        ("ST", "837", control, guide),
        ("BHT", "0019", "00", "0123", ccyymmdd(made), "1023", "CH"),
        ("NM1", "41", "2", "SUBMITTER", "", "", "", "", "46", "TGJ23"),
        ("PER", "IC", "JERRY", "TE", "3055552222"),
        ("NM1", "40", "2", "RECEIVER", "", "", "", "", "46", "66783JJT"),
    ]
    claims: list[Claim] = []
    patients: list[tuple[str, ...]] = []
    level = 0

    def claims_of(about: dict[str, Any], patient: tuple[str, ...]) -> None:
        for _ in range(draw(st.integers(1, 2))):
            written, read = draw(claim(kind, about))
            segments.extend(written)
            claims.append(read)
            patients.append(patient)

    for _ in range(draw(st.integers(1, 2))):
        level += 1
        billing = level
        billing_npi, billing_taxonomy = draw(npis), draw(maybe(taxonomies))
        segments.append(("HL", str(level), "", "20", "1"))
        if billing_taxonomy:
            segments.append(("PRV", "BI", "PXC", billing_taxonomy))
        segments += [
            ("NM1", "85", "2", "CLINIC", "", "", "", "", "XX", billing_npi),
            ("N3", "1 MAIN ST"),
            ("N4", "COLUMBUS", "OH", "432150003"),
            ("REF", "EI", "311234567"),
        ]
        for _ in range(draw(st.integers(1, 2))):
            level += 1
            subscriber = level
            member, last, first = draw(maybe(words)), draw(words), draw(words)
            born, sex = draw(st.one_of(st.none(), days)), draw(sexes)
            payer_id, payer_name = draw(maybe(words)), draw(phrases)
            filing = draw(st.sampled_from(["MB", "MA", "CI", ""]))
            about = {
                "payer_id": payer_id,
                "payer_name": payer_name,
                "filing_indicator": filing,
                "payer_responsibility": "P",
                "billing_npi": billing_npi,
                "billing_taxonomy": billing_taxonomy,
                "billing_state": "OH",
                "billing_zip": "43215",
                "submitted_on": made,
            }
            segments += [
                ("HL", str(level), str(billing), "22", "0"),
                ("SBR", "P", "18", "", "", "", "", "", "", filing),
                # A person without a member identification is a fault of its own.
                ("NM1", "IL", "1" if member else "2", last, first, "", "", "", "MI" if member else "", member),
            ]
            if born:
                segments.append(("DMG", "D8", ccyymmdd(born), sex))
            segments.append(("NM1", "PR", "2", payer_name, "", "", "", "", "PI", payer_id))
            dependents = draw(st.integers(0, 2))
            if not dependents or draw(st.booleans()):
                identity: tuple[str, ...] = (member,) if member else (last, first, str(born)) if born else ()
                person = {"patient_birth_date": born, "patient_sex": sex if born else ""}
                claims_of(about | person, identity)
            for _ in range(dependents):
                level += 1
                dependent_first, dependent_born, dependent_sex = draw(words), draw(days), draw(sexes)
                segments += [
                    ("HL", str(level), str(subscriber), "23", "0"),
                    ("PAT", "19"),
                    ("NM1", "QC", "1", last, dependent_first),
                    ("N3", "2 MAIN ST"),
                    ("N4", "COLUMBUS", "OH", "432150003"),
                    ("DMG", "D8", ccyymmdd(dependent_born), dependent_sex),
                ]
                identity = (last, dependent_first, str(dependent_born))
                if member:
                    identity = (member, *identity, dependent_sex)
                claims_of(about | {"patient_birth_date": dependent_born, "patient_sex": dependent_sex}, identity)
    segments.append(("SE", str(len(segments) + 1), control))
    return segments, claims, patients


@st.composite
def files(draw: st.DrawFn) -> File:
    """One to two interchanges, each with its own delimiters, groups and transactions."""
    file = File(draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"\n"])), [])
    for interchange in range(1, draw(st.integers(1, 2)) + 1):
        by = draw(delimiters())
        control = f"{interchange:09}"
        file.content += isa(by, control)
        groups = draw(st.integers(1, 2))
        for group in range(1, groups + 1):
            kind = draw(st.sampled_from([ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL]))
            guide = draw(st.sampled_from(_GUIDES[kind]))
            header = ("GS", "HC", "SENDER", "RECEIVER", "20260701", "1200", str(group), "X", guide)
            file.content += write([header], by)
            transactions = draw(st.integers(1, 2))
            for number in range(1, transactions + 1):
                segments, claims, patients = draw(transaction(kind, f"{number:04}", draw(st.sampled_from([guide, ""]))))
                file.content += write(segments, by)
                file.claims += claims
                file.patients += patients
            file.content += write([("GE", str(transactions), str(group))], by)
        file.content += write([("IEA", str(groups), control)], by)
    return file
