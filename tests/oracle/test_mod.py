"""MOD held to a slow reading of RULES on modifiers, the record layout, and NCCI manual chapter I, sections D and E."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleanclaim.book.policies import FOLDER
from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.modifiers import CPT
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

TODAY, YESTERDAY, NEXT_QUARTER = dt.date(2026, 7, 15), dt.date(2026, 7, 14), dt.date(2026, 10, 2)
QUARTER_END = dt.date(2026, 9, 30)
CODES = (
    "20610 27447 43239 99213 92014 77427 80053 00731 01996 99100 97110 98940 96372 90281 0111A 0042T J1111 3044F G4000"
)
VISITS = {"99213", "92014"}
TESTS = {"80053"}
ANESTHESIA = {"00731", "01996"}
CIRCUMSTANCES = {"99100"}
MANIPULATION = {"98940"}
BIOLOGICALS = {"90281"}
NOT_CPT_SERVICES = {"J1111", "3044F", "G4000"}
MEASURE = "G4000"
OLD, NEW, NONE, NUMBER = "JG", "ZN", "ZQ", "29"
"""A modifier that ended yesterday, one that begins tomorrow, one of no list, and two digits that are none."""

SETS = """
22 24 25 26 27 50 51 52 53 54 55 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95
LT RT F1 XE XS AA QK QZ QS P3 GN GO GP CO CQ GA GX GY GZ JW JZ GT GQ AS AT NU RR QW
""".split()
LISTED = [modifier for modifier in SETS if modifier not in CPT]
TOGETHER = (
    "50 LT|LT RT|50 RT LT|62 66|62 80|80 81|80 AS|54 55|59 XS|XE XS|58 78|76 77|76 91|52 53|73 74|AA QK|QZ P3|GN GP|"
    "GP CQ|GO CQ|GO CO|JW JZ|93 95|95 GT|GT GQ|GA GZ|GX GY|GX GY GZ|GY GA|NU RR|25 57|25 24|LT LT"
).split("|")


# --- what is published, in small


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    rows = [
        {
            "hcpcs": code,
            "status_indicator": "M" if code == MEASURE else "A",
            "global_days": draw(st.sampled_from(["000", "010", "090", "XXX", "ZZZ", "MMM", "YYY"])),
            **{
                name: draw(st.sampled_from(values))
                for name, values in (
                    ("multiple_procedure", "02235679"),
                    ("bilateral", "01239"),
                    ("assistant", "0129"),
                    ("co_surgeon", "0129"),
                    ("team_surgeon", "0129"),
                )
            },
        }
        for code in CODES.split()
        if draw(st.integers(0, 9)) > 0
    ]
    return {
        "mpfs": rows,
        "hcpcs": draw(st.sampled_from(["whole", "part", "absent"])),
    }


def book(made: dict[str, Any]) -> Any:
    tables: dict[str, Any] = {"mpfs": made["mpfs"]}
    if made["hcpcs"] != "absent":
        release = {"release": {"whole": made["hcpcs"] == "whole"}}
        tables["hcpcs"] = [
            *({"hcpcs": name, "kind": "modifier", **release} for name in LISTED),
            {"hcpcs": OLD, "kind": "modifier", "valid_to": YESTERDAY, **release},
            {"hcpcs": NEW, "kind": "modifier", "valid_from": TODAY + dt.timedelta(1), **release},
        ]
    return book_from(tables)


SITUATIONS = """
99213: 22|99213: 76|99213: 53|99213: 58|92014: 79|99213: 59|99213: XE|99213: 57|99213: 57 25|99213: 25|99213: 50|
20610: 25|27447: 57|43239: 24|77427: 59|80053: 76|80053: 91|80053: 77 91|80053: 50|80053: 51|20610: 76|20610: 91|
20610: 76 77|27447: 80|27447: AS|43239: 81|27447: 62|43239: 62|27447: 66|43239: 66|20610: 51|97110: 51|43239: 51|
27447: 54|43239: 55|99213: 55|43239: 50|20610: 50|20610: LT RT|27447: LT RT|43239: 53|43239: 73|43239: 74|
99213: 27|97110: GP|97110: CQ|97110: GP CQ|98940: AT|98940: GA|98940: |97110: |00731: AA|01996: |0111A: QZ|
99100: AA|20610: QK|J1111: JZ|90281: JW|96372: JW|0042T: 90|43239: 63|20610: ZQ|20610: 29|J1111: JG|J1111: ZN|
J1111: 50|20610*2: 50|99213*2: 50|20610*2: LT|20610: LT 26|20610: GA 62|20610: |
43239: |00731: |00731: P3|00731: AA P1 P3|20610: P1 P2|J1111: JW|J1111: JZ|J1111: JW|
J1111: JZ|J1111: JZ 76|3044F: ZQ|3044F: 25
""".replace("\n", "").split("|")
SITUATIONS += [f"{code}: {modifiers}" for code in ("20610", "99213", "80053") for modifiers in TOGETHER]
SITUATIONS += [f"{code}: {text.split(':')[1]}" for code in ("3044F", MEASURE) for text in SITUATIONS]
MODIFIERS: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]),
    st.lists(st.sampled_from([*SETS, OLD, NEW, NONE, NUMBER]), max_size=3),
    st.sampled_from([text.split() for text in TOGETHER]),
)


def _situated(text: str) -> dict[str, Any]:
    what, modifiers = text.split(":")
    code, _, units = what.partition("*")
    return {"hcpcs": code, "modifiers": modifiers.split(), "units": units or "1"}


SITUATED = st.one_of(
    st.sampled_from(SITUATIONS).map(_situated),
    st.sampled_from(SITUATIONS).map(_situated),
    st.fixed_dictionaries({"hcpcs": st.sampled_from(CODES.split()), "modifiers": MODIFIERS}),
)


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    made = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        place = draw(st.sampled_from(["11", "11", "24"]))
        values: dict[str, Any] = {
            "filing_indicator": draw(st.sampled_from(["MB", "MB", "CI", ""])),
            "patient_birth_date": draw(st.sampled_from([None, dt.date(2025, 7, 15), dt.date(1950, 1, 1)])),
            "billing_taxonomy": draw(st.sampled_from(["", "", "261QA1903X"])),
            "lines": [
                {
                    **draw(SITUATED),
                    "units": draw(st.sampled_from(["1", "1", "2", None])),
                    "charge": str(100 * number + at),  # no line repeats another
                    "service_date": draw(st.sampled_from([TODAY, TODAY, YESTERDAY, NEXT_QUARTER])),
                    "pos": place,
                }
                for at in range(draw(st.integers(2, 5)))
            ],
        }
        if draw(st.integers(0, 5)) == 0:
            values |= {"claim_type": "institutional", "bill_type": "13"}
        made.append(claim_from(values, claim_id=f"C{number}"))
    return made


# --- the reading


class Line:
    """A line in plain words."""

    def __init__(self, made: dict[str, Any], of_claims: list[Claim], claim: Claim, line: ClaimLine) -> None:
        self.claim, self.line, self.code = claim, line, line.hcpcs
        self.has = set(line.modifiers)
        rows = [row for row in made["mpfs"] if row["hcpcs"] == line.hcpcs]
        # The fee schedule is of 2026Q3 and goes on speaking, as stale, after its quarter.
        self.row = rows[0] if rows else {}
        self.hcpcs = made["hcpcs"]
        self.practitioner = claim.claim_type is ClaimType.PROFESSIONAL
        self.measure = line.hcpcs == MEASURE
        self.medicare = claim.filing_indicator == "MB"
        self.may_be_medicare = claim.filing_indicator in {"MB", ""}
        self.visit, self.test = line.hcpcs in VISITS, line.hcpcs in TESTS
        self.cpt_service = line.hcpcs not in NOT_CPT_SERVICES
        self.surgery_center = claim.billing_taxonomy == "261QA1903X" and line.pos == "24"
        self.before: list[ClaimLine] = []
        """What professional claims bill for the patient that day, up to the line, whoever the practitioner."""
        for other_claim in of_claims:
            if other_claim.claim_type is ClaimType.PROFESSIONAL:
                until = other_claim.lines.index(line) if other_claim is claim else len(other_claim.lines)
                self.before += [one for one in other_claim.lines[:until] if one.service_from == line.service_from]
            if other_claim is claim:
                break
        self.others = [
            (other, [row for row in made["mpfs"] if row["hcpcs"] == other.hcpcs])
            for other_claim in of_claims
            for other in other_claim.lines
            if other is not line
            and other.service_from == line.service_from
            and other_claim.claim_type is claim.claim_type
            and is_assistant(other) == is_assistant(line)
        ]

    def some(self, names: str) -> bool:
        return bool(self.has & set(names.split()))

    def several(self, names: str) -> bool:
        return len(self.has & set(names.split())) > 1

    def indicator(self, name: str, values: str) -> bool:
        return bool(self.row) and self.row[name] in values.split()


def is_assistant(line: ClaimLine) -> bool:
    return bool(set(line.modifiers) & {"80", "81", "82", "AS"})


def of_lists(line: Line) -> Iterator[str]:
    unknown = NONE in line.has and line.hcpcs == "whole" and line.line.service_from <= QUARTER_END
    if unknown and line.medicare:
        yield "MOD001"
    if NUMBER in line.has or (unknown and not line.medicare):
        yield "MOD002"
    if line.hcpcs == "absent":
        return
    if OLD in line.has and line.line.service_from > YESTERDAY:
        yield "MOD003"
    if NEW in line.has and line.line.service_from <= TODAY:
        yield "MOD004"


def of_sides(line: Line) -> Iterator[str]:
    if "50" in line.has and line.some("LT RT") and not line.visit:
        yield "MOD005"
    if "50" in line.has and line.line.units == 2 and line.indicator("bilateral", "1 3"):
        yield "MOD048"
    if not line.practitioner:
        return
    if {"LT", "RT"} <= line.has and "50" not in line.has and line.indicator("bilateral", "1 3"):
        yield "MOD006"
    if "50" not in line.has or line.visit or line.measure:
        return
    if line.indicator("bilateral", "0 2") and not line.surgery_center and line.may_be_medicare:
        yield "MOD007"
    if line.indicator("bilateral", "9") and line.cpt_service:
        yield "MOD008"


def of_surgeons(line: Line) -> Iterator[str]:
    if not line.practitioner:
        return
    never = {
        "MOD009": line.some("80 81 82 AS") and line.indicator("assistant", "1 9"),
        "MOD010": line.some("62") and line.indicator("co_surgeon", "0 9"),
        "MOD011": line.some("66") and line.indicator("team_surgeon", "0 9"),
    }
    if line.medicare and not line.measure:
        yield from (rule for rule, found in never.items() if found)
    elif any(never.values()) and not line.measure:
        yield "MOD013"
    if not line.measure and (
        (line.some("80 81 82 AS") and line.indicator("assistant", "0"))
        or (line.some("62") and line.indicator("co_surgeon", "1"))
        or (line.some("66") and line.indicator("team_surgeon", "1"))
    ):
        yield "MOD012"
    if line.several("62 66") or line.several("80 81 82") or (line.some("62 66") and line.some("80 81 82 AS")):
        yield "MOD014"


def of_several(line: Line) -> Iterator[str]:
    if not line.practitioner or "51" not in line.has or not line.row:
        return
    if line.row["global_days"] == "ZZZ":
        yield "MOD015"
    elif line.row["multiple_procedure"] not in "23":
        yield "MOD016"
    alone = not any(row["multiple_procedure"] in "23" for _, rows in line.others for row in rows)
    if line.row["multiple_procedure"] in "23" and alone and (line.line.units or 0) <= 1:
        yield "MOD017"


def of_shares(line: Line) -> Iterator[str]:
    if (
        line.practitioner
        and not line.measure
        and line.some("54 55 56")
        and line.indicator("global_days", "000 XXX ZZZ")
    ):
        yield "MOD018"
    if line.practitioner and line.several("54 55 56"):
        yield "MOD019"


def of_visits(line: Line) -> Iterator[str]:
    if line.some("24 25 57") and not line.visit and line.cpt_service:
        yield "MOD020"
    if line.visit:
        wrong = {
            "MOD021": "58 78 79",
            "MOD022": "22 47 53 63 76 77",
            "MOD023": "50 LT RT F1",
            "MOD024": "59 XE XS XP XU",
        }
        yield from (rule for rule, names in wrong.items() if line.some(names))
    if line.code == "77427" and "59" in line.has:
        yield "MOD024"
    if "59" in line.has and line.some("XE XS XP XU") and not line.visit:
        yield "MOD025"
    if line.several("58 78 79") and not line.visit:
        yield "MOD026"
    if line.practitioner and line.visit and "57" in line.has and "25" not in line.has:
        days = {row["global_days"] for _, rows in line.others for row in rows}
        if line.others:  # its own row is one of the day's, whatever it says
            days |= {line.row.get("global_days", "")}
        if days & {"000", "010"} and "090" not in days:
            yield "MOD027"


def of_anesthesia(line: Line) -> Iterator[str]:
    provider, detail = "AA AD QK QX QY QZ", "23 P1 P2 P3 P4 P5 P6 QS G8 G9"
    if line.practitioner and line.several(provider):
        yield "MOD028"
    if line.some(f"{provider} {detail}") and line.cpt_service and line.code not in ANESTHESIA | CIRCUMSTANCES:
        yield "MOD029"
    if line.practitioner and line.code in ANESTHESIA and line.several("P1 P2 P3 P4 P5 P6"):
        yield "MOD050"
    if line.practitioner and line.code in ANESTHESIA - {"01996"} and not line.some(provider):
        yield "MOD030"
    again = set("27 59 76 77 78 79 91 XE XS XP XU".split())
    roles = set(provider.split())
    said = [
        (roles & set(other.modifiers)) | (roles & line.has)
        for other in line.before
        if other.hcpcs == line.code and len(roles & set(other.modifiers)) == 1 and not again & set(other.modifiers)
    ]
    alone = line.practitioner and line.code in ANESTHESIA - {"01996"} and len(roles & line.has) == 1
    contradictions = [{"AA", "QX"}, {"QZ", "QK"}, {"QZ", "QY"}, {"QZ", "AD"}]
    if alone and not again & line.has and any(both in contradictions for both in said):
        yield "MOD055"


def of_repeats(line: Line) -> Iterator[str]:
    if line.some("90 91 92 QW") and not line.test and line.cpt_service:
        yield "MOD031"
    if line.test and line.some("76 77") and "91" not in line.has:
        yield "MOD032"
    if {"76", "77"} <= line.has and not line.visit:
        yield "MOD033"
    again = "91" if line.test else "76"
    once = not any(other.hcpcs == line.code for other, _ in line.others)
    if again in line.has and not line.visit and once and line.line.units == 1:
        yield "MOD034"


def of_settings(line: Line) -> Iterator[str]:
    if line.practitioner and (line.some("27") or (line.some("73 74") and not line.surgery_center)):
        yield "MOD035"
    if not line.practitioner and "53" in line.has and not line.visit:
        yield "MOD036"
    if line.several("52 53 73 74"):
        yield "MOD037"
    born = line.claim.patient_birth_date
    if "63" in line.has and not line.visit and born is not None and (line.line.service_from - born).days >= 365:
        yield "MOD038"


def of_therapy(line: Line) -> Iterator[str]:
    if line.medicare and not line.measure and line.indicator("multiple_procedure", "5") and not line.some("GN GO GP"):
        yield "MOD039"
    if line.several("GN GO GP"):
        yield "MOD040"
    if ("CQ" in line.has and "GP" not in line.has) or ("CO" in line.has and "GO" not in line.has):
        yield "MOD041"
    if line.practitioner and line.code in MANIPULATION and line.medicare and not line.some("AT GA GX GY GZ"):
        yield "MOD047"


def of_the_rest(line: Line) -> Iterator[str]:
    if {"JW", "JZ"} <= line.has:
        yield "MOD042"
    again = "59 XE XS XP XU 27 76 77 91"
    wasted = any(
        other.hcpcs == line.code and "JW" in other.modifiers and not {"JZ", *again.split()} & set(other.modifiers)
        for other, _ in line.others
    )
    if "JZ" in line.has and "JW" not in line.has and wasted and not line.some(again):
        yield "MOD051"
    if line.some("JW JZ") and line.cpt_service and line.code not in BIOLOGICALS:
        yield "MOD043"
    ways = [line.some("93"), line.some("95 GT"), line.some("GQ")]
    if sum(ways) > 1:
        yield "MOD044"
    liability = line.has & {"GA", "GX", "GY", "GZ"}
    if len(liability) > 1 and liability != {"GX", "GY"}:
        yield "MOD045"
    if line.several("NU UE RR"):
        yield "MOD046"
    prices = "AA AD AS QK QX QY QZ TC 22 26 50 51 52 53 54 55 56 62 66 73 74 78 80 81 82".split()
    own = line.line.modifiers
    if any(first not in prices and then in prices for at, first in enumerate(own) for then in own[at:]):
        yield "MOD049"


Found = set[tuple[str, str, int | None]]
READINGS = (
    of_lists,
    of_sides,
    of_surgeons,
    of_several,
    of_shares,
    of_visits,
    of_anesthesia,
    of_repeats,
    of_settings,
    of_therapy,
    of_the_rest,
)


def expected(of_claims: list[Claim], made: dict[str, Any]) -> Found:
    found: Found = set()
    for claim in of_claims:
        for line in claim.lines:
            # The modifiers of Category II codes are the QLT family's; another code system has none of these.
            if line.hcpcs == "3044F" or line.code_system != "HC":
                continue
            read = Line(made, of_claims, claim, line)
            found |= {(rule, claim.claim_id, line.line_no) for reading in READINGS for rule in reading(read)}
    return found


@settings(max_examples=150, deadline=None)
@given(of_claims=claims(), made=facts())
def test_mod_finds_what_the_manual_and_the_layout_say_of_modifiers(
    of_claims: list[Claim], made: dict[str, Any]
) -> None:
    report = check_claims(of_claims, book(made), rules=select_rules(["MOD"]))
    assert {(found.rule, found.claim, found.line) for found in report.findings} == expected(of_claims, made)


INDICATORS = ("multiple_procedure", "bilateral", "assistant", "co_surgeon", "team_surgeon")


def test_mod_finds_it_in_every_situation_under_every_indicator() -> None:
    """One line alone in each situation, under each global period, and under each value of the indicators."""
    situations = [_situated(text) for text in SITUATIONS]
    elsewhere = [situation | {"code_system": "ZZ"} for situation in situations]
    fired: Found = set()
    for days, values in zip(
        ("000", "010", "090", "XXX", "ZZZ", "MMM"), ("00000", "21111", "32222", "93999", "59999", "02012"), strict=True
    ):
        rows = [
            {
                "hcpcs": code,
                "status_indicator": "M" if code == MEASURE else "A",
                "global_days": days,
                **dict(zip(INDICATORS, values, strict=True)),
            }
            for code in CODES.split()
        ]
        for filing, kind in (("MB", "professional"), ("CI", "professional"), ("MB", "institutional")):
            made = {"mpfs": rows, "hcpcs": "whole"}
            of_claims = [
                claim_from(
                    {
                        "patient_key": str(number),
                        "patient_birth_date": dt.date(1950, 1, 1),
                        "filing_indicator": filing,
                        "claim_type": kind,
                        "bill_type": "13" if kind == "institutional" else "",
                        "lines": [situation],
                    },
                    claim_id=f"C{number}",
                )
                for number, situation in enumerate([*situations, *elsewhere] if days == "010" else situations)
            ]
            report = check_claims(of_claims, book(made), rules=select_rules(["MOD"]))
            found = {(finding.rule, finding.claim, finding.line) for finding in report.findings}
            assert found == {one for claim in of_claims for one in expected([claim], made)}
            fired |= found
    beside_others = {"MOD027", "MOD051", "MOD055"}
    of_other_codes = {"MOD052", "MOD053", "MOD054", "MOD056", "MOD057"}  # tests/oracle/test_day.py
    assert {rule for rule, _, _ in fired} == {
        loaded.rule.code for loaded in select_rules(["MOD"])
    } - beside_others - of_other_codes


@settings(max_examples=60, deadline=None)
@given(modifier=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2))
@example("25")
@example("1P")
def test_a_modifier_is_unknown_only_where_a_list_says_so(modifier: str) -> None:
    claim = claim_from({"filing_indicator": "MB", "lines": [{"hcpcs": "11111", "modifiers": [modifier]}]})
    for whole, rows in ((True, [modifier]), (False, ["LT"]), (True, ["LT"])):
        listed = [{"hcpcs": name, "kind": "modifier", "release": {"whole": whole}} for name in rows]
        report = check_claims([claim], book_from({"hcpcs": listed}), rules=select_rules(["MOD001", "MOD002"]))
        said = {finding.rule for finding in report.findings}
        if modifier in CPT or (modifier in rows and not modifier.isdigit()):
            assert said == set()
        elif modifier.isdigit():
            assert said == {"MOD002"}
        else:
            assert said == ({"MOD001"} if whole else set())


def test_every_modifier_of_cpt_has_a_meaning_of_ours_and_the_other_way_round() -> None:
    groups = yaml.safe_load((FOLDER / "modifiers.yaml").read_text(encoding="utf-8"))["meanings"]
    explained = {modifier for group in groups for modifier in group["modifiers"]}
    of_hcpcs = {"TC"}
    physical_status = {f"P{number}" for number in range(1, 7)}  # the HCPCS list says what they mean
    assert explained - of_hcpcs == set(CPT) - physical_status
