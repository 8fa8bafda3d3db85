"""What a rule may look at: flat records of facts, gathered once by the engine.

A rule is a pure function of one such record (or of an edit and its two lines). Every field is a number, a
truth value or flag bytes, never text, a date object or a lookup: so the very same function serves a single
claim in plain Python and can be compiled over arrays of the same fields.

Conventions: -1 is "not known" for counts and indicators; dollars are whole cents; days are counted as
``date.toordinal()``, 0 for unknown; a published one-letter indicator is its character code (``ord("B")``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

UNKNOWN: Final = -1
"""No loaded release says."""


class CodeKind(IntEnum):
    """The shape of a procedure code."""

    ABSENT = 0
    CATEGORY_I = 1
    """Five digits, or four and A (vaccine administration): CPT Category I."""
    CATEGORY_II = 2
    """Four digits and F: performance measure."""
    CATEGORY_III = 3
    """Four digits and T: emerging technology."""
    LEVEL_II = 4
    """A letter and four digits: HCPCS Level II."""
    LABORATORY = 5
    """Four digits and U or M: proprietary laboratory analyses, administrative multianalyte assays."""
    MALFORMED = 6


class CodeState(IntEnum):
    """Whether a code could be billed on the service date."""

    NO_DATA = 0
    IN_FORCE = 1
    UNKNOWN_CODE = 2
    """The whole lists in force on the date do not have it."""
    ENDED = 3
    NOT_YET = 4


class NpiState(IntEnum):
    """An NPI is ten digits of which the last is a check digit (Luhn over 80840 and the first nine)."""

    ABSENT = 0
    WELL_FORMED = 1
    MALFORMED = 2
    WRONG_CHECK_DIGIT = 3


class DxState(IntEnum):
    """What the ICD-10-CM release in force says of a diagnosis code."""

    NO_DATA = 0
    BILLABLE = 1
    NOT_BILLABLE = 2
    """A heading: more characters are needed."""
    UNKNOWN_CODE = 3
    NOT_IN_FORCE = 4
    """Known to another release, not to the one in force."""


class TaxonomyState(IntEnum):
    """What the provider taxonomy in force on the day says of a code."""

    NO_DATA = 0
    """None is given, or no list in force is at hand."""
    LISTED = 1
    UNLISTED = 2
    MALFORMED = 3
    """Not nine letters and digits and an X."""


class Specialty(IntEnum):
    """What a provider is by the taxonomy code billed (NUCC); only what rules tell apart."""

    UNKNOWN = 0
    PHYSICIAN = 1
    """A physician of no other kind named here, a dentist or a podiatrist."""
    ANESTHESIOLOGIST = 2
    """Anesthesiology, pain medicine, dental anesthesiology."""
    NURSE_ANESTHETIST = 3
    ANESTHESIOLOGIST_ASSISTANT = 4
    ADVANCED_PRACTICE = 5
    """Physician assistant, nurse practitioner, clinical nurse specialist."""
    CHIROPRACTOR = 6
    PHYSICAL_THERAPY = 7
    OCCUPATIONAL_THERAPY = 8
    SPEECH_PATHOLOGY = 9
    GROUP = 10
    """A group of practitioners, which renders nothing itself."""
    OTHER = 11


class Sex(IntEnum):
    """The patient's sex as the claim states it, or the one that a diagnosis is of."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2


class Imaging(IntEnum):
    """How a procedure code stands to imaging guidance (book/policies/imaging_guidance.yaml)."""

    NO_DATA = 0
    INCLUDED = 1
    WITHOUT = 2
    SEPARATELY_REPORTABLE = 3
    IS_GUIDANCE = 4
    """The code is itself imaging guidance."""
    IS_SUPERVISION_AND_INTERPRETATION = 5


class AddOnType(IntEnum):
    """How an add-on code's primaries are defined (NCCI manual I.R; add-on code edits)."""

    NOT_ADD_ON = 0
    LISTED = 1
    CONTRACTOR_DEFINED = 2
    PARTLY_LISTED = 3


