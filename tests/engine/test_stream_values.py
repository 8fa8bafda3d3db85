"""Findings kept as plain values: nothing that a finding says is lost in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import FULL, hostile

from cleanclaim.claims import spill
from cleanclaim.engine.stream.found import Checked, Found, Part
from cleanclaim.engine.stream.joined import OnDisk, begins_of
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.engine.stream.values import (
    ASIDE,
    NAMES,
    Columns,
    Repeated,
    aside_of,
    columns_of_findings,
    columns_of_plain,
    columns_set_aside,
    finding_of,
    plain_of,
    values_aside,
    values_of,
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


def rows_of(blocks: Iterable[Columns]) -> list[tuple[Any, ...]]:
    return [row for columns in blocks for row in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize("many", [1, 2, 100])
def test_a_report_in_memory_tells_the_values_of_all_in_order(many):
    assert list(map(finding_of, rows_of(columns_of_findings(FULL, many)))) == list(FULL.findings)
    assert list(map(aside_of, rows_of(columns_set_aside(FULL, many)))) == list(FULL.set_aside)
    assert {tuple(columns) for columns in columns_of_findings(FULL, many)} == {NAMES}
    assert {tuple(columns) for columns in columns_set_aside(FULL, many)} == {(*NAMES, *ASIDE)}


@given(st.permutations(range(12)), st.integers(1, 4))
def test_findings_made_plain_and_read_together_are_in_the_order_of_the_input(places, parts):
    placed = [(place, FINDINGS[place % len(FINDINGS)]) for place in places]
    plains = [
        plain_of(values, spill.packed)
        for part in range(parts)
        if (values := [(place, values_of(finding)) for place, finding in placed if place % parts == part])
    ]
    columns = columns_of_plain(plains, NAMES, unpacked)
    assert list(map(finding_of, rows_of([columns]))) == [FINDINGS[place % len(FINDINGS)] for place in range(12)]


def test_what_many_findings_say_alike_is_kept_once():
    placed = [(place, values_of(replace(FINDINGS[0], claim=f"A-{place}"))) for place in range(9)]
    columns = columns_of_plain(
        [plain_of(placed[:5], spill.packed), plain_of(placed[5:], spill.packed)], NAMES, unpacked
    )
    assert columns["claim"] == [f"A-{place}" for place in range(9)]
    told = columns["citations"]
    assert isinstance(told, Repeated)
    assert (len(told.values), len(told)) == (1, 9)


@pytest.mark.parametrize(
    "damage",
    [
        (0, b""),
        (1, []),
        (1, [()] * 10),
        (2, ([], b"\0" * 4)),
        (2, ([b"no record"], b"\0" * 4)),
        (2, ([], b"\0" * 8)),
    ],
)
@pytest.mark.parametrize("kind", [Found.FINDING, Found.SET_ASIDE])
def test_what_is_no_plain_form_is_told_as_damage(kind, damage, tmp_path):
    at, value = damage
    values = values_of(FINDINGS[0]) if kind is Found.FINDING else values_aside(FULL.set_aside[0])
    plain = plain_of([(0, values)], spill.packed)
    with pytest.raises(InputError, match="damaged"):
        list(on_disk(kind, tmp_path, (*plain[:at], value, *plain[at + 1 :])))


@pytest.mark.parametrize("kind", [Found.FINDING, Found.SET_ASIDE])
def test_values_of_another_number_are_told_as_damage(kind, tmp_path):
    with pytest.raises(InputError, match="damaged"):
        list(on_disk(kind, tmp_path, plain_of([(0, values_of(FINDINGS[0])[:-1])], spill.packed)))


@pytest.mark.parametrize("record", [(), ("PTP001",), None, values_of(FULL.findings[0])[:-1]])
@pytest.mark.parametrize("kind", [Found.FINDING, Found.SET_ASIDE])
def test_a_frame_of_something_else_is_told_as_damage(kind, record, tmp_path):
    with pytest.raises(InputError, match="damaged"):
        list(on_disk(kind, tmp_path, record))
    with pytest.raises(InputError, match="damaged"):
        list(on_disk(kind, tmp_path, record).columns())


def on_disk(kind: Found, folder: Path, record: object) -> OnDisk[Any]:
    part = Part(0, 1, ())
    spill.write(part.found(folder), [spill.frame(kind, [(0, record)])])
    return OnDisk(1, begins_of(kind, folder, [(part, Checked(Tally(), (0, 0, 0, 0)))]))


def unpacked(content: bytes) -> Any:
    return spill.unpacked(content, Path("found-00000"))
