"""The facts of the book as lookups return them, one frozen record per table.

Every fact carries the row of the published file it stands on, so that a report can cite it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cleanclaim.types import Date


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """An NCCI procedure-to-procedure edit. Column One is payable, Column Two is denied.

    ``file`` is the published file the row stands in, where the release came in several parts; else "".
    """

    column_one: str
    column_two: str
    modifier_indicator: int
    rationale: str
    valid_from: Date | None
    valid_to: Date | None
    row: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class MueLimit:
    """A medically unlikely edit: the units of service beyond which a claim is denied."""

    hcpcs: str
    mue_value: int
    mai: int
    rationale: str
    row: int


@dataclass(frozen=True, slots=True)
class AddOnEdit:
    """An add-on code and one of its primaries; ``primary`` is "" where the contractor defines them."""

    add_on: str
    primary: str
    edit_type: int
    valid_from: Date | None
    valid_to: Date | None
    note: str
    row: int


@dataclass(frozen=True, slots=True)
class FeeScheduleRow:
    """One row of the Medicare Physician Fee Schedule relative value file (a code, or a code with a modifier)."""

    hcpcs: str
    modifier: str
    status_indicator: str
    work_rvu: Decimal
    pe_rvu_nonfacility: Decimal
    pe_rvu_facility: Decimal
    mp_rvu: Decimal
    total_nonfacility: Decimal
    total_facility: Decimal
    na_nonfacility: bool
    na_facility: bool
    pc_tc_indicator: str
    global_days: str
    multiple_procedure: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team_surgeon: str
    endoscopic_base: str
    imaging_family: str
    conversion_factor: Decimal
    row: int
    pre_op: Decimal = Decimal(0)
    """The share of a global package that is paid for care before the operation; intra_op, post_op likewise."""
    intra_op: Decimal = Decimal(0)
    post_op: Decimal = Decimal(0)
    supervision: str = ""
    opps_pe_nonfacility: Decimal = Decimal(0)
    """What caps the technical part of imaging: practice expense and malpractice of the hospital outpatient payment."""
    opps_pe_facility: Decimal = Decimal(0)
    opps_mp: Decimal = Decimal(0)
    description: str = ""
    """The short descriptor of the file, the AMA's for CPT codes: told to who loaded the file; the starter has none."""


@dataclass(frozen=True, slots=True)
class Gpci:
    """The geographic practice cost indices of a locality; ``work_floor`` where the work index has the floor of 1.0."""

    mac: str
    locality: str
    state: str
    locality_name: str
    work_gpci: Decimal
    pe_gpci: Decimal
    mp_gpci: Decimal
    work_floor: bool
    row: int


@dataclass(frozen=True, slots=True)
class AnesthesiaFactor:
    """Dollars for one anesthesia unit in a locality; the national factor stands as locality "" of contractor "".

    ``factor_qualifying_apm`` is that of qualifying participants of an advanced payment model, 0 where there is one
    factor for all.
    """

    mac: str
    locality: str
    locality_name: str
    factor: Decimal
    factor_qualifying_apm: Decimal
    row: int


@dataclass(frozen=True, slots=True)
class AnesthesiaBaseUnits:
    """The base units of an anesthesia code; 0 where CMS publishes none of an unlisted procedure."""

    hcpcs: str
    base_units: int
    row: int


@dataclass(frozen=True, slots=True)
class LaboratoryFee:
    """A rate of the clinical laboratory fee schedule. ``indicator`` N: the national one; L: the contractor sets it."""

    hcpcs: str
    modifier: str
    indicator: str
    rate: Decimal
    valid_from: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class EquipmentFee:
    """What the DMEPOS schedule pays for an item in a state: outside rural areas, and in them (0: no fee of its own).

    ``jurisdiction`` D: the DME contractor pays, L: the local Part B contractor, J: either. ``category`` is the payment
    class: IN inexpensive or routinely purchased, CR capped rental, FS frequently serviced, OX oxygen, OS ostomy and
    urological, SU supplies, PO prosthetics and orthotics, SD surgical dressings, TE TENS, TS therapeutic shoes, "" for
    nutrition, which is listed without.
    """

    hcpcs: str
    state: str
    modifier: str
    second_modifier: str
    jurisdiction: str
    category: str
    fee: Decimal
    rural_fee: Decimal
    row: int


@dataclass(frozen=True, slots=True)
class DrugLimit:
    """The Part B payment limit of a drug for one billing unit (``dosage``), in dollars; 0 where none is published.

    ``coinsurance`` is the patient's share in percent; -1 in files of before there was such a column.
    """

    hcpcs: str
    dosage: str
    payment_limit: Decimal
    coinsurance: Decimal
    row: int


@dataclass(frozen=True, slots=True)
class HcpcsCode:
    """A HCPCS Level II code, or (``kind`` ``modifier``) a Level II modifier."""

    hcpcs: str
    kind: str
    description: str
    coverage: str
    action: str
    valid_from: Date | None
    valid_to: Date | None
    row: int
    successors: str = ""
    """The codes that are valid in its stead, parted by a space; "" where the file names none."""


@dataclass(frozen=True, slots=True)
class Icd10cmCode:
    """A diagnosis code; ``billable`` False is a heading that needs more characters."""

    icd10cm: str
    billable: bool
    description: str
    row: int


@dataclass(frozen=True, slots=True)
class Icd10cmNote:
    """What the tabular list says at a diagnosis code or heading, for all codes below it.

    ``kind`` is ``excludes1`` (not together with codes from ``first`` to ``last``), ``code_first`` (such a code stands
    before it), ``manifestation``, ``side`` (``first`` is left, right or unspecified) or ``sex`` (male or female).
    """

    icd10cm: str
    kind: str
    first: str
    last: str
    row: int


