"""Which tables the index holds, by what key they are looked up, and how their rows bind in time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Final

from cleanclaim.book import facts


@dataclass(frozen=True)
class IndexedTable:
    """How a table of the book is looked up.

    ``key`` is one or two columns. ``cumulative``: a release also carries earlier edits with the days on which
    they bound, so it answers for days before its own quarter; other releases speak for their span only, and
    after it (as ``stale``) until a newer one is loaded.
    ``by_code``: keyed by procedure codes, so that a partial release speaks only for the codes it lists.
    """

    name: str
    sources: tuple[str, ...]
    fact: type
    key: tuple[str, ...]
    cumulative: bool = False
    by_code: bool = True
    dated_elsewhere: bool = False
    """The table holds what is current at its release; whether a row binds on a day is told by other tables of the
    same export, so that every row is given and a release answers for earlier days too."""
    lists_codes: bool = False
    """The table is itself a list of codes, so that a code missing from a whole release is no code of it. Other
    tables say nothing of a code that their code set did not have."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Column names with how they are kept: s text, i whole number, b truth, d decimal, t day."""
        return tuple((field.name, _KINDS[str(field.type)]) for field in fields(self.fact))


_KINDS: Final[dict[str, str]] = {
    "str": "s",
    "int": "i",
    "bool": "b",
    "Decimal": "d",
    "Date | None": "t",
}

TABLES: Final[tuple[IndexedTable, ...]] = (
    IndexedTable(
        "ptp-practitioner",
        ("ncci-ptp-practitioner",),
        facts.PtpEdit,
        ("column_one", "column_two"),
        cumulative=True,
    ),
    IndexedTable(
        "ptp-outpatient",
        ("ncci-ptp-outpatient",),
        facts.PtpEdit,
        ("column_one", "column_two"),
        cumulative=True,
    ),
    IndexedTable("mue-practitioner", ("ncci-mue-practitioner",), facts.MueLimit, ("hcpcs",)),
    IndexedTable("mue-outpatient", ("ncci-mue-outpatient",), facts.MueLimit, ("hcpcs",)),
    IndexedTable("mue-dme", ("ncci-mue-dme",), facts.MueLimit, ("hcpcs",)),
    IndexedTable("aoc", ("ncci-aoc",), facts.AddOnEdit, ("add_on",), cumulative=True),
    IndexedTable("aoc-primary", ("ncci-aoc",), facts.AddOnEdit, ("primary",), cumulative=True),
    IndexedTable("mpfs", ("mpfs-rvu",), facts.FeeScheduleRow, ("hcpcs",), lists_codes=True),
    IndexedTable("gpci", ("mpfs-gpci",), facts.Gpci, ("mac", "locality"), by_code=False),
    IndexedTable("anesthesia", ("mpfs-anesthesia",), facts.AnesthesiaFactor, ("mac", "locality"), by_code=False),
    IndexedTable("base-units", ("anesthesia-base-units",), facts.AnesthesiaBaseUnits, ("hcpcs",), by_code=False),
    IndexedTable("clfs", ("clfs",), facts.LaboratoryFee, ("hcpcs",), by_code=False),
    IndexedTable("dmepos", ("dmepos",), facts.EquipmentFee, ("hcpcs", "state"), by_code=False),
    IndexedTable("dmepos-pen", ("dmepos-pen",), facts.EquipmentFee, ("hcpcs", "state"), by_code=False),
    IndexedTable("asp", ("asp",), facts.DrugLimit, ("hcpcs",), by_code=False),
    IndexedTable("hcpcs", ("hcpcs",), facts.HcpcsCode, ("hcpcs",), cumulative=True, lists_codes=True),
    IndexedTable("icd10cm", ("icd10cm",), facts.Icd10cmCode, ("icd10cm",), by_code=False),
    IndexedTable("icd10cm-notes", ("icd10cm-notes",), facts.Icd10cmNote, ("icd10cm",), by_code=False),
    IndexedTable("pos", ("pos",), facts.PlaceOfService, ("pos",), by_code=False),
    IndexedTable("taxonomy", ("nucc-taxonomy",), facts.Taxonomy, ("taxonomy",), by_code=False),
    IndexedTable("taxonomy-specialty", ("taxonomy-specialty",), facts.TaxonomySpecialty, ("taxonomy",), by_code=False),
    IndexedTable("carc", ("carc",), facts.RemittanceCode, ("code",), cumulative=True, by_code=False),
    IndexedTable("rarc", ("rarc",), facts.RemittanceCode, ("code",), cumulative=True, by_code=False),
    IndexedTable("imaging", ("imaging-guidance",), facts.ImagingGuidance, ("hcpcs",), cumulative=True),
    IndexedTable("zip-locality", ("zip-locality",), facts.ZipLocality, ("zip_code",), by_code=False),
    *(
        IndexedTable(
            f"mcd-{name}", (f"mcd-{name.removesuffix('-key')}",), fact, key, by_code=False, dated_elsewhere=True
        )
        for name, fact, key in (
            ("contractor", facts.Contractor, ("number",)),
            ("contractor-key", facts.Contractor, ("contractor",)),
            ("state", facts.CoverageState, ("state",)),
            ("jurisdiction", facts.Jurisdiction, ("state_id",)),
            ("article", facts.Article, ("article_id",)),
            ("article-revision", facts.ArticleRevision, ("article_id",)),
            ("article-contractor", facts.ArticleContractor, ("article_id", "contractor")),
            ("article-hcpcs", facts.ArticleProcedure, ("hcpcs",)),
            ("article-covered", facts.CoveredDiagnosis, ("article_id", "icd10cm")),
            ("article-noncovered", facts.NoncoveredDiagnosis, ("article_id", "icd10cm")),
            ("article-covered-group", facts.CoveredGroup, ("article_id",)),
            ("article-noncovered-group", facts.NoncoveredGroup, ("article_id",)),
            ("self-administered", facts.SelfAdministeredDrug, ("hcpcs",)),
            ("article-ncd", facts.ArticleNcd, ("article_id",)),
            ("article-lcd", facts.ArticleLcd, ("article_id",)),
            ("lcd", facts.Lcd, ("lcd_id",)),
            ("lcd-contractor", facts.LcdContractor, ("lcd_id", "contractor")),
            ("lcd-hcpcs", facts.LcdProcedure, ("hcpcs",)),
            ("lcd-article", facts.LcdArticle, ("lcd_id",)),
            ("lcd-ncd", facts.LcdNcd, ("lcd_id",)),
            ("lcd-retirement", facts.LcdRetirement, ("lcd_id",)),
        )
    ),
    IndexedTable(
        "mcd-contractor-role", ("mcd-contractor",), facts.Contractor, ("role",), by_code=False, dated_elsewhere=True
    ),
)


def layout() -> str:
    """A digest of what an index holds, so that one with other tables or columns is never read as this one."""
    told = [(table.name, table.sources, table.key, table.columns, table.cumulative, table.by_code) for table in TABLES]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


def spec(name: str) -> IndexedTable:
    """The table with ``name``."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError(name)