class Package(IntEnum):
    """The part of another service's global package that a line falls into (NCCI manual I.D)."""

    NONE = 0
    POST_OP = 1
    """After the procedure, within its 10 or 90 days."""
    DAY_OF_MAJOR = 2
    """The day of a procedure with 90 days."""
    DAY_BEFORE_MAJOR = 3
    DAY_OF_MINOR = 4
    """The day of a procedure with 0 or 10 days, where no pair edit stands between the two."""
    MATERNITY = 5
    """Routine care before or after a delivery whose code includes it."""
    CONTRACTOR = 6
    """The day of, or the 90 days after, a procedure whose days the contractor sets (YYY)."""
    DAY_OF_MAJOR_WITH_25 = 7
    """The day of a procedure with 90 days, where 25, but neither 57 nor 24, is all that sets the visit apart."""


class SameProvider(IntEnum):
    """Whether two professional lines are one physician's. Ordered: the surer, the smaller."""

    NO = 0
    SAME = 1
    """One rendering provider."""
    COLLEAGUE = 2
    """Another of the same biller with the same taxonomy: to Medicare one physician (same group, same specialty)."""
    PERHAPS = 3
    """Another of the same biller, and a taxonomy is not given."""


class CoverageOutcome(IntEnum):
    """What the article of the line's Medicare contractor says of its diagnoses (``engine.coverage``)."""

    UNKNOWN = 0
    """No article governs the code, or it is not known."""
    SUPPORTED = 1
    EXPLAINED = 2
    """Listed with an asterisk: under a condition that the article tells in prose."""
    SECOND_MISSING = 3
    """Listed, but the article asks for a second diagnosis, which is not there."""
    NOT_LISTED = 4
    """Not on the list for the code, and the article does not say that the list is closed."""
    NAMED_NOT_COVERED = 5
    """Every diagnosis is on the list of those not covered."""
    NOT_COVERED = 6
    """Not on the list, and the article says that all others are not covered."""


class Journey(IntEnum):
    """Whether an ambulance line says where the ride began and ended: a modifier of two letters (HCPCS Level II)."""

    NOT_ASKED = 0
    """No transport or mileage, or nobody was carried (QL)."""
    STATED = 1
    UNSTATED = 2
    NO_ORIGIN = 3
    """It begins with X, which is a destination only."""


class SelfAdministered(IntEnum):
    """Whether the line's contractor excludes its drug as one that patients give to themselves."""

    NO = 0
    BY_ROUTE = 1
    """Only under the skin, and the line does not say how it was given."""
    EXCLUDED = 2