@dataclass(frozen=True, slots=True)
class PlaceOfService:
    """A place of service; ``facility`` decides which practice-expense rate Medicare pays there."""

    pos: str
    name: str
    facility: bool
    row: int


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A provider taxonomy code."""

    taxonomy: str
    grouping: str
    classification: str
    specialization: str
    display_name: str
    row: int


@dataclass(frozen=True, slots=True)
class TaxonomySpecialty:
    """A Medicare specialty or supplier type as which a provider of a taxonomy code enrolls."""

    taxonomy: str
    specialty_code: str
    specialty: str
    description: str
    """Type, classification and specialization of the taxonomy, as CMS writes them."""
    row: int


@dataclass(frozen=True, slots=True)
class RemittanceCode:
    """A claim adjustment reason (CARC) or remittance advice remark (RARC) code."""

    code: str
    text: str
    alert: bool
    valid_from: Date | None
    valid_to: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class ImagingGuidance:
    """How a procedure stands to imaging guidance, and the authority that says so.

    ``state`` is ``included``, ``without``, ``separately_reportable``, ``guidance`` (the code is itself imaging
    guidance) or ``supervision_and_interpretation``. ``partner`` is the code to report instead when imaging was
    (or was not) used, "" where there is none.
    """

    hcpcs: str
    state: str
    modality: str
    partner: str
    authority: str
    note: str
    valid_from: Date | None
    valid_to: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class ZipLocality:
    """The Medicare contractor and pricing locality of a ZIP code; ``divided`` where parts of it belong elsewhere."""

    zip_code: str
    state: str
    carrier: str
    locality: str
    rural: str
    divided: bool
    row: int


@dataclass(frozen=True, slots=True)
class Contractor:
    """A Medicare contractor: its key in the coverage database, its number, and its role (A, B, HHH, DME)."""

    contractor: str
    number: str
    role: str
    row: int


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A contractor has a state, from a day on."""

    contractor: str
    state_id: str
    valid_from: Date | None
    valid_to: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class CoverageState:
    """The coverage database's own number of a state."""

    state_id: str
    state: str
    row: int


@dataclass(frozen=True, slots=True)
class Article:
    """The version of an article that an export holds. ``kind``: 3 self-administered drugs, 6 billing and coding."""

    article_id: str
    version: str
    kind: str
    valid_from: Date | None
    valid_to: Date | None
    version_made: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """Since when a revision of an article binds."""

    article_id: str
    version: str
    binds_from: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class ArticleContractor:
    """An article is a contractor's."""

    article_id: str
    version: str
    contractor: str
    row: int


@dataclass(frozen=True, slots=True)
class ArticleProcedure:
    """An article speaks of a procedure code, in one of its groups."""

    article_id: str
    version: str
    hcpcs: str
    group: str
    row: int


@dataclass(frozen=True, slots=True)
class CoveredDiagnosis:
    """An article covers a diagnosis, in one of its groups; ``explained``: under a condition told in prose."""

    article_id: str
    version: str
    icd10cm: str
    group: str
    explained: bool
    row: int


@dataclass(frozen=True, slots=True)
class NoncoveredDiagnosis:
    """An article names a diagnosis as not covered."""

    article_id: str
    version: str
    icd10cm: str
    group: str
    row: int


@dataclass(frozen=True, slots=True)
class CoveredGroup:
    """A group of covered diagnoses, with what its paragraph says in plain words."""

    article_id: str
    version: str
    group: str
    procedures: str
    wants_another: bool
    needed_with: str
    row: int


@dataclass(frozen=True, slots=True)
class NoncoveredGroup:
    """A group of diagnoses that are not covered, with what its paragraph says in plain words."""

    article_id: str
    version: str
    group: str
    procedures: str
    closes_the_list: bool
    conditional: bool
    row: int


@dataclass(frozen=True, slots=True)
class SelfAdministeredDrug:
    """A drug that a contractor's article excludes as self-administered; ``by_route``: only under the skin (JB)."""

    article_id: str
    version: str
    hcpcs: str
    valid_from: Date | None
    valid_to: Date | None
    by_route: bool
    row: int


@dataclass(frozen=True, slots=True)
class ArticleNcd:
    """An article carries out a national coverage determination."""

    article_id: str
    version: str
    ncd_id: str
    row: int


@dataclass(frozen=True, slots=True)
class ArticleLcd:
    """An article belongs to a local coverage determination."""

    article_id: str
    version: str
    lcd_id: str
    row: int


@dataclass(frozen=True, slots=True)
class Lcd:
    """The version of a local coverage determination that an export holds; it binds from ``binds_from``."""

    lcd_id: str
    version: str
    title: str
    valid_from: Date | None
    binds_from: Date | None
    valid_to: Date | None
    row: int


@dataclass(frozen=True, slots=True)
class LcdContractor:
    """A local coverage determination is a contractor's."""

    lcd_id: str
    version: str
    contractor: str
    row: int


@dataclass(frozen=True, slots=True)
class LcdProcedure:
    """A local coverage determination speaks of a procedure code, in one of its groups."""

    lcd_id: str
    version: str
    hcpcs: str
    group: str
    row: int


@dataclass(frozen=True, slots=True)
class LcdArticle:
    """An article belongs to a local coverage determination, says the determination."""

    lcd_id: str
    version: str
    article_id: str
    row: int


@dataclass(frozen=True, slots=True)
class LcdNcd:
    """A local coverage determination carries out a national one."""

    lcd_id: str
    version: str
    ncd_id: str
    row: int


@dataclass(frozen=True, slots=True)
class LcdRetirement:
    """A local coverage determination will be retired."""

    lcd_id: str
    valid_to: Date | None
    row: int
