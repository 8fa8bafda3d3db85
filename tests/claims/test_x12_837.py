"""The X12 837 reader: what is written is read back, what is broken is told, nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies_x12 import File, files

from cleanclaim.claims.model import Claim, ClaimType, Diagnosis
from cleanclaim.claims.readers.x12_837 import looks_like, read
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "claims"
SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260701*1200*^*00501*000000001*0*T*:~"
GS = "GS*HC*SENDER*RECEIVER*20260701*1200*1*X*005010X222A1~"
HEADER = """\
BHT*0019*00*0123*20260716*1023*CH~
NM1*41*2*SUBMITTER*****46*TGJ23~
PER*IC*JERRY*TE*3055552222~
NM1*40*2*RECEIVER*****46*66783JJT~
"""
BILLING = """\
HL*1**20*1~
PRV*BI*PXC*207Q00000X~
NM1*85*2*CITY CLINIC*****XX*1992999031~
N3*200 MAIN ST~
N4*COLUMBUS*OH*432150003~
REF*EI*311234567~
"""
SUBSCRIBER = """\
HL*2*1*22*1~
SBR*P*18*******CI~
NM1*IL*1*DOE*SAM****MI*M0001~
DMG*D8*19480308*F~
NM1*PR*2*KEY INSURANCE*****PI*12345~
"""
FIRST_CLAIM = """\
CLM*A1*150***11:B:1*Y*A*Y*Y~
HI*ABK:I10*ABF:E119~
NM1*82*1*LOW*ANN****XX*1992999015~
LX*1~
SV1*HC:99213*100*UN*1***1:2~
DTP*472*D8*20260715~
LX*2~
SV1*HC:36415*50*UN*1***1~
DTP*472*D8*20260715~
"""
DEPENDENT = """\
HL*3*2*23*0~
PAT*19~
NM1*QC*1*DOE*KIM~
N3*2 MAIN ST~
N4*COLUMBUS*OH*432150003~
DMG*D8*20150101*M~
"""
SECOND_CLAIM = FIRST_CLAIM.replace("CLM*A1", "CLM*A2")
THIRD = """\
HL*4*1*22*0~
SBR*P*18*******MB~
NM1*IL*1*ROE*PAT****MI*M0002~
DMG*D8*19500101*M~
NM1*PR*2*MEDICARE*****PI*MCR~
""" + FIRST_CLAIM.replace("CLM*A1", "CLM*A3")
BODY = HEADER + BILLING + SUBSCRIBER + FIRST_CLAIM + DEPENDENT + SECOND_CLAIM + THIRD


def transaction(body: str = BODY, guide: str = "005010X222A1", control: str = "0001", count: int | None = None) -> str:
    counted = body.count("~") + 2 if count is None else count
    return f"ST*837*{control}*{guide}~\n{body}SE*{counted}*{control}~\n"


def wrap(*transactions: str, gs: str = GS, isa: str = ISA) -> bytes:
    return f"{isa}\n{gs}\n{''.join(transactions)}GE*{len(transactions)}*1~\nIEA*1*000000001~\n".encode()


def take(content: bytes) -> tuple[list[Claim], list[Reject]]:
    items = list(read(content, "a.837"))
    return [item for item in items if isinstance(item, Claim)], [item for item in items if isinstance(item, Reject)]


def one_claim(body: str, guide: str = "005010X222A1") -> Claim:
    """The only claim of a transaction in which ``body`` follows the subscriber."""
    content = wrap(transaction(HEADER + BILLING + SUBSCRIBER + body, guide), gs=GS.replace("005010X222A1", guide))
    (found,), rejects = take(content)
    assert not rejects
    return found


def as_drawn(found: Claim) -> Claim:
    """A claim without what the file it stands in adds: name, offsets, patient key."""
    return replace(
        found,
        file="",
        byte=None,
        patient_key="",
        lines=tuple(replace(line, byte=None) for line in found.lines),
        diagnoses=tuple(replace(diagnosis, byte=None) for diagnosis in found.diagnoses),
    )


def by_role(found: Claim) -> Claim:
    """The same claim with its diagnoses sorted, where no pointer depends on their order."""
    if found.claim_type is ClaimType.PROFESSIONAL:
        return found
    return replace(found, diagnoses=tuple(sorted(found.diagnoses, key=repr)))


# --- whole files, drawn


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW_TO_DRAW)
@given(files())
def test_every_field_written_is_read_back_and_every_byte_offset_finds_its_segment(file: File):
    found, rejects = take(file.content)

    assert rejects == []
    assert [by_role(as_drawn(claim)) for claim in found] == [by_role(claim) for claim in file.claims]
    for claim in found:
        assert claim.file == "a.837"
        assert file.content[claim.byte :].startswith(b"CLM")
        assert all(file.content[line.byte :].startswith(line.segment.encode()) for line in claim.lines)
        for diagnosis in claim.diagnoses:
            assert file.content[diagnosis.byte :].startswith(b"HI")
            assert diagnosis.code.encode() in file.content[diagnosis.byte :][:300]
    starts = [claim.byte for claim in found]
    assert starts == sorted(set(starts))
    keys = [claim.patient_key for claim in found]
    identities = dict(zip(file.patients, keys, strict=True))
    assert [identities[patient] for patient in file.patients] == keys
    assert len(set(identities.values())) == len(identities)
    assert identities.get((), "") == ""


def test_principal_and_other_diagnoses_of_an_institutional_claim_come_before_the_rest():
    claim = one_claim(
        "CLM*A1*10***13:A:1**A*Y*Y~\nDTP*434*RD8*20260701-20260702~\nHI*ABK:I10:::::::Y~\nHI*ABJ:R079~\n"
        "HI*APR:R51~\nHI*ABN:W19XXXA:::::::N~\nHI*ABF:E119:::::::U*ABF:J45909~\nLX*1~\nSV2*0300**10*UN*1~\n",
        guide="005010X223A2",
    )

    assert [(d.code, d.role, d.present_on_admission) for d in claim.diagnoses] == [
        ("I10", "principal", "Y"),
        ("E119", "other", "U"),
        ("J45909", "other", ""),
        ("R079", "admitting", ""),
        ("R51", "reason_for_visit", ""),
        ("W19XXXA", "external_cause", "N"),
    ]


# --- the tricky things, written out


def test_a_whole_transaction_is_read_by_levels():
    found, rejects = take(wrap(transaction()))

    assert rejects == []
    assert [claim.envelope_faults for claim in found] == [(), (), ()]
    assert [claim.claim_id for claim in found] == ["A1", "A2", "A3"]
    assert [claim.payer_id for claim in found] == ["12345", "12345", "MCR"]
    assert [claim.filing_indicator for claim in found] == ["CI", "CI", "MB"]
    assert [claim.patient_birth_date for claim in found] == [
        dt.date(1948, 3, 8),
        dt.date(2015, 1, 1),
        dt.date(1950, 1, 1),
    ]
    assert [claim.patient_sex for claim in found] == ["F", "M", "M"]
    assert len({claim.patient_key for claim in found}) == 3
    assert {claim.billing_taxonomy for claim in found} == {"207Q00000X"}
    assert {claim.submitted_on for claim in found} == {dt.date(2026, 7, 16)}


def test_another_payer_never_overwrites_the_payer_the_subscriber_or_the_claims_providers_and_references():
    others = """\
