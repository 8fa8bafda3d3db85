"""Findings kept as plain values: nothing that a finding says is lost in them."""

from __future__ import annotations

import pytest
from reports import FULL, hostile

from cleanclaim.claims import spill
from cleanclaim.engine.stream.found import Checked, Found, Part
from cleanclaim.engine.stream.joined import OnDisk, begins_of
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.engine.stream.values import (
    aside_of,
    finding_of,
    values_aside,
    values_of,
    values_of_findings,
    values_set_aside,
)
from cleanclaim.errors import InputError

FINDINGS = [*FULL.findings, *hostile("text").findings, *(entry.finding for entry in FULL.set_aside)]


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule)
def test_a_finding_is_made_again_of_its_values(finding, tmp_path):
    spill.write(tmp_path / "frames", [spill.frame(0, [(7, values_of(finding))])])
    [(place, values)] = spill.read(tmp_path / "frames")
    assert (place, finding_of(values)) == (7, finding)


@pytest.mark.parametrize("entry", FULL.set_aside, ids=lambda entry: entry.by)
def test_a_finding_set_aside_is_made_again_of_its_values(entry):
    assert aside_of(values_aside(entry)) == entry


def test_a_report_in_memory_tells_the_values_of_all_in_order():
    assert list(map(finding_of, values_of_findings(FULL))) == list(FULL.findings)
    assert list(map(aside_of, values_set_aside(FULL))) == list(FULL.set_aside)


@pytest.mark.parametrize("record", [(), ("PTP001",), None, values_of(FULL.findings[0])[:-1]])
@pytest.mark.parametrize("kind", [Found.FINDING, Found.SET_ASIDE])
def test_a_frame_of_something_else_is_told_as_damage(kind, record, tmp_path):
    part = Part(0, 1, ())
    spill.write(part.found(tmp_path), [spill.frame(kind, [(0, record)])])
    with pytest.raises(InputError, match="damaged"):
        list(OnDisk(1, begins_of(kind, tmp_path, [(part, Checked(Tally(), (0, 0, 0, 0)))])))
