"""What an 837 says that payers' policies ask about: authorization, attachments, and who answers first."""

from __future__ import annotations

import pytest

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.x12_837 import read
from support.x12 import professional


def claim_of(*changes: tuple[str, str]) -> Claim:
    text = professional(("V1", ["43214", "99213"]))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (claim,) = [entry for entry in read(text.encode(), "a.837") if isinstance(entry, Claim)]
    return claim


def test_a_claim_says_none_of_it_unless_it_does():
    claim = claim_of()
    assert claim.payer_responsibility == "P"
    assert not claim.has_attachment
    assert [(line.prior_authorization, line.has_attachment) for line in claim.lines] == [("", False), ("", False)]


@pytest.mark.parametrize("responsibility", ["S", "T"])
def test_sbr01_says_whether_another_payer_answers_first(responsibility):
    assert claim_of(("SBR*P*", f"SBR*{responsibility}*")).payer_responsibility == responsibility


@pytest.mark.parametrize(("way", "sent"), [("EL", True), ("BM", True), ("FX", True), ("AA", False)])
def test_pwk_says_that_paper_is_sent_unless_it_is_kept(way, sent):
    assert claim_of(("HI*ABK", f"PWK*OZ*{way}***AC*DMN0012~\nHI*ABK")).has_attachment is sent


def test_a_line_has_its_own_authorization_and_attachment():
    text = professional(("V1", ["43214", "99213"]))
    line = text[text.index("LX*1") : text.index("LX*2")]
    dated = line[line.index("DTP*472") :]
    claim = claim_of((dated, "PWK*OZ*EL***AC*DMN0012~" + dated + "REF*G1*AUTH77~"))
    assert (claim.lines[0].prior_authorization, claim.lines[0].has_attachment) == ("AUTH77", True)
    assert (claim.lines[1].prior_authorization, claim.lines[1].has_attachment) == ("", False)