SBR*S*01*GR00786******MB~
CAS*PR*1*21.89**2*15~
AMT*D*39.15~
OI***Y*P**Y~
NM1*IL*1*OTHER*JANE****MI*M9999~
N3*1 SIDE ST~
NM1*PR*2*OTHER PAYER*****PI*99999~
DTP*573*D8*20200101~
REF*G1*OTHERAUTH~
REF*F8*OTHERREF~
NM1*DN*1~
REF*G2*X~
NM1*82*1*WRONG*ANN****XX*1000000001~
REF*G2*X~
NM1*77*2*WRONG*****XX*1000000002~
REF*G2*X~
NM1*85*2~
REF*G2*X~
SBR*T*01*GR00787******ZZ~
OI***Y*P**Y~
NM1*IL*1*THIRD*JANE****MI*M8888~
NM1*PR*2*THIRD PAYER*****PI*88888~
"""
    claim = one_claim(
        "CLM*A1*100***11:B:7*Y*A*Y*Y~\nREF*F8*OWNREF~\nHI*ABK:I10~\nNM1*DN*1*REED*PAT****XX*1000000009~\n"
        "NM1*82*1*LOW*ANN****XX*1992999015~\nPRV*PE*PXC*207RG0100X~\n"
        + others
        + "LX*1~\nSV1*HC:99213*100*UN*1***1~\nDTP*472*D8*20260715~\n"
        "SVD*99999*40*HC:99214**3~\nCAS*CO*42*3~\nDTP*573*D8*20200101~\nAMT*EAF*1~\n"
    )

    assert (claim.payer_id, claim.payer_name, claim.filing_indicator) == ("12345", "KEY INSURANCE", "CI")
    assert claim.patient_birth_date == dt.date(1948, 3, 8)
    assert (claim.original_reference, claim.prior_authorization) == ("OWNREF", "")
    assert (claim.rendering_npi, claim.referring_npi, claim.service_facility_npi) == ("1992999015", "1000000009", "")
    assert claim.billing_npi == "1992999031"
    assert [(line.hcpcs, line.units, line.service_from) for line in claim.lines] == [
        ("99213", Decimal(1), dt.date(2026, 7, 15))
    ]
    assert claim.envelope_faults == ()


def test_a_lines_own_rendering_provider_counts_before_the_claims_and_never_borrows_its_taxonomy():
    line = "LX*{0}~\nSV1*HC:99213*10*UN*1***1~\nDTP*472*D8*20260715~\n"
    claim = one_claim(
        "CLM*A1*40***11:B:1*Y*A*Y*Y~\nHI*ABK:I10~\nNM1*82*1*LOW*ANN****XX*1992999015~\nPRV*PE*PXC*207RG0100X~\n"
        + line.format(1)
        + line.format(2)
        + "NM1*82*1*HIGH*BOB****XX*1992999023~\nPRV*PE*PXC*207L00000X~\n"
        + line.format(3)
        + "NM1*82*1*HIGH*BOB****XX*1992999023~\nREF*G2*X~\nNM1*DQ*1*SUPER*VISOR****XX*1000000001~\n"
        + line.format(4)
        + "NM1*82*1*LOW*ANN****XX*1992999015~\n"
    )

    assert [(line.rendering_npi, line.rendering_taxonomy) for line in claim.lines] == [
        ("1992999015", "207RG0100X"),
        ("1992999023", "207L00000X"),
        ("1992999023", ""),
        ("1992999015", "207RG0100X"),
    ]


def test_twelve_diagnoses_over_two_segments_keep_the_positions_that_pointers_name():
    codes = [f"A0{number:02}" for number in range(12)]
    claim = one_claim(
        "CLM*A1*10***11:B:1*Y*A*Y*Y~\nHI*ABK:"
        + "*ABF:".join(codes[:7])
        + "~\nHI*ABF:"
        + "*ABF:".join(codes[7:])
        + "~\nHI*BP:00840~\nLX*1~\nSV1*HC:99213*10*UN*1***1:12:7:2~\nDTP*472*D8*20260715~\n"
    )

    assert [diagnosis.code for diagnosis in claim.diagnoses] == codes
    assert [diagnosis.role for diagnosis in claim.diagnoses] == ["principal"] + ["other"] * 11
    assert claim.lines[0].diagnosis_pointers == (1, 12, 7, 2)
    assert len({diagnosis.byte for diagnosis in claim.diagnoses}) == 2


def test_repeated_elements_of_an_hi_are_diagnoses_of_their_own():
    claim = one_claim(
        "CLM*A1*10***11:B:1*Y*A*Y*Y~\nHI*ABK:I10^ABF:E119*ABF:J45909~\n"
        "LX*1~\nSV1*HC:99213*10*UN*1***1~\nDTP*472*D8*20260715~\n"
    )

    assert [diagnosis.code for diagnosis in claim.diagnoses] == ["I10", "E119", "J45909"]


def test_anesthesia_minutes_ranges_notes_drugs_and_place_of_the_line_are_read():
    claim = one_claim(
        "CLM*A1*827***22:B:1*Y*A*Y*Y~\nDTP*435*D8*20260701~\nREF*G1*AUTH1~\nNTE*ADD*first~\nNTE*CER*second~\n"
        "HI*BK:36616~\nLX*1~\n"
        "SV1*HC:00142:QK:QS:P1:23:as described*827*MJ*61.00*21**1.00~\nDTP*472*RD8*20260701-20260703~\n"
        "REF*6R*L-1~\nNTE*ADD*line note~\nLIN**N4*00026063512~\nCTP****10.5*ML~\n"
        "LX*2~\nSV1*HC:J1550*0*UN****1~\n"
    )
    first, second = claim.lines

    assert claim.diagnoses == (Diagnosis("36616", "icd9cm", "principal", "", claim.diagnoses[0].byte),)
    assert (claim.admission_date, claim.prior_authorization, claim.note) == (
        dt.date(2026, 7, 1),
        "AUTH1",
        "FIRST SECOND",
    )
    assert (first.hcpcs, first.modifiers, first.note) == ("00142", ("QK", "QS", "P1", "23"), "AS DESCRIBED LINE NOTE")
    assert (first.units, first.unit_basis, first.charge) == (Decimal(61), "MJ", Decimal(827))
    assert (first.service_from, first.service_to) == (dt.date(2026, 7, 1), dt.date(2026, 7, 3))
    assert (first.pos, second.pos, first.diagnosis_pointers) == ("21", "22", (1,))
    assert (first.ndc, first.ndc_units, first.ndc_unit_basis) == ("00026063512", Decimal("10.5"), "ML")
    assert (first.control_number, second.control_number) == ("L-1", "")
    assert (second.units, second.unit_basis, second.service_from) == (None, "UN", None)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("RD8*20260705-20260705", dt.date(2026, 7, 5)),
        ("D8*20260705", dt.date(2026, 7, 5)),
        ("RD8*20260705-20260706", None),
    ],
)
def test_an_institutional_line_without_a_date_takes_the_statement_day_and_never_a_range(
    statement: str, expected: dt.date | None
):
    claim = one_claim(
        f"CLM*A1*30***13:A:1**A*Y*Y~\nDTP*434*{statement}~\nDTP*435*DT*202607050800~\nCL1*1*1*01~\nHI*ABK:I10~\n"
        "HI*ABF:E119~\nHI*BH:A1:D8:20260701~\nHI*BE:A2:::15.31~\n"
        "NM1*71*1*LOW*ANN****XX*1992999015~\nPRV*AT*PXC*207Q00000X~\nNM1*77*2*SITE*****XX*1992999007~\n"
        "N3*1 HOSPITAL WAY~\nN4*COLUMBUS*OH*432150002~\n"
        "LX*1~\nSV2*0250**10*UN*2~\nLX*2~\nSV2*0300*HC:80053:91*20*UN*1~\nDTP*472*D8*20260706~\n",
        guide="005010X223A2",
    )
    first, second = claim.lines

    assert (claim.bill_type, claim.pos, claim.frequency) == ("13", "", "1")
    assert (claim.attending_npi, claim.service_facility_npi) == ("1992999015", "1992999007")
    assert claim.admission_date == dt.date(2026, 7, 5)
    assert [diagnosis.code for diagnosis in claim.diagnoses] == ["I10", "E119"]
    assert (first.hcpcs, first.revenue_code, first.segment) == ("", "0250", "SV2")
    assert (first.service_from, first.service_to) == (expected, expected)
    assert (second.hcpcs, second.modifiers, second.service_from) == ("80053", ("91",), dt.date(2026, 7, 6))


def test_each_interchange_is_read_by_its_own_delimiters():
    first = wrap(transaction())
    swapped = first.replace(b"\n", b"").translate(bytes.maketrans(b"*:~^", b"|>\n\x1f"))
    found, rejects = take(first + swapped)

    assert rejects == []
    assert [claim.claim_id for claim in found] == ["A1", "A2", "A3"] * 2
    assert found[0].lines[0].diagnosis_pointers == found[3].lines[0].diagnosis_pointers == (1, 2)


def test_a_letter_in_the_place_of_the_repetition_separator_separates_nothing():
    found, rejects = take(wrap(transaction(), isa=ISA.replace("*^*", "*U*")))

    assert rejects == []
    assert found[0].payer_name == "KEY INSURANCE"


def test_text_in_utf8_and_in_latin1_is_read_without_moving_an_offset():
    body = BODY.replace("KEY INSURANCE", "CAF\u00c9 INSURANCE")
    for encoding in ("utf-8", "latin-1"):
        content = wrap(transaction(body)).decode().encode(encoding)
        found, rejects = take(content)
        assert rejects == []
        assert found[0].payer_name == "CAF\u00c9 INSURANCE"
        assert all(content[claim.byte :].startswith(b"CLM*") for claim in found)


def test_family_members_under_one_member_id_and_people_without_one_are_told_apart():
    def key(subscriber: str, dependent: str = "") -> str:
        body = HEADER + BILLING + SUBSCRIBER.replace("NM1*IL*1*DOE*SAM****MI*M0001", subscriber)
        (claim,), _ = take(wrap(transaction(body + dependent + FIRST_CLAIM)))
        return claim.patient_key

    own = "NM1*IL*1*DOE*SAM****MI*M0001"
    child, twin = DEPENDENT, DEPENDENT.replace("KIM", "LEE")
    keys = [key(own), key(own, child), key(own, twin), key("NM1*IL*1*DOE*SAM"), key("NM1*IL*1*ROE*SAM")]

    assert len(set(keys)) == len(keys)
    assert key(own) == key("NM1*IL*1*DOE*SAMUEL****MI*m0001 ")
    assert key("NM1*IL*1") == ""
    assert all("DOE" not in key and "M0001" not in key for key in keys)


# --- what is wrong: one edit of a good file, and what must come of it


def edited(*edits: tuple[str, str]) -> bytes:
    """The good file after each ``(old, new)`` edit of its first occurrence; SE01 is made to count again."""
    body = BODY
    for old, new in edits:
        assert old in body
        body = body.replace(old, new, 1)
    return wrap(transaction(body))


REJECTING = {
    "unknown segment in the header concerns every claim": ([("PER*IC", "*IC")], {"A1", "A2", "A3"}, "unknown segment"),
    "unknown segment of a subscriber concerns his claims and his dependents'": (
        [("DMG*D8*19480308", "DMX*D8*19480308")],
        {"A1", "A2"},
        "unknown segment",
    ),
    "unknown segment in a claim concerns that claim": ([("HI*ABK", "HX*ABK")], {"A1"}, "unknown segment"),
    "billing provider missing": ([("NM1*85", "NM1*87")], {"A1", "A2", "A3"}, "2010AA"),
    "billing provider of an unknown kind": ([("NM1*85", "NM1*117")], {"A1", "A2", "A3"}, "NM101"),
    "billing provider twice": (
        [("REF*EI*311234567~\n", "REF*EI*311234567~\nNM1*85*2*B*****XX*1992999999~\n")],
        {"A1", "A2", "A3"},
        "twice",
    ),
    "billing level lost": ([("HL*1**20*1~\n", "")], {"A1", "A2", "A3"}, "header"),
    "subscriber missing": ([("NM1*IL*1*DOE*SAM****MI*M0001~\n", "")], {"A1", "A2"}, "2010BA"),
    "payer missing": ([("NM1*PR*2*KEY INSURANCE*****PI*12345~\n", "")], {"A1", "A2"}, "2010BB"),
    "patient missing": ([("NM1*QC*1*DOE*KIM~\n", "")], {"A2"}, "2010CA"),
    "subscriber level lost after a claim": ([("HL*4*1*22*0~\n", "")], {"A2", "A3"}, "SBR"),
    "dependent level lost after a claim": ([("HL*3*2*23*0~\n", "")], {"A1", "A2"}, "PAT"),
    "level of an unknown kind": ([("HL*4*1*22", "HL*4*1*19")], {"A3"}, "HL03"),
    "parent names another level of the kind": (
        [(THIRD, THIRD + "HL*5*2*23*0~\nPAT*19~\nNM1*QC*1*ROE*KIM~\n" + FIRST_CLAIM.replace("CLM*A1", "CLM*A4"))],
        {"A4"},
        "HL02",
    ),
    "claim without an amount": ([("CLM*A1*150", "CLM*A1*")], {"A1"}, "CLM02 is missing"),
    "claim with text for an amount": ([("CLM*A1*150", "CLM*A1*1_50")], {"A1"}, "CLM02 is not a number"),
    "claim without a facility": ([("***11:B:1", "***")], {"A1"}, "CLM05"),
    "claim without a frequency": ([("11:B:1", "11:B")], {"A1"}, "CLM05-3"),
    "claim identifier missing": ([("CLM*A1*", "CLM**")], {None}, "CLM01"),
    "claim without lines": ([(FIRST_CLAIM[FIRST_CLAIM.index("LX*1") :], "")], {"A1"}, "no service line"),
    "line without its LX": ([("LX*1~\n", "")], {"A1"}, "SV1"),
    "line without its SV1": ([("SV1*HC:36415*50*UN*1***1~\n", "")], {"A1"}, "no SV1"),
    "line with two services": ([("LX*2~\n", "")], {"A1"}, "two of them"),
    "line of the other form": ([("SV1*HC:36415*50*UN*1***1", "SV2*0300*HC:36415*50*UN*1")], {"A1"}, "SV2"),
    "line without a procedure": ([("SV1*HC:36415*50", "SV1*HC*50")], {"A1"}, "no procedure"),
    "line without a charge": ([("SV1*HC:36415*50", "SV1*HC:36415*")], {"A1"}, "SV102"),
    "line with text for units": ([("36415*50*UN*1", "36415*50*UN*x")], {"A1"}, "SV104"),
    "line with units below zero": ([("36415*50*UN*1", "36415*50*UN*-1")], {"A1"}, "below zero"),
    "line with two dates": (
        [("DTP*472*D8*20260715~\n", "DTP*472*D8*20260715~\nDTP*472*D8*20260716~\n")],
        {"A1"},
        "two service dates",
    ),
    "line with two rendering providers": (
        [("DTP*472*D8*20260715~\n", "DTP*472*D8*20260715~\nNM1*82*1*A****XX*1~\nNM1*82*1*B*****XX*2~\n")],
        {"A1"},
        "two rendering",
    ),
    "line with two drugs": (
        [("DTP*472*D8*20260715~\n", "DTP*472*D8*20260715~\nLIN**N4*00000000001~\nLIN**N4*00000000002~\n")],
        {"A1"},
        "two drugs",
    ),
    "diagnosis qualifier unknown": ([("ABF:E119", "AXF:E119")], {"A1"}, "qualifier"),
    "diagnosis qualifier without a code": ([("*ABF:E119", "*ABF")], {"A1"}, "has no code"),
    "procedure repeated": ([("SV1*HC:36415", "SV1*HC:36415^HC:36416")], {"A1"}, "repeated"),
    "segment of a claim among the lines": ([("LX*2~\n", "HI*ABF:J449~\nLX*2~\n")], {"A1"}, "HI"),
}


@pytest.mark.parametrize(("edits", "lost", "why"), REJECTING.values(), ids=REJECTING)
def test_an_ambiguous_fault_rejects_the_claims_it_concerns_and_the_rest_goes_on(
    edits: list[tuple[str, str]], lost: set[str | None], why: str
):
    content = edited(*edits)
    found, rejects = take(content)
    rejected = [reject for reject in rejects if reject.claims]

    assert {reject.claim for reject in rejected} == lost
    assert len(found) + len(rejected) == content.count(b"CLM*")
    assert {claim.claim_id for claim in found}.isdisjoint(lost)
    for reject in rejected:
        assert why in reject.reason
        assert (reject.file, reject.segment) == ("a.837", "CLM")
        assert content[reject.byte :].startswith(f"CLM*{reject.claim or ''}*".encode())
        assert re.search(r" at byte \d+: ", reject.reason)


TOLD = {
    "wrong segment count": (wrap(transaction(count=25)), 3, "SE01"),
    "control number of the transaction differs": (
        wrap(transaction()).replace(b"*0001~\nGE", b"*0002~\nGE"),
        3,
        "SE02",
    ),
    "control number used twice": (wrap(transaction(), transaction()), 3, "ST02 was used before"),
    "group count": (wrap(transaction()).replace(b"GE*1*1", b"GE*2*1"), 3, "GE01"),
    "group count is no number": (wrap(transaction()).replace(b"GE*1*1", b"GE*x*1"), 3, "GE01"),
    "group control number": (wrap(transaction()).replace(b"GE*1*1", b"GE*1*2"), 3, "GE02"),
    "interchange count": (wrap(transaction()).replace(b"IEA*1", b"IEA*3"), 3, "IEA01"),
    "interchange control number": (wrap(transaction()).replace(b"IEA*1*000000001", b"IEA*1*000000002"), 3, "IEA02"),
    "no GE": (wrap(transaction()).replace(b"GE*1*1~\n", b""), 3, "no GE"),
    "no IEA": (wrap(transaction()).replace(b"IEA*1*000000001~\n", b""), 3, "no IEA"),
    "no GS": (wrap(transaction()).replace(GS.encode(), b""), 3, "GS is missing"),
    "two guides": (wrap(transaction(), gs=GS.replace("X222A1", "X222")), 3, "different implementation guides"),
    "HL01 does not count": (edited(("HL*4*1*22", "HL*7*1*22")), 1, "HL01"),
    "HL02 names nothing": (edited(("HL*4*1*22", "HL*4*9*22")), 1, "HL02"),
    "HL02 of a billing provider": (edited(("HL*1**20", "HL*1*1*20")), 3, "HL02"),
    "address missing": (edited(("N3*200 MAIN ST~\n", "")), 3, "N3"),
    "two tax identifications": (edited(("REF*EI*311234567~\n", "REF*EI*311234567~\nREF*SY*1~\n")), 3, "second tax"),
    "SBR missing": (edited(("SBR*P*18*******CI~\n", "")), 2, "SBR"),
    "out of order": (
        edited(("N3*200 MAIN ST~\nN4*COLUMBUS*OH*432150003~\n", "N4*COLUMBUS*OH*432150003~\nN3*200 MAIN ST~\n")),
        3,
        "out of order",
    ),
    "NM102 missing": (edited(("NM1*40*2*", "NM1*40**")), 3, "NM102"),
    "codes beside their qualifiers": (edited(("HI*ABK:I10*ABF:E119", "HI*ABK*I10*ABF*E119")), 1, "HI"),
    "another component separator than declared": (
        edited((FIRST_CLAIM, FIRST_CLAIM.replace(":", ">"))),
        1,
        "component separator",
    ),
    "facility qualifier of the other form": (edited(("11:B:1", "11:A:1")), 1, "CLM05-2"),
    "service date of an unknown kind": (edited(("472*D8", "472*RD9")), 1, "DTP"),
    "service date that does not exist": (edited(("472*D8*20260715", "472*D8*20260732")), 1, "DTP"),
    "birth date that does not exist": (edited(("19480308", "19481308")), 2, "DMG02"),
    "pointer that is no number": (edited(("***1:2~", "***A:2~")), 1, "SV107"),
}


@pytest.mark.parametrize(("content", "concerned", "what"), TOLD.values(), ids=TOLD)
def test_a_clear_fault_leaves_the_claims_readable_and_is_told_with_each_it_concerns(
    content: bytes, concerned: int, what: str
):
    found, rejects = take(content)
    faulty = [claim for claim in found if claim.envelope_faults]

    assert rejects == []
    assert len(found) == content.count(b"CLM*")
    assert len(faulty) == concerned
    for claim in faulty:
        (fault,) = claim.envelope_faults
        assert what in fault
        assert re.search(r"[A-Z0-9]{2,3} at byte \d+: ", fault)
    assert found[0].lines[0].hcpcs == "99213"
    assert [diagnosis.code for diagnosis in found[0].diagnoses] == ["I10", "E119"]


def test_an_unreadable_date_or_pointer_is_left_empty_not_guessed():
    found, _ = take(edited(("472*D8*20260715", "472*D8*20260732"), ("***1:2~", "***A:2~")))

    assert found[0].lines[0].service_from is None
    assert found[0].lines[0].diagnosis_pointers == ()


def test_a_malformed_isa_rejects_its_interchange_and_the_next_one_is_read():
    bad = wrap(transaction()).replace(b"*00*          *00*", b"*00*         *00*", 1)
    found, rejects = take(bad + wrap(transaction()))

    assert len(found) == 3
    assert [(reject.claim, reject.claims) for reject in rejects] == [("A1", 1), ("A2", 1), ("A3", 1)]
    assert all("ISA02 is 9 characters wide" in reject.reason for reject in rejects)


@pytest.mark.parametrize("terminator", ["~\n", "~", "\n"])
def test_claims_without_an_isa_are_rejected_one_by_one_with_their_ids(terminator: str):
    text = wrap(transaction()).decode().replace("~\n", terminator)
    content = text[text.index("GS*") :].encode()
    assert looks_like(content)
    found, rejects = take(content)

    assert found == []
    assert [reject.claim for reject in rejects] == ["A1", "A2", "A3"]
    assert all("ISA is missing" in reject.reason for reject in rejects)
    assert all(content[reject.byte :].startswith(b"CLM*") for reject in rejects)


def test_claims_outside_of_a_transaction_are_rejected_and_the_transactions_around_them_read():
    loose = transaction().partition("\n")[2]
    found, rejects = take(wrap(transaction(), loose.partition("SE*")[0], transaction(control="0002")))

    assert len(found) == 6
    assert [reject.claim for reject in rejects] == ["A1", "A2", "A3"]
    assert all("outside a transaction" in reject.reason for reject in rejects)


def test_claims_after_the_interchange_has_ended_are_rejected():
    found, rejects = take(wrap(transaction()) + FIRST_CLAIM.encode())

    assert len(found) == 3
    assert [(reject.claim, reject.claims) for reject in rejects] == [("A1", 1)]
    assert "outside an interchange" in rejects[0].reason


def test_a_lost_clm_is_told_although_no_claim_can_be_counted():
    found, rejects = take(edited(("CLM*A1*150***11:B:1*Y*A*Y*Y~\n", "")))

    assert [claim.claim_id for claim in found] == ["A2", "A3"]
    ((reject),) = rejects
    assert (reject.claims, reject.segment) == (0, "HI")
    assert "its CLM is missing" in reject.reason


def test_a_file_cut_anywhere_loses_no_claim_and_reads_none_that_may_be_incomplete():
    content = wrap(transaction())
    whole = {claim.claim_id: as_drawn(claim) for claim in take(content)[0]}
    end = content.index(b"SE*")
    for cut in range(content.index(b"CLM*A1") + 6, end):
        found, rejects = take(content[:cut])
        assert len(found) + sum(reject.claims for reject in rejects) == content.count(b"CLM*", 0, cut)
        assert rejects
        for claim in found:
            assert replace(as_drawn(claim), envelope_faults=()) == whole[claim.claim_id]
            assert any("no SE" in fault for fault in claim.envelope_faults)


def test_a_transaction_or_group_without_claims_is_told():
    empty_group = "GE*1*1~\nGS*HC*S*R*20260701*1200*2*X*005010X222A1~\n"
    content = wrap(transaction() + transaction(HEADER, control="0002") + empty_group).replace(b"GE*1*1~", b"GE*2*1~", 1)
    found, rejects = take(content)

    assert len(found) == 3
    assert [(reject.claims, reject.segment) for reject in rejects] == [(0, "ST"), (0, "GS")]
    assert "holds no claim" in rejects[0].reason
    assert "holds no transaction" in rejects[1].reason


def test_messages_hold_no_name_or_identifier_of_a_patient():
    broken = edited(("NM1*IL*1*DOE*SAM", "NM1*IL*1*~DOE*SAM"), ("NM1*QC*1*DOE*KIM", "NM1*QC*1*D~KIM"))
    _, rejects = take(broken)

    assert rejects
    assert not any(word in reject.reason for reject in rejects for word in ("DOE", "SAM", "KIM", "M0001"))


# --- other kinds of file


def other(set_id: str, guide: str, functional: str = "HN") -> bytes:
    body = f"ST*{set_id}*0001*{guide}~\nBHT*0085*08*1*20260701*1200*TH~\nSE*3*0001~\n"
    return wrap(body, gs=GS.replace("HC", functional).replace("005010X222A1", guide))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (other("277", "005010X214"), "277CA claim acknowledgment (005010X214)"),
        (other("277", "005010X212"), "277 claim status response (005010X212)"),
        (other("270", "005010X279A1"), "270 eligibility inquiry"),
        (other("835", "005010X221A1"), "835 remittance advice"),
        (other("999", "005010X231A1"), "999 implementation acknowledgment"),
        (other("850", "005010"), "unknown transaction set"),
        (wrap(transaction(guide=""), gs=GS.replace("005010X222A1", "004010X098A1")), "004010X098A1 (4010)"),
        (wrap(transaction(guide="008020X323"), gs=GS.replace("005010X222A1", "008020X323")), "008020X323"),
        (wrap("TA1*000000001*260701*1200*A*000~\n").replace(GS.encode(), b""), "TA1"),
        (ISA[:60].encode(), "ISA"),
        (b"", "empty"),
        (b"\n \r\n", "empty"),
    ],
)
def test_a_file_that_holds_no_5010_claims_is_named_for_what_it_is(content: bytes, named: str):
    with pytest.raises(UnreadableFile) as raised:
        read(content, "a.837")
    assert str(raised.value).startswith("a.837: ")
    assert named in str(raised.value)


def test_other_transactions_beside_claims_become_rejects_and_the_claims_are_read():
    old = wrap(transaction(guide=""), gs=GS.replace("005010X222A1", "004010X098A1"))
    dental = wrap(transaction(guide="005010X224A2"), gs=GS.replace("X222A1", "X224A2"))
    found, rejects = take(other("277", "005010X214") + wrap(transaction()) + old + dental)

    assert [claim.claim_id for claim in found] == ["A1", "A2", "A3"]
    assert [(reject.claim, reject.claims) for reject in rejects] == [(None, 0)] + [("A1", 1), ("A2", 1), ("A3", 1)] * 2
    assert "277CA" in rejects[0].reason
    assert "4010" in rejects[1].reason
    assert "dental is not read yet" in rejects[4].reason


def test_a_dental_file_is_rejected_claim_by_claim_not_as_a_file():
    found, rejects = take(wrap(transaction(guide="005010X224A2"), gs=GS.replace("X222A1", "X224A2")))

    assert found == []
    assert [reject.claim for reject in rejects] == ["A1", "A2", "A3"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ISA.encode(), True),
        (b"\xef\xbb\xbf\r\n" + ISA.encode(), True),
        (b"GS*HC*S*R", True),
        (b"ST*837*0001", True),
        (b"ISAAC,1", False),
        (b"ST,837,zip", False),
        (b"claim,line", False),
        (b'{"resourceType":"Claim"}', False),
        (b"", False),
    ],
)
def test_looks_like_tells_x12_by_its_first_bytes(content: bytes, expected: bool):
    assert looks_like(content) is expected


# --- damage of every kind


BASES = (
    wrap(transaction(), transaction(control="0002")),
    wrap(transaction()) + wrap(transaction()),
    wrap(
        transaction(BODY.replace("11:B:1", "13:A:1").replace("SV1*HC:99213", "SV2*0300*HC:99213"), "005010X223A2"),
        gs=GS.replace("X222A1", "X223A2"),
    ),
)


def refusal_or(content: bytes) -> tuple[str, list[Claim], list[Reject]]:
    """The message with which the file is refused whole, or what is read from it."""
    try:
        return "", *take(content)
    except UnreadableFile as error:
        return str(error), [], []


def check_nothing_is_lost(content: bytes) -> None:
    seen = sum(piece.lstrip(b" \t\r\n\x00\x1a").startswith(b"CLM*") for piece in content.split(b"~"))
    refusal, found, rejects = refusal_or(content)
    # A damaged version may be that of another guide: then the file is refused whole, and says so.
    if refusal and (seen == 0 or "this is an X12 837 of another version: 00" in refusal):
        return
    assert not refusal
    assert len(found) + sum(reject.claims for reject in rejects) == seen
    for item in (*found, *(reject for reject in rejects if reject.claims)):
        assert content[item.byte :].startswith(b"CLM*")
    assert len({item.byte for item in (*found, *rejects) if content[item.byte :].startswith(b"CLM*")}) == seen


def check_it_is_read_or_refused(content: bytes) -> None:
    refusal, found, rejects = refusal_or(content)
    assert refusal.startswith("a.837: ") if refusal else found or rejects


SECOND_PROVIDER = """\
HL*5**20*1~
PRV*BI*PXC*282N00000X~
NM1*85*2*TOWN CLINIC*****XX*1992999049~
N3*300 MAIN ST~
N4*COLUMBUS*OH*432150003~
REF*EI*319999999~
HL*6*5*22*1~
SBR*P********WC~
NM1*IL*1*POE*LEE****MI*M0003~
DMG*D8*19600101*F~
NM1*PR*2*COMP*****PI*WCP~
HL*7*6*23*0~
PAT*20~
NM1*QC*1*POE*JIM~
N3*4 MAIN ST~
N4*COLUMBUS*OH*432150003~
DMG*D8*20160101*M~
""" + FIRST_CLAIM.replace("CLM*A1", "CLM*A4").replace("1992999015", "1992999023")


@pytest.mark.parametrize("damage", ["", "ZZ9*"], ids=["lost", "mangled"])
def test_a_lost_or_mangled_segment_never_gives_a_claim_what_belongs_to_another(damage: str):
    content = wrap(transaction(BODY + SECOND_PROVIDER))
    whole = {claim.claim_id: claim for claim in take(content)[0]}
    assert len(whole) == 4
    pieces = content.decode().split("~\n")
    for at in range(1, len(pieces) - 1):
        piece = [damage + pieces[at]] if damage else []
        found, rejects = take("~\n".join(pieces[:at] + piece + pieces[at + 1 :]).encode())
        assert rejects or any(claim.envelope_faults for claim in found)
        for claim in found:
            original = whole[claim.claim_id]
            for name in (
                "payer_id",
                "filing_indicator",
                "patient_sex",
                "billing_npi",
                "billing_taxonomy",
                "rendering_npi",
            ):
                assert getattr(claim, name) in {getattr(original, name), ""}, (name, pieces[at])
            assert claim.patient_birth_date in {original.patient_birth_date, None}
            others = {other.patient_key for other in whole.values() if other.claim_id != claim.claim_id}
            assert claim.patient_key not in others
            assert [line.hcpcs for line in claim.lines] == [line.hcpcs for line in original.lines], pieces[at]
            assert {line.service_from for line in claim.lines} <= {dt.date(2026, 7, 15), None}


@settings(max_examples=400, deadline=None)
@given(base=st.sampled_from(BASES), data=st.data())
def test_damaged_segments_never_lose_a_claim(base: bytes, data: st.DataObject):
    pieces = base.split(b"~")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(1, len(pieces) - 1))
        to = data.draw(st.integers(1, len(pieces) - 1))
        match data.draw(st.sampled_from(["drop", "repeat", "move", "swap", "alter", "cut"])):
            case "drop" if len(pieces) > 2:
                del pieces[at]
            case "repeat":
                pieces.insert(to, pieces[at])
            case "move":
                pieces.insert(to, pieces.pop(at))
            case "swap":
                pieces[at], pieces[to] = pieces[to], pieces[at]
            case "alter":
                elements = pieces[at].split(b"*")
                values = st.sampled_from(
                    [b"", b"X", b"ABK", b"22", b"HL", b"CLM", b"A:B:C", b"99999999999", b"\xff\x00"]
                )
                elements[data.draw(st.integers(0, len(elements) - 1))] = data.draw(values)
                pieces[at] = b"*".join(elements)
            case _:
                pieces = pieces[: at + 1]
    check_nothing_is_lost(b"~".join(pieces))


@settings(max_examples=400, deadline=None)
@given(
    base=st.sampled_from(BASES),
    edits=st.lists(
        st.tuples(
            st.integers(len(ISA), len(BASES[0]) - 1),
            st.sampled_from(["replace", "insert", "delete"]),
            st.one_of(st.sampled_from(b"*~:^\n \x00AC0\xc3"), st.integers(0, 255)),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_damaged_bytes_never_lose_a_claim(base: bytes, edits: list[tuple[int, str, int]]):
    content = bytearray(base)
    for at, action, value in edits:
        place = len(ISA) + at % (len(content) - len(ISA))
        if action == "replace":
            content[place] = value
        elif action == "insert":
            content.insert(place, value)
        else:
            del content[place]
    if bytes(content).count(ISA.encode()) == base.count(ISA.encode()):
        check_nothing_is_lost(bytes(content))
    else:
        # A damaged ISA may declare other separators, under which other claims are seen: only look for a crash.
        check_it_is_read_or_refused(bytes(content))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=120).map(lambda tail: ISA.encode() + tail)))
@example(b"ISA")
@example(ISA.encode()[:-1])
@example(ISA.encode() + b"ST*837")
def test_any_bytes_are_read_or_refused_with_one_clear_error(content: bytes):
    check_it_is_read_or_refused(content)


# --- published files


IMSWEB = {
    "x12_ambiguous_loop": (1, [], ""),
    "x12_bad_first_line": (0, ["A37YH556", "A37YH667"], "ISA02"),
    "x12_bad_segment_identifier": (0, ["A37YH556", "A37YH667"], "unknown segment identifier"),
    "x12_bad_valid_code": (0, ["A37YH556", "A37YH667"], "NM101"),
    "x12_complex": (6, [], ""),
    "x12_loop_errors1_exceeds_max_1_parent": (0, ["A37YH556"], "NM1*85 stands twice"),
    "x12_loop_errors2_exceeds_max_repeats_multiple_parents": (1, ["A37YH556"], "NM1*85 stands twice"),
    "x12_loop_errors3_missing_loops": (0, ["A37YH556"], "2010AA"),
    "x12_many_claims": (820, [], ""),
    "x12_missing_elements": (1, ["A37YH667"], "CLM05"),
    "x12_missing_required_loop_in_one_repeat": (1, ["A37YH667"], "2010BA"),
    "x12_missing_required_loops_mult_repeats": (3, ["A37YH667", "A37YH556"], "SV1"),
    "x12_multiple_gs": (6, [], ""),
    "x12_multiple_isa": (4, [], ""),
    "x12_multiple_st": (4, [], ""),
    "x12_multiple_transactions": (624, [], ""),
    "x12_no_errors": (2, [], ""),
    "x12_no_isa_line": (0, ["A37YH556", "A37YH556"], "ISA is missing"),
    "x12_segment_errors": (1, [], ""),
    "x12_segments_out_of_order": (2, [], ""),
    "x12_valid": (2, [], ""),
    "x12_valid_different_separators": (2, [], ""),
    "x12_writer_test": (1, [], ""),
    "x223-test": (1, [], ""),
}


def published(path: str) -> bytes:
    file = PUBLISHED / path
    if not file.is_file():
        pytest.skip("needs the published claim files in ../shared/data")
    return file.read_bytes()


@pytest.mark.published
@pytest.mark.parametrize(("name", "expected"), IMSWEB.items(), ids=IMSWEB)
def test_published_files_with_deliberate_faults_are_read_or_rejected_for_the_right_reason(
    name: str, expected: tuple[int, list[str], str]
):
    claims, rejected, why = expected
    found, rejects = take(published(f"x12_imsweb/837_5010/{name}.txt"))

    assert len(found) == claims
    assert [reject.claim for reject in rejects] == rejected
    assert all(why in reject.reason for reject in rejects)
    # Every one of these files miscounts its segments.
    assert all(any("SE01" in fault for fault in claim.envelope_faults) for claim in found)


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x12_missing_elements", "NM102 is missing"),
        ("x12_segment_errors", "second tax identification"),
        ("x12_segment_errors", "no street address"),
        ("x12_segments_out_of_order", "out of order"),
        ("x12_multiple_gs", "IEA01"),
        ("x12_multiple_st", "GE01"),
    ],
)
def test_published_deliberate_faults_that_leave_a_claim_readable_are_told(name: str, told: str):
    found, _ = take(published(f"x12_imsweb/837_5010/{name}.txt"))

    assert all(any(told in fault for fault in claim.envelope_faults) for claim in found)


@pytest.mark.published
def test_published_complex_file_is_read_field_by_field():
    found, _ = take(published("x12_imsweb/837_5010/x12_complex.txt"))
    first, dependent, last = found[:3]

    assert (first.claim_id, first.payer_name, first.billing_taxonomy) == (
        "A37YH556",
        "HEALTH INSURANCE COMPANY",
        "207Q",
    )
    assert first.referring_npi == "1234567890"
    assert [(line.service_from, line.charge, line.ndc, line.ndc_units) for line in first.lines] == [
        (dt.date(2015, 3, 30), Decimal("12.25"), "3920293", Decimal(2)),
        (dt.date(2015, 3, 31), Decimal("13.26"), "", None),
    ]
    assert (dependent.payer_name, dependent.patient_birth_date) == (
        "HEALTH INSURANCE COMPANY TWO",
        dt.date(1989, 9, 16),
    )
    assert (dependent.lines[0].rendering_npi, dependent.lines[0].rendering_taxonomy) == ("303304", "2420A")
    assert [diagnosis.code for diagnosis in dependent.diagnoses] == ["1987", "4134", "5559"]
    assert (last.claim_id, len(last.lines), last.patient_key) == ("A37YH668", 2, dependent.patient_key)


@pytest.mark.published
@pytest.mark.parametrize(("guide", "claims"), [("837_005010X222A2", 18), ("837_005010X223A3", 5)])
def test_the_standards_own_examples_are_read_and_faultless_but_for_one_wrong_separator(guide: str, claims: int):
    folder = PUBLISHED / "x12_linuxforhealth" / guide
    if not folder.is_dir():
        pytest.skip("needs the published claim files in ../shared/data")
    found = []
    for file in sorted(folder.iterdir()):
        read_here, rejects = take(file.read_bytes())
        assert rejects == []
        found += read_here
    faults = {fault.partition(": ")[2] for claim in found for fault in claim.envelope_faults}

    assert len(found) == claims
    assert all(claim.diagnoses and claim.lines and claim.payer_id and claim.billing_npi for claim in found)
    assert all(line.service_from and line.charge is not None for claim in found for line in claim.lines)
    assert faults == {"CLM05 does not use the component separator the ISA declares"}


@pytest.mark.published
@pytest.mark.parametrize("folder", ["x12_linuxforhealth/837_004010X096A1", "x12_linuxforhealth/837_004010X098A1"])
def test_published_4010_files_are_refused_with_the_version_named(folder: str):
    if not (PUBLISHED / folder).is_dir():
        pytest.skip("needs the published claim files in ../shared/data")
    for file in (PUBLISHED / folder).iterdir():
        with pytest.raises(UnreadableFile, match=r"004010X09[68]A1 \(4010\).*Ask the sender for 5010"):
            read(file.read_bytes(), file.name)


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "claims", "faultless"),
    [("p2024", 36, True), ("p2026", 20, True), ("i2024", 3, True), ("f_FMT01", 1, True), ("f_POS01", 1, True)],
)
def test_published_synthetic_claims_are_read_without_a_fault(name: str, claims: int, faultless: bool):
    found, rejects = take(published(f"truth/{name}.837"))

    assert (len(found), rejects) == (claims, [])
    assert all(not claim.envelope_faults for claim in found) is faultless
    assert all(claim.total_charge == sum(line.charge or 0 for line in claim.lines) for claim in found)