@dataclass(slots=True, eq=False)
class LineFacts:
    """One claim line with everything the book says of it on its service date."""

    # --- as billed
    line_no: int = 0
    service_day: int = 0
    service_end_day: int = 0
    units: float = -1.0
    """Units billed, -1 when the file gives none. Minutes (MJ) are not units: see ``minutes``."""
    minutes: float = -1.0
    charge_cents: int = UNKNOWN
    modifiers: bytes = b""
    """Flag bytes: see :mod:`cleanclaim.rules.modifiers`."""
    modifier_count: int = 0
    repeated_modifier: bool = False
    informs_before_pricing: bool = False
    """A modifier that only informs stands before one that changes the payment (``rules.modifiers.PRICING``)."""
    code_kind: int = CodeKind.ABSENT
    code_number: int = 0
    """The procedure code as a number (``rules.code_groups.code_number``); 0 where there is none."""
    is_hcpcs: bool = True
    """False when the line's procedure is coded in another system, or it has only a revenue code."""
    professional: bool = True
    """True on a professional claim, False on an institutional one."""
    medicare: int = UNKNOWN
    """The claim is filed with Medicare Part A or B: 1 yes, 0 with another payer, -1 it does not say."""
    from_x12: bool = False
    """The line came in an X12 837: what it lacks is missing, where another format may have had no place for it."""
    birth_day: int = 0
    """The patient's date of birth."""
    age_years: int = UNKNOWN
    """The patient's age on the first day of service, in whole years."""
    patient_sex: int = Sex.UNKNOWN
    other_person: bool = False
    """A diagnosis of the claim is of another sex or age than the patient's: DXV016 and DXV017 say so."""
    submitted_day: int = 0
    """The day the file says it was made."""
    medicare_filing_day: int = 0
    """The last day on which Medicare takes the line; 0 for a claim of another payer, or where it is not known."""
    original_claim: bool = True
    """No replacement or void of an earlier claim (frequency 7 or 8)."""
    pointer_count: int = 0
    dangling_pointer: bool = False
    """A diagnosis pointer names a diagnosis the claim does not have."""
    repeated_pointer: bool = False
    diagnosis_count: int = 0
    rendering_npi: int = NpiState.ABSENT
    first_of_rendering_npi: bool = True
    """No earlier line of the claim names the same NPI that cannot be one: a finding on it stands here once."""
    has_ndc: bool = False
    has_note: bool = False
    has_revenue_code: bool = False
    statement_from_day: int = 0
    statement_to_day: int = 0
    spans_years: bool = False
    """The first and the last day lie in different calendar years."""
    rendering_taxonomy: int = TaxonomyState.NO_DATA
    first_of_taxonomy: bool = True
    """No earlier line of the claim names the same taxonomy: a finding on it stands here once."""
    specialty: int = Specialty.UNKNOWN
    """What the rendering provider is, by the taxonomy billed."""
    diagnoses_of_other_side: bool = False
    """The line names one side, and every diagnosis it points at is of the other."""
    diagnosis_side_unspecified: bool = False
    """The line names a side or bears 50, and a diagnosis it points at leaves its side unspecified."""
    # --- place of service
    pos_state: int = UNKNOWN
    """-1 no data, 0 not on the published list, 1 on it, 2 none billed."""
    place_of_service: int = UNKNOWN
    """The place of service billed, as a number; -1 when there is none or it is no number."""
    facility: int = UNKNOWN
    """Facility rate applies at the place of service: 1 yes, 0 no, -1 not known."""
    professional_share_only: bool = False
    """A facility where the practitioner can bill only the professional share (RULES.md, Components)."""
    # --- the code on the service date
    code_state: int = CodeState.NO_DATA
    has_fee_schedule: bool = False
    """The fee-schedule fields below are known."""
    has_row_for_modifier: bool = True
    """False when the line bears 26, TC or 53 and the fee schedule has a code row but none for that modifier."""
    status_indicator: int = 0
    """Of the row with the line's modifier (26, TC, 53) where there is one; ``ord`` of the letter."""
    global_status_indicator: int = 0
    """Of the row without modifier."""
    pc_tc_indicator: int = UNKNOWN
    """Of the row with the line's modifier: a laboratory test is 9, its interpretation (26) is 6."""
    global_days: int = UNKNOWN
    """0, 10, 90; 100 XXX, 101 YYY, 102 ZZZ, 103 MMM; -1 not known."""
    multiple_procedure: int = UNKNOWN
    bilateral: int = UNKNOWN
    assistant: int = UNKNOWN
    co_surgeon: int = UNKNOWN
    team_surgeon: int = UNKNOWN
    na_here: bool = False
    """The fee schedule marks the code rarely or never done in the line's setting (NA)."""
    is_measure: bool = False
    """Category II, or a G code of status M: reports quality, is not paid."""
    evaluation_and_management: bool = False
    laboratory: bool = False
    unlisted: bool = False
    """A code for what has no code of its own (CPT Category I)."""
    never_distinct: bool = False
    """Modifier 59 is never used with the code (NCCI manual I.E.d)."""
    incident_to_same_day_service: bool = False
    """Another service of status A or R is billed by the provider for the patient that day (for status P and T)."""
    component_of_global: bool = False
    """The line bears 26 or TC, and another line bills the same code without them: same provider, day, place."""
    physical_or_occupational_therapist: bool = False
    """The rendering provider's taxonomy is that of a physical or occupational therapist."""
    # --- units
    mue_value: int = UNKNOWN
    """The published limit; -1 where none is published or no table is loaded."""
    mue_mai: int = 0
    """1 by line, 2 by day as policy, 3 by day clinical; 0 none."""
    units_per_day: float = 0.0
    """This line's units as the MUE counts them: a date range is divided by its days and rounded."""
    units_of_day: float = 0.0
    """Sum of ``units_per_day`` of the code for the patient, provider and day; the professional and technical
    components of a service (26 and TC) are one unit of it."""
    last_of_code_and_day: bool = True
    """The claim's last line of its code and day: a finding on the day stands here once."""
    # --- add-on
    add_on_type: int = AddOnType.NOT_ADD_ON
    primary_present: bool = False
    """A primary that the edits list for the add-on is billed by the provider for the patient that day."""
    other_service_present: bool = False
    """Some service that is no add-on is billed by the provider for the patient that day."""
    primary_elsewhere: bool = False
    """A listed primary is billed for the patient by the same billing provider and payer, but a day earlier or later
    or under another rendering provider."""
    colleague_bills_primary: bool = False
    """A listed primary is billed for the patient that day by the same billing provider, under another rendering
    provider of whom no other specialty is known."""
    primary_by_colleague: bool = False
    """Medicare may pay the add-on with a primary of another physician of the group (99292: NCCI manual I.W)."""
    add_on_edits_outdated: bool = False
    """The add-on edits at hand are of an earlier year: primaries that are new codes since are not in them."""
    primary_denied: bool = False
    """Every such primary bears a deny finding (known only to rules with ``after_findings``)."""
    bundled: bool = False
    """A pair edit denies the line (known only to rules with ``after_findings``)."""
    # --- modifiers
    unknown_modifier: bool = False
    """A modifier with a letter is not on the whole HCPCS list in force on the service date."""
    unlisted_modifier: bool = False
    """A modifier of two digits is none of CPT's, or one has not the two characters of a modifier."""
    ended_modifier: bool = False
    """The HCPCS list gives a modifier a last day before the service date."""
    future_modifier: bool = False
    """The HCPCS list gives a modifier a first day after the service date."""
    modifier_cannot_bypass: bool = False
    """A pair edit of the line already says that a modifier of its two lines does not fit (PTP003)."""
    surgery_center: bool = False
    """The line is an ambulatory surgical center's own share, which it bills as a professional claim."""
    waste_on_other_line: bool = False
    """The line bears JZ, and another line bills waste (JW) of the drug: same patient, provider, payer and day, no other
    product (NDC), and no modifier on either that says it was given again."""
    code_billed_again: bool = False
    """Another line bills the code: same patient, provider, payer and day."""
    reducible_procedure_present: bool = False
    """Another procedure of the day is subject to the multiple-procedure reduction (indicator 2 or 3)."""
    minor_procedure_present: bool = False
    """A procedure with global days 000 or 010 is billed by the provider for the patient that day."""
    major_procedure_present: bool = False
    """A procedure with 90 global days is billed by the provider for the patient that day."""
    screening_first: bool = False
    """The first diagnosis of the line is screening for colorectal cancer, or a history for which it is done."""
    all_visits_with_25: bool = False
    """The line is G2211, and every office visit of the provider and day bears 25; there is one."""
    preventive_service_present: bool = False
    """The line is G2211, and a preventive service of Medicare Part B is billed that day."""
    anesthetists_contradict: bool = False
    """An earlier line for the same anesthesia of the patient says of who gave it what cannot stand beside this line."""
    journey: int = Journey.NOT_ASKED
    transport_present: bool = False
    """An ambulance service other than mileage, or a ride by van or taxi, is billed on the claim that day."""
    # --- endoscopy
    endoscopy_of_family_present: bool = False
    """Another endoscopy whose base is this code is billed that day, on the same side, and no pair edit is published
    between the two."""
    endoscopy_reduced: bool = False
    """The line is not the dearest of the endoscopies of its family that day (lines a pair edit denies do not count)."""
    colonoscopy_present: bool = False
    """The code is a sigmoidoscopy, and a colonoscopy is billed that day, with no pair edit between the two."""
    endoscopy: bool = False
    """The fee schedule gives the code an endoscopic base, or makes it the base of others (told only beside a procedure
    with 90 global days)."""
    diagnostic_endoscopy: bool = False
    """It is the base of others, which the fee schedule takes to hold it (told as ``endoscopy`` is)."""
    open_procedure_present: bool = False
    """A procedure with 90 global days that is no endoscopy, in the same region of the body, is billed that day, with no
    pair edit between the two."""
    open_procedure_staged: bool = False
    """That procedure bears modifier 58."""
    # --- imaging
    imaging: int = Imaging.NO_DATA
    imaging_modalities: int = 0
    """A bit for each modality (``engine.imaging``): of imaging its own, of a code without imaging those with which it
    has another code."""
    fluoroscopy: bool = False
    """The code is plain fluoroscopy (76000), which belongs to many procedures (NCCI manual IX.D.8)."""
    guidance_of_encounter: bool = False
    """Needle guidance whose unit of service is the encounter, whatever the needles (NCCI manual IX.G.3)."""
    surgery: bool = False
    """A code of the surgery section: what a scope, an injection or an implant is."""
    # --- Medicare coverage
    coverage: int = CoverageOutcome.UNKNOWN
    self_administered: int = SelfAdministered.NO
    determination_alone: bool = False
    """A determination (LCD) of its Medicare contractor lists the code, and no billing article that is loaded does."""
    # --- duplicates
    duplicate_line: bool = False
    """An earlier line of the claim, or of another claim, bills the same service in every respect. Lines of a claim
    that repeats another as a whole are not marked: ``ClaimFacts.duplicate_claim`` says it for them."""
    duplicate_on_other_claim: bool = False
    # --- the payer's own policy (engine.payers); without one none of these says anything
    has_authorization: bool = False
    """The claim or the line names a prior authorization."""
    has_attachment: bool = False
    """The claim or the line says that paper goes with it (PWK)."""
    claim_has_note: bool = False
    authorization_required: bool = False
    record_wanted: int = 0
    """1 an attachment, 2 a note or an attachment."""
    record_read: bool = False
    """The payer reads the record before or after it pays; nothing is sent with the claim."""
    bilateral_style: int = 0
    """1 both sides on one line with 50, 2 on two lines with LT and RT."""
    side_on_other_line: bool = False
    """The line bears LT or RT, and another line of the day bills the code for the other side."""
    modifier_style: int = 0
    """``rules.pay.styles``."""
    lesser_procedure: bool = False
    """A surgical procedure beside another of the day that has more relative value."""
    nonphysician: bool = False
    """The rendering provider's taxonomy is that of a physician assistant, nurse practitioner or clinical nurse."""
    frequency_maximum: int = UNKNOWN
    frequency_count: float = 0.0
    """What is counted in the period that ends with the line, the line included."""
    part_of_other_line: bool = False
    """The payer holds the line to be part of another of the day."""
    policy_bypassed: bool = False
    """A modifier by which the payer pays for it all the same is on one of the two lines."""
    edit_set_aside: bool = False
    """The payer pays for the line although NCCI bundles it."""
    place_refused: bool = False
    not_payable: bool = False
    last_filing_day: int = 0
    """The last day on which the payer takes the claim; 0 where no limit is known."""
    later_payer: bool = False
    """The claim says that another payer answers before this one (SBR01 is not P)."""
    # --- what was billed before and after
    visit: bool = False
    """A visit of the kind that belongs to a surgical package when it is about the surgery."""
    package: int = Package.NONE
    """The part of another line's global package that the line falls into and no modifier of its own takes it out of."""
    package_by: int = SameProvider.NO
    """Whose that other line is."""
    package_certain: bool = False
    """False when care was split or broken off there (55, 53), so that its days may be another's or none."""
    surgery_in_sight: int = UNKNOWN
    """For 24, 58, 78 and 79: a procedure whose global days explain the modifier is among the patient's claims at hand:
    1 yes, 0 no, -1 not known."""
    seen_before: int = SameProvider.NO
    """For the visit codes of new patients: who met the patient in the three years before."""


