"""The compiled 837 reader gives what the slow one gives, claim by claim and reject by reject, whatever the file."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_x12 import File, files
from test_x12_837 import (
    BASES,
    BILLING,
    BODY,
    FIRST_CLAIM,
    GS,
    HEADER,
    ISA,
    PUBLISHED,
    SECOND_PROVIDER,
    SLOW_TO_DRAW,
    SUBSCRIBER,
    transaction,
    wrap,
)

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import x12_837, x12_envelope
from cleanclaim.claims.readers.content import mapped
from cleanclaim.claims.readers.x12_columns import read_table
from cleanclaim.claims.readers.x12_envelope import Delimiters
from cleanclaim.claims.readers.x12_segment import is_segment
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

pytest.importorskip("numba", reason="the compiled reader needs numba, of the extra fast")

from cleanclaim.claims.readers.x12_columns import envelope
from cleanclaim.claims.readers.x12_columns.envelope import Envelope
from cleanclaim.claims.readers.x12_columns.reader import Counts, TableReader

Items = list[Claim | Reject] | str


def slow(content: bytes) -> Items:
    """What the slow reader gives, or the message with which it refuses the file."""
    try:
        return list(x12_837.read(content, "a.837"))
    except UnreadableFile as error:
        return str(error)


def compiled(content: bytes, claims: int = 64, *, reused: bool = True) -> tuple[Items, Counts]:
    reader = TableReader(content, "a.837", claims, reused)
    try:
        return [item for part in reader.parts() for item in part.items()], reader.counts
    except UnreadableFile as error:
        return str(error), reader.counts


def check(content: bytes) -> Counts:
    expected = slow(content)
    found, counts = compiled(content)
    assert found == expected
    # Decimals that are equal may still be written in two ways.
    assert repr(found) == repr(expected)
    return counts


INSTITUTIONAL = BODY.replace("11:B:1", "0131:A:1").replace("SV1*HC:", "SV2*0300*HC:")
GOOD = (
    *BASES[:2],
    wrap(transaction(INSTITUTIONAL, "005010X223A2"), gs=GS.replace("X222A1", "X223A2")),
    wrap(transaction(BODY + SECOND_PROVIDER)),
)

# --- whole files


@settings(max_examples=100, suppress_health_check=SLOW_TO_DRAW)
@given(files())
def test_drawn_files_are_read_as_the_slow_reader_reads_them(file: File):
    assert check(file.content).transactions


@pytest.mark.parametrize("content", GOOD)
def test_good_files_are_read_without_the_slow_reader(content: bytes):
    counts = check(content)

    assert counts.claims
    assert (counts.claims_handed_over, counts.transactions_handed_over) == (0, 0)


@pytest.mark.parametrize("content", GOOD)
@pytest.mark.parametrize(("to", "line_end"), [(b"|>\n\x1f", b""), (b"\x1d\x1f\r\x1e", b"\n"), (b"^!~*", b"\r\n  ")])
def test_other_separators_are_read_without_the_slow_reader(content: bytes, to: bytes, line_end: bytes):
    content = content.replace(b"\n", b"").replace(b"~", b"\xff").translate(bytes.maketrans(b"*:\xff^", to))
    counts = check(content.replace(to[2:3], to[2:3] + line_end))

    assert counts.claims
    assert (counts.claims_handed_over, counts.transactions_handed_over) == (0, 0)


def sources(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path.name}!{name}", archive.read(name)
    else:
        yield path.name, path.read_bytes()


@pytest.mark.published
def test_every_published_file_is_read_as_the_slow_reader_reads_it():
    if not PUBLISHED.is_dir():
        pytest.skip("needs the published claim files in ../shared/data")
    seen = claims = 0
    for path in sorted(PUBLISHED.rglob("*")):
        if not path.is_file():
            continue
        for name, content in sources(path):
            if not x12_837.looks_like(content):
                continue
            seen += 1
            counts = check(content)
            claims += counts.claims
            assert name
    assert seen > 50
    assert claims > 1500


# --- damage of every kind


WORDS = [b"", b"X", b"ABK", b"22", b"HL", b"CLM", b"A:B:C", b"99999999999", b"\xff\x00", b"11:B:1", b"-0.00", b" 12.5 "]
RICH = wrap(
    transaction(BODY + SECOND_PROVIDER),
    transaction(
        HEADER
        + SECOND_PROVIDER.replace("HL*5", "HL*1").replace("HL*6*5", "HL*2*1").replace("HL*7*6", "HL*3*2")
        + "CLM*B1*827***22:B:1*Y*A*Y*Y~\nDTP*435*D8*20260701~\nREF*G1*AUTH1~\nREF*F8*ORIG~\nNTE*ADD*first~\n"
        "NTE*CER*second~\n"
        "PWK*OZ*BM~\nHI*BK:36616^BF:1.2*BF:A01.10~\nNM1*DN*1*REED*PAT****XX*1000000009~\nNM1*P3*1*REED*PAT~\n"
        "NM1*77*2*SITE*****XX*1992999007~\nN3*1 WAY~\nN4*COLUMBUS*OH*432150002~\n"
        "SBR*S*01*GR00786******MB~\nCAS*PR*1*21.89**2*15~\nOI***Y*P**Y~\nNM1*IL*1*OTHER*JANE****MI*M9999~\n"
        "LX*1~\nSV1*HC:00142:QK:QS:P1:23:as described*827*MJ*61.00*21**1.00~\nDTP*472*RD8*20260701-20260703~\n"
        "REF*6R*L-1~\nREF*G1*LINEAUTH~\nPWK*OZ*AA~\nNTE*ADD*line note~\nLIN**N4*00026063512~\nCTP****10.5*ML~\n"
        "NM1*82*1*HIGH*BOB****XX*1992999023~\nPRV*PE*PXC*207L00000X~\nSVD*99999*40*HC:99214**3~\nCAS*CO*42*3~\n"
        "LX*2~\nSV1*HC:J1550*0*UN****1::12~\nDTP*472*D8*20260701~\nNM1*82*1*LOW*ANN****XX*1992999015~\n",
        control="0002",
    ),
    transaction(
        INSTITUTIONAL.replace("HI*ABK:I10*", "HI*ABF:E119:::::::N~\nHI*ABK:I10*"), "005010X223A2", control="0003"
    ),
)
ALL = (*GOOD, BASES[2], RICH)


@settings(max_examples=400)
@given(base=st.sampled_from(ALL), data=st.data())
def test_damaged_segments_are_read_as_the_slow_reader_reads_them(base: bytes, data: st.DataObject):
    pieces = base.split(b"~")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        to = data.draw(st.integers(0, len(pieces) - 1))
        match data.draw(st.sampled_from(["drop", "repeat", "move", "swap", "alter", "take", "cut"])):
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
                elements[data.draw(st.integers(0, len(elements) - 1))] = data.draw(st.sampled_from(WORDS))
                pieces[at] = b"*".join(elements)
            case "take":
                elements, others = pieces[at].split(b"*"), pieces[to].split(b"*")
                elements[data.draw(st.integers(0, len(elements) - 1))] = data.draw(st.sampled_from(others))
                pieces[at] = b"*".join(elements)
            case _:
                pieces = pieces[: at + 1]
    check(b"~".join(pieces))


@settings(max_examples=400)
@given(
    base=st.sampled_from(ALL),
    edits=st.lists(
        st.tuples(
            st.integers(0, len(RICH) - 1),
            st.sampled_from(["replace", "insert", "delete"]),
            st.one_of(st.sampled_from(b"*~:^\n \x00AC0\xc3a.-"), st.integers(0, 255)),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_damaged_bytes_are_read_as_the_slow_reader_reads_them(base: bytes, edits: list[tuple[int, str, int]]):
    content = bytearray(base)
    for at, action, value in edits:
        place = at % len(content)
        if action == "replace":
            content[place] = value
        elif action == "insert":
            content.insert(place, value)
        else:
            del content[place]
    check(bytes(content))


def test_a_file_cut_anywhere_is_read_as_the_slow_reader_reads_it():
    for cut in range(0, len(RICH), 7):
        check(RICH[:cut])
    for cut in range(len(RICH) - 60, len(RICH)):
        check(RICH[:cut])


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda tail: ISA.encode() + tail)))
def test_any_bytes_are_read_or_refused_as_by_the_slow_reader(content: bytes):
    check(content)


def test_separators_without_end_and_a_segment_longer_than_a_tile_are_read_as_by_the_slow_reader():
    long_note = FIRST_CLAIM.replace("HI*", f"NTE*ADD*{'x' * 40_000}~\nHI*", 1)
    check(wrap(transaction(BODY.replace(FIRST_CLAIM, long_note, 1))))
    check(wrap(transaction(BODY.replace("DOE*SAM", "DOE*" + "*" * 30_000, 1))))
    check(wrap(transaction(BODY.replace(FIRST_CLAIM, FIRST_CLAIM + "LX*3~\n" * 9_000, 1))))
    check(wrap(transaction(BODY)) + b"~" * 100_000)
    check(wrap(transaction(BODY.replace("CLM*A1", "\n" * 70_000 + "CLM*A1", 1))))


# --- parts, and what is handed over


def many(claims: int, odd: str = "") -> bytes:
    """A transaction of claims under ten subscribers, with a segment put into every third claim."""
    body, level = HEADER + BILLING, 1
    for number in range(claims):
        if number % 10 == 0:
            level += 1
            body += SUBSCRIBER.replace("HL*2", f"HL*{level}").replace("M0001", f"M{number:04}")
        claim = FIRST_CLAIM.replace("CLM*A1", f"CLM*A{number}")
        body += claim.replace("HI*", f"{odd}HI*", 1) if number % 3 == 0 else claim
    return wrap(transaction(body), transaction(body, control="0002"))


@pytest.mark.parametrize("odd", ["", "NTE*ADD*caf\u00e9~\n", "DTP*435*D8*20269999~\n", "ZZZ*1~\n", "NM1*IL*1*DOE~\n"])
@pytest.mark.parametrize("claims", [1, 3, 64, 4096])
def test_parts_of_any_size_hold_the_same_claims_and_rejects(odd: str, claims: int):
    content = many(45, odd)

    for reused in (True, False):
        assert compiled(content, claims, reused=reused)[0] == slow(content)


@pytest.mark.parametrize("stretch", [1, 63, 64, 65, 200, 1000])
@pytest.mark.parametrize("gap", [b"~", b"~\n", b"~" + b" " * 70])
def test_an_envelope_is_found_in_stretches_of_any_length(monkeypatch: pytest.MonkeyPatch, stretch: int, gap: bytes):
    content = wrap(*(transaction(control=f"{number:04}") for number in range(1, 6))) * 2
    content = content.replace(b"~\n", b"~").replace(b"~", gap)
    monkeypatch.setattr(envelope, "_STRETCH", stretch)

    assert check(content).transactions == 10


ENVELOPE = (
    *("ST*837", "SE*1", "GS*HC", "GE*1", "IEA*1", "ISA*00", "ISAX", "TA1*x", "TA1", "TA2*", "ST", "STX*1", "S", "T"),
    *("SV1*HC:1*2", "SBR*P", "", "LX*1", "NM1*" + "x" * 70),
)
BLANKS = ("", "", "\n", "\r\n", "  ", "\t \n", "\x00\x1a", "\x01", " " * 63, " " * 64, "\n" * 130)


@given(
    st.lists(st.tuples(st.sampled_from(BLANKS), st.sampled_from(ENVELOPE)), max_size=120),
    st.sampled_from("~\n\r"),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_envelope_segments_are_found_and_counted_whatever_stands_around_them(
    drawn: list[tuple[str, str]], terminator: str, start: int, end: int
):
    content = "".join(f"{blanks}{segment}{terminator}" for blanks, segment in drawn).encode()
    limit = max(start, len(content) - end)
    delimiters = Delimiters("*", ":", "^", terminator)
    found = Envelope(content, np.frombuffer(content, np.uint8))
    expected = list(x12_envelope.marks(content, start, limit, delimiters))

    assert list(found._marks(content, start, limit, delimiters)) == expected
    assert found._counts == {
        place: sum(map(is_segment, content[start:limit].decode("latin-1")[: place - start + 1].split(terminator)[1:]))
        for place, _ in expected
    }


def test_parts_read_ahead_stay_as_they_are():
    """With so many ahead, a part is written over only when more than those have been asked for."""
    content = many(40)
    parts = TableReader(content, "a.837", 8, reused=True, ahead=2).parts()
    held = [next(parts), next(parts), next(parts)]
    found = [item for part in held for item in part.items()]

    assert len(found) > 16
    assert found == slow(content)[: len(found)]


def test_parts_that_are_kept_are_not_written_over():
    content = many(40)
    parts = list(TableReader(content, "a.837", 8).parts())

    assert len(parts) > 5
    assert [item for part in parts for item in part.items()] == slow(content)


def test_a_claim_that_names_no_charge_is_rejected_without_the_slow_reader():
    counts = check(wrap(transaction(BODY.replace("CLM*A2*150", "CLM*A2*"))))

    assert (counts.claims, counts.claims_handed_over, counts.transactions_handed_over) == (2, 0, 0)


def test_one_odd_claim_is_handed_over_alone_and_one_broken_level_with_its_transaction():
    odd = wrap(
        transaction(BODY.replace("HI*ABK:I10", "NTE*ADD*caf\u00e9~\nHI*ABK:I10", 1)), transaction(control="0002")
    )
    broken = wrap(transaction(BODY.replace("HL*3*2", "HL*9*2")), transaction(control="0002"))

    assert check(odd) == Counts(claims=6, claims_handed_over=1, transactions=2, transactions_handed_over=0)
    assert check(broken) == Counts(claims=6, claims_handed_over=0, transactions=2, transactions_handed_over=1)


def test_a_transaction_in_which_much_is_odd_is_handed_over_whole():
    body = many(600, "NTE*ADD*caf\u00e9~\n")

    assert check(body).transactions_handed_over == 2


def test_the_table_of_a_file_has_the_lines_of_its_claims_in_order_once_taken():
    content = many(30, "NTE*ADD*caf\u00e9~\n")
    table, rejects = read_table(content, "a.837", worth_compiling=0)
    ordered = table.take(range(len(table)))

    assert not rejects
    assert list(table.claims()) == list(ordered.claims()) == slow(content)
    assert ordered.claim_rows["first_line"].tolist() == [2 * row for row in range(len(table))]
    assert len(ordered.line_rows) == 2 * len(table)


def test_the_numbers_of_patients_are_their_keys():
    content = wrap(transaction(BODY + SECOND_PROVIDER))
    table, _ = read_table(content, "a.837", worth_compiling=0)

    assert table.patient_hash().tolist() == [int(claim.patient_key, 16) for claim in table.claims()]


@pytest.mark.parametrize("odd", ["", "NTE*ADD*caf\u00e9~\n"])
@pytest.mark.parametrize("claims", [1, 3, 64])
def test_patients_have_their_keys_however_long_their_numbers_are_and_many_stand_in_a_file(odd: str, claims: int):
    body, level = HEADER + BILLING, 1
    for length in (*range(20), *range(60, 70), 127, 128, 129, 0, 8, 16, 17):
        level += 1
        number = "".join(chr(ord("A") + (length + at) % 26) for at in range(length))
        subscriber = SUBSCRIBER.replace("HL*2", f"HL*{level}").replace("M0001", number)
        if level % 5 == 0:  # nothing tells who the patient is
            subscriber = subscriber.replace("DOE*SAM", "*").replace("DMG*D8*19480308*F~\n", "")
        visit = FIRST_CLAIM.replace("CLM*A1", f"CLM*A{level}")
        body += subscriber + visit + visit.replace("HI*", f"{odd}HI*", 1) * (level % 3)
    content = wrap(transaction(body), transaction(body, control="0002"))

    assert check(content).claims > 100
    assert compiled(content, claims)[0] == slow(content)


def test_a_mapped_file_is_read_like_bytes(tmp_path: Path):
    path = tmp_path / "a.837"
    path.write_bytes(RICH)

    assert compiled(mapped(path))[0] == slow(RICH)


def test_a_name_longer_than_a_text_can_be_is_kept():
    """A member of an archive in deep folders."""
    name = "/".join(["folder"] * 200) + "/a.837"
    read = [item for part in TableReader(GOOD[0], name, 64).parts() for item in part.items()]
    assert read == list(x12_837.read(GOOD[0], name))
    assert {item.file for item in read} == {name}


def test_what_is_handed_over_whole_comes_in_parts_too():
    """A file that was cut off holds its claims in one transaction without an end."""
    whole = wrap(transaction(BODY + SECOND_PROVIDER))
    content = whole[: whole.index(b"SE*")]
    parts = list(TableReader(content, "a.837", 2).parts())
    assert [item for part in parts for item in part.items()] == slow(content)
    assert max(len(part.table) + len(part.rejects) for part in parts) <= 2


def test_a_small_file_and_a_computer_without_the_compiler_get_the_same_from_the_slow_reader(tmp_path: Path):
    path = tmp_path / "a.837"
    path.write_bytes(BASES[0])
    program = (
        "import sys\n"
        "if sys.argv[2] == 'without': sys.modules['numba'] = None\n"
        "from cleanclaim.claims.readers.x12_columns import read_table\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "table, rejects = read_table(content, 'a.837', worth_compiling=0 if sys.argv[2] == 'without' else 1 << 22)\n"
        "print(len(table), len(rejects), bool(sys.modules.get('numba')))\n"
    )
    for how in ("small", "without"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path), how], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["6", "0", "False"]
