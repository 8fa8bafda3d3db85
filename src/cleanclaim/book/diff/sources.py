"""What the rows of each source are about: its key, its kinds of change, and what of it is no change at all."""

from __future__ import annotations

from typing import Any, Final

from cleanclaim.book.diff.amounts import NATIONAL_AMOUNTS, with_national_amounts
from cleanclaim.book.diff.described import END_CHANGED, Described, Kind

_INDICATORS: Final = (
    "status_indicator",
    "na_nonfacility",
    "na_facility",
    "pc_tc_indicator",
    "global_days",
    "pre_op",
    "intra_op",
    "post_op",
    "multiple_procedure",
    "bilateral",
    "assistant",
    "co_surgeon",
    "team_surgeon",
    "price_indicator",
    "endoscopic_base",
    "supervision",
    "calculation_flag",
    "imaging_family",
)
_RELATIVE_VALUES: Final = (
    "work_rvu",
    "pe_rvu_nonfacility",
    "pe_rvu_facility",
    "mp_rvu",
    "total_nonfacility",
    "total_facility",
)
_CAP: Final = ("opps_pe_nonfacility", "opps_pe_facility", "opps_mp")
_INDICES: Final = ("work_gpci", "pe_gpci", "mp_gpci")

_ANESTHESIA_FACTORS: Final = ("factor", "factor_qualifying_apm")


def _priced_by(*columns: str) -> tuple[Kind, ...]:
    """The kinds of change of amounts."""
    return (
        Kind("re_priced", "re-priced", columns),
        Kind("dearer", "dearer", columns, "rose", listed=False),
        Kind("cheaper", "cheaper", columns, "fell", listed=False),
    )


_PTP: Final = Described(
    key=("column_one", "column_two"),
    kinds=(
        Kind("indicator_changed", "modifier indicator changed", ("modifier_indicator",)),
        Kind("bypass_allowed", "a modifier may bypass now (0 to 1)", ("modifier_indicator",), "rose", listed=False),
        Kind("bypass_refused", "no modifier bypasses any more (1 to 0)", ("modifier_indicator",), "fell", listed=False),
        Kind("rationale_changed", "rationale changed", ("rationale",)),
    ),
    left_out=("prior_to_1996",),  # only the published form of a start date that nobody knows
    family="column_one",
    per_code=True,
    dated=True,
    added="opened",
    ended="closed",
    noun="pairs",
    shown=("modifier_indicator", "valid_from", "valid_to", "rationale"),
)
_MUE: Final = Described(
    key=("hcpcs",),
    kinds=(
        Kind("limit_raised", "limit raised", ("mue_value",), "rose"),
        Kind("limit_lowered", "limit lowered", ("mue_value",), "fell"),
        Kind("mai_changed", "adjudication indicator (MAI) changed", ("mai",)),
        Kind("rationale_changed", "rationale changed", ("rationale",)),
    ),
    rank=("mue_value",),
    noun="codes",
)
_REMITTANCE: Final = Described(
    key=("code",),
    kinds=(Kind("re_worded", "re-worded", ("text", "alert")),),
    left_out=("modified",),  # the day of the change, which the change itself shows
    dated=True,
    noun="codes",
)

_DMEPOS: Final = Described(
    key=("hcpcs", "state", "modifier", "second_modifier"),
    kinds=(
        *_priced_by("fee", "rural_fee"),
        Kind("re_indicated", "re-indicated", ("jurisdiction", "category")),
    ),
    rank=("fee", "rural_fee"),
    rejected_by=("hcpcs", "state"),
    family="hcpcs",
    noun="fees",
)