@dataclass(slots=True, eq=False)
class EditFacts:
    """An NCCI procedure-to-procedure edit in force between two lines of one patient, provider and day.

    It is given to the rule with the Column One line and the Column Two line.
    """

    modifier_indicator: int = UNKNOWN
    """0 no modifier bypasses the edit, 1 a PTP-associated modifier may."""
    service_day: int = 0
    start_known: bool = True
    """The release shows that the edit had begun: its effective date is given, or the day lies in its own quarter."""
    of_colleague: bool = False
    """The lines are of two practitioners of one group who name the same specialty, on claims filed with Medicare."""
    borrowed: bool = False
    """The edit is the practitioner table's, read for an outpatient claim because its own table has no data."""


@dataclass(slots=True, eq=False)
class DiagnosisFacts:
    """One diagnosis of a claim, with what ICD-10-CM says of it on the claim's service date."""

    position: int = 0
    """From 1, in the order the claim gives them."""
    code_number: int = 0
    """The diagnosis code as a number (``rules.code_groups.code_number``)."""
    state: int = DxState.NO_DATA
    is_icd10cm: bool = True
    is_icd9cm: bool = False
    """False for both: the file does not say in which system the diagnosis is coded."""
    service_day: int = 0
    repeated: bool = False
    """The same code stands earlier on the claim in the same role."""
    principal: bool = False
    external_cause: bool = False
    """A code of V00-Y99: says how, never why."""
    characters: int = 0
    excludes_another: bool = False
    """An Excludes1 note of the code names another diagnosis of the claim."""
    manifestation: bool = False
    """The title says "in diseases classified elsewhere", and a Code first note binds the code."""
    cause_follows: bool = False
    """A Code first note names a diagnosis that stands after this one, and none that stands before it."""
    sex: int = Sex.UNKNOWN
    """The sex that the code is of."""
    patient_sex: int = Sex.UNKNOWN
    sex_edit_waived: bool = False
    """A line bears KX, by which the provider says that sex and code were checked."""
    age_days: int = UNKNOWN
    """The patient's age on the service date."""
    age_years: int = UNKNOWN
    maternal: bool = False
    """A code of chapter 15, which is for the mother's record only."""
    newborn_code_beside: bool = False
    """The claim also has a code of chapter 16 or Z38, which are for the newborn's record only."""


