"""The DUP rules against a plain reading of RULES.md "DUP"."""

from __future__ import annotations

from hypothesis import given, settings

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting
from support.plain import DAYS, REPEATS, claims_of, every_line, original_of, same_line, together

CODES = ("11111", "J1111")
claim_lists = claims_of(
    CODES, ("LT", "76", "91", "59", "GP"), days=DAYS[:2], units=("1", "1", "2"), charges=("10.00", "10.00", "20.00")
)


alike = claims_of(CODES, ("LT", "76", "GP"), days=DAYS[:1], charges=("10.00", "20.00"), alike=True)


@settings(max_examples=150, deadline=None)
@given(claims=claim_lists | alike)
def test_repeats_are_found_as_they_read(claims):
    report = check_claims(claims, book_from({}), rules=select_rules(["DUP"]))
    found = {(f.rule, f.claim, f.line, f.related_lines, f.related_claims) for f in report.findings}
    expected = set()
    for claim in claims:
        original = original_of(claims, claim)
        if original is not None:
            expected.add(("DUP002", claim.claim_id, None, (), (original.claim_id,)))
        if claim.frequency in ("7", "8") and not claim.original_reference:
            expected.add(("DUP003", claim.claim_id, None, (), ()))
    for claim, line in every_line(claims):
        first = next(
            (
                (of, other)
                for of, other in every_line(claims)
                if same_line(other, line) and together(claims, (claim, line), (of, other))
            ),
            (claim, line),
        )
        hospital_drug = claim.claim_type == "institutional" and line.hcpcs.startswith("J")
        bears_reason = bool(REPEATS & set(line.modifiers))
        if (
            first[1] is line
            or original_of(claims, claim) is not None
            or claim.setting is Setting.NONE
            or hospital_drug
            or bears_reason
        ):
            continue
        on_claim = first[0] is claim
        lines, others = ((first[1].line_no,), ()) if on_claim else ((), (first[0].claim_id,))
        expected.add(("DUP001", claim.claim_id, line.line_no, lines, others))
    assert found == expected