DESCRIBED: Final[dict[str, Described]] = {
    "ncci-ptp-practitioner": _PTP,
    "ncci-ptp-outpatient": _PTP,
    "ncci-mue-practitioner": _MUE,
    "ncci-mue-outpatient": _MUE,
    "ncci-mue-dme": _MUE,
    "ncci-aoc": Described(
        key=("add_on", "primary"),
        kinds=(Kind("type_changed", "edit type changed", ("edit_type",)),),
        family="add_on",
        per_code=True,
        dated=True,
        added="opened",
        ended="closed",
        noun="pairs",
    ),
    "mpfs-rvu": Described(
        key=("hcpcs", "modifier"),
        kinds=(
            Kind("re_indicated", "re-indicated", _INDICATORS),
            Kind("re_priced", "re-priced", NATIONAL_AMOUNTS),
            Kind("re_valued", "relative values changed", _RELATIVE_VALUES, listed=False),
            Kind("dearer", "national amount up in a setting", NATIONAL_AMOUNTS, "rose", listed=False),
            Kind("cheaper", "national amount down in a setting", NATIONAL_AMOUNTS, "fell", listed=False),
            Kind("priced", "priced now", NATIONAL_AMOUNTS, "came", listed=False),
            Kind("no_longer_priced", "no longer priced", NATIONAL_AMOUNTS, "went", listed=False),
            Kind("cap_changed", "hospital outpatient cap changed", _CAP),
        ),
        left_out=("description",),  # the AMA's words
        told_once=("conversion_factor",),
        rank=NATIONAL_AMOUNTS,
        family="hcpcs",
        noun="rows",
        shown=("status_indicator", *NATIONAL_AMOUNTS, "global_days"),
        remark="Amounts are national: relative values times the conversion factor, without locality, cap or modifier.",
        prepare=with_national_amounts,
    ),
    "mpfs-gpci": Described(
        key=("mac", "locality"),
        kinds=(
            Kind("index_changed", "index changed", _INDICES),
            Kind("index_raised", "an index raised", _INDICES, "rose", listed=False),
            Kind("index_lowered", "an index lowered", _INDICES, "fell", listed=False),
            Kind("re_named", "re-named", ("locality_name", "state")),
        ),
        told_once=("work_floor",),
        rank=_INDICES,
        noun="localities",
    ),
    "hcpcs": Described(
        key=("hcpcs", "kind"),
        kinds=(
            Kind("coverage_changed", "coverage changed", ("coverage",)),
            Kind("re_indicated", "re-indicated", ("betos", "type_of_service", "pricing")),
            Kind("re_worded", "re-worded", ("description", "short_description")),
        ),
        left_out=("action", "action_date"),  # what the publisher did to the row in one quarter
        family="hcpcs",
        dated=True,
        noun="codes",
        shown=("coverage", "valid_from", "valid_to", "short_description"),
        rejected_by=("hcpcs",),
    ),
    "icd10cm": Described(
        key=("icd10cm",),
        kinds=(
            Kind("became_billable", "became billable", ("billable",), "rose"),
            Kind("became_heading", "became a heading, no longer billable", ("billable",), "fell"),
            Kind("re_worded", "re-worded", ("description",)),
        ),
        noun="codes",
    ),
    "icd10cm-notes": Described(key=("icd10cm", "kind", "first", "last"), noun="notes"),
    "imaging-guidance": Described(
        key=("hcpcs",),
        kinds=(Kind("re_stated", "state changed", ("state", "modality", "partner")),),
        dated=True,
        noun="codes",
    ),
    "carc": _REMITTANCE,
    "rarc": _REMITTANCE,
    "anesthesia-base-units": Described(
        key=("hcpcs",),
        kinds=(
            Kind("units_raised", "base units raised", ("base_units",), "rose"),
            Kind("units_lowered", "base units lowered", ("base_units",), "fell"),
        ),
        rank=("base_units",),
        noun="codes",
    ),
    "mpfs-anesthesia": Described(
        key=("mac", "locality"),
        kinds=(
            Kind("factor_changed", "conversion factor changed", _ANESTHESIA_FACTORS),
            Kind("re_named", "re-named", ("locality_name",)),
        ),
        rank=_ANESTHESIA_FACTORS,
        noun="localities",
    ),
    "clfs": Described(
        key=("hcpcs", "modifier"),
        kinds=(*_priced_by("rate"), Kind("re_indicated", "re-indicated", ("indicator",))),
        left_out=("valid_from",),  # when the rate began: with an unchanged rate no change
        rank=("rate",),
        noun="tests",
    ),
    "asp": Described(
        key=("hcpcs",),
        kinds=(
            *_priced_by("payment_limit"),
            Kind("coinsurance_changed", "coinsurance changed", ("coinsurance",)),
            Kind("dosage_changed", "billing unit changed", ("dosage",)),
        ),
        rank=("payment_limit",),
        noun="drugs",
    ),
    "dmepos": _DMEPOS,
    "dmepos-pen": _DMEPOS,
    "taxonomy-specialty": Described(
        key=("taxonomy", "specialty_code"),
        kinds=(Kind("re_worded", "re-worded", ("specialty", "description")),),
        noun="rows",
    ),
    "pos": Described(
        key=("pos",),
        kinds=(
            Kind("became_facility", "became a facility", ("facility",), "rose"),
            Kind("became_nonfacility", "became a non-facility", ("facility",), "fell"),
            Kind("re_worded", "re-worded", ("name", "description")),
        ),
        noun="places",
    ),
    "nucc-taxonomy": Described(
        key=("taxonomy",),
        kinds=(Kind("re_worded", "re-worded", ("grouping", "classification", "specialization", "display_name")),),
        noun="codes",
    ),
    "zip-locality": Described(
        key=("zip_code",),
        kinds=(
            Kind("moved", "moved to another contractor or locality", ("carrier", "locality")),
            Kind("rural_changed", "rural indicator changed", ("rural",)),
        ),
        noun="ZIP codes",
    ),
    "mcd-article": Described(
        key=("article_id",),
        kinds=(
            Kind("revised", "another version", ("version",)),
            END_CHANGED,
        ),
        noun="articles",
    ),
    "mcd-lcd": Described(
        key=("lcd_id",),
        kinds=(
            Kind("revised", "another version", ("version",)),
            END_CHANGED,
        ),
        noun="determinations",
    ),
    "mcd-jurisdiction": Described(
        key=("contractor", "state_id"),
        dated=True,
        noun="rows",
    ),
    "mcd-self-administered": Described(
        key=("article_id", "hcpcs", "entry"),
        kinds=(Kind("route_changed", "route of administration changed", ("by_route",)),),
        left_out=("version",),
        dated=True,
        family="hcpcs",
        noun="drugs",
    ),
}
"""By source. The coverage database's tables of links are described by :func:`describe`."""

_OF_A_DOCUMENT: Final = ("version", "ncd_version")
"""A document's version is told by the document's own table: here it would change every row of the document."""


def describe(source: str) -> Described:
    """How the rows of a source are compared. Raises KeyError for a source that no table module fills.

    A source without a description of its own is one of the coverage database's, whose modules name their key.
    """
    known = DESCRIBED.get(source)
    if known is not None:
        return known
    from cleanclaim.book.tables import module_of  # noqa: PLC0415 - it imports every table module

    module: Any = module_of(source)
    key = tuple(name for name in module._TABLE.key if name != "version")  # noqa: SLF001 - so all of that database name it
    return Described(key=key, left_out=tuple(name for name in _OF_A_DOCUMENT if name in module.SCHEMA.names))