@dataclass(slots=True, eq=False)
class ClaimFacts:
    """One claim as a whole."""

    professional: bool = True
    line_count: int = 0
    diagnosis_count: int = 0
    total_charge_cents: int = UNKNOWN
    line_charge_cents: int = UNKNOWN
    """Sum of the line charges, without a total line (revenue code 0001); -1 when a line has no charge."""
    from_x12: bool = False
    """The claim came in an X12 837: what it lacks is missing, where another format may have had no place for it."""
    billing_npi: int = NpiState.ABSENT
    rendering_npi: int = NpiState.ABSENT
    referring_npi: int = NpiState.ABSENT
    attending_npi: int = NpiState.ABSENT
    service_facility_npi: int = NpiState.ABSENT
    frequency: int = UNKNOWN
    """1 original, 7 replacement, 8 void; -1 when absent or not a digit."""
    has_original_reference: bool = False
    duplicate_claim: bool = False
    """Every line stands again on an earlier claim for the same patient, provider, payer and dates."""
    medicare: int = UNKNOWN
    """The claim is filed with Medicare Part A or B: 1 yes, 0 with another payer, -1 it does not say."""
    measures_only: bool = False
    """Every line is a quality measure code."""
    has_measure: bool = False
    first_service_day: int = 0
    last_service_day: int = 0
    statement_from_day: int = 0
    statement_to_day: int = 0
    submitted_day: int = 0
    birth_day: int = 0
    sex_stated: bool = False
    admission_day: int = 0
    billing_taxonomy: int = TaxonomyState.NO_DATA
    group_without_rendering: bool = False
    """The billing provider is a group by its taxonomy, and a line names no rendering provider."""
    envelope_fault: bool = False
    """The interchange's counts or control numbers do not agree."""
