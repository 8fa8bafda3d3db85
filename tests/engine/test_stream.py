"""Claims checked in parts: what comes out is what a check of the whole gives, whatever the parts, files and options."""

from __future__ import annotations

import datetime as dt
import gc
import gzip
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanclaim.claims import spill, spread
from cleanclaim.claims.readers import content, detect
from cleanclaim.engine.baseline import read_baseline, write_baseline
from cleanclaim.engine.files import check_paths
from cleanclaim.engine.stream import check as in_parts
from cleanclaim.engine.stream import folder, found, parts, reading, worker, workers
from cleanclaim.engine.stream.check import Outcome, Phase, Request, check_in_parts, key_of
from cleanclaim.engine.stream.folder import WorkFolder
from cleanclaim.engine.stream.tally import Accepting
from cleanclaim.engine.suppress import read_suppressions
from cleanclaim.errors import BookError, InputError, InternalError, UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import all_rules, select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Report, Verdict
from support.x12 import PAIR, VISIT, Patient, professional

TODAY = dt.date(2026, 8, 1)
BOOK = book_from(
    {
        "mpfs": [{"hcpcs": "11111", "global_days": "090"}, {"hcpcs": "99213"}, {"hcpcs": "22222"}],
        "mue": [{"hcpcs": "22222", "mue_value": 2}, {"hcpcs": "11111", "mue_value": 1}],
        "ptp": [{"column_one": "11111", "column_two": "22222", "modifier_indicator": 0}],
        "aoc": [{"add_on": "33333", "primary": "11111"}],
    }
)
"""Facts that make claims of one patient matter to each other."""


class Silent:
    """Progress that nobody looks at."""

    def __init__(self) -> None:
        self.phases: list[tuple[Phase, int]] = []
        self.done = 0

    def begin(self, phase: Phase, total: int) -> None:
        self.phases.append((phase, total))

    def advance(self, many: int) -> None:
        self.done += many


@pytest.fixture(autouse=True)
def _tiny() -> Iterator[None]:
    """A part is three claims, a frame four, a large table 50 bytes: so that a few claims are many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CLAIMS_OF_A_PART", 3)
        patch.setattr(reading, "_MOST_FILES", 3)
        patch.setattr(reading, "_FEWEST", 1)
        patch.setattr(found, "_PLACES_OF_A_FRAME", 4)
        patch.setattr(spread, "_HELD", 5)
        patch.setattr(detect, "_LARGE_TABLE", 50)
        patch.setattr(detect, "_BYTES_OF_A_GROUP", 200)
        patch.setattr(content, "_STRETCH", 64)
        patch.setattr(gc, "collect", lambda *_: 0)  # of all that the tests hold, for each part of three claims
        yield


def check(
    folder: Path,
    *paths: Path,
    book: OpenBook = BOOK,
    history: Sequence[Path] = (),
    accepting: Accepting | None = None,
    rules: Sequence[str] = (),
    resume: Path | None = None,
    jobs: int = 1,
) -> Outcome:
    request = Request(
        tuple(map(str, paths)),
        book,
        select_rules(rules),
        history=tuple(map(str, history)),
        accepting=accepting or Accepting(),
    )
    with WorkFolder.open(resume, folder, {"the input files": [str(path) for path in paths]}) as work:
        outcome = check_in_parts(request, work, jobs=jobs, size=2_000, progress=Silent())
        made = outcome.report.whole()
        assert len(outcome.report.claims) == len(made.claims)
        assert len(outcome.report.findings) == len(made.findings)
        assert len(outcome.report.set_aside) == len(made.set_aside)
        assert len(outcome.report.rejects) == len(made.rejects)
        assert outcome.report.amount_at_risk == made.amount_at_risk
        assert [outcome.report.count(verdict) for verdict in Verdict] == [made.count(verdict) for verdict in Verdict]
        return outcome


def agree(
    folder: Path,
    *paths: Path,
    book: OpenBook = BOOK,
    history: Sequence[Path] = (),
    accepting: Accepting | None = None,
) -> Report:
    """Check in parts and as a whole: both must say the same. What they say."""
    accepts = accepting or Accepting()
    whole = check_paths(
        paths,
        book,
        rules=all_rules(),
        history=history,
        suppressions=accepts.suppressions,
        baseline=accepts.baseline,
    )
    request = Request(tuple(map(str, paths)), book, all_rules(), history=tuple(map(str, history)), accepting=accepts)
    with WorkFolder.open(None, folder, {}) as work:
        outcome = check_in_parts(request, work, jobs=1, size=2_000, progress=Silent())
        assert outcome.report.whole() == whole.report
        assert outcome.unusable == whole.unusable
        work.remove()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".cleanclaim")] == []
    return whole.report


# --- what is made


CODES = ("11111", "22222", "33333", "99213", "J0001")
COLUMNS = "claim_id,patient_id,hcpcs,service_date,units,charge,billing_npi,frequency,original_reference"
DAYS = ("2026-07-06", "2026-07-07", "2026-07-24", "2026-09-01")


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Rows of a few patients' claims, scattered, some of them damaged."""
    rows = [COLUMNS]
    for _ in range(draw(st.integers(0, 30))):
        claim = draw(st.integers(1, 9))
        patient = draw(st.sampled_from(["", "A", "B", f"P{claim}"]))
        rows.append(
            ",".join(
                (
                    f"C{claim}" if draw(st.integers(0, 20)) else "",
                    patient if draw(st.booleans()) else f"P{claim}",
                    draw(st.sampled_from(CODES)),
                    draw(st.sampled_from(DAYS)) if draw(st.integers(0, 15)) else "no day",
                    str(draw(st.integers(1, 5))),
                    draw(st.sampled_from(["10", "20.50"])) if draw(st.integers(0, 20)) else '"open',
                    "1992999015",
                    draw(st.sampled_from(["", "", "", "1", "7", "8"])) if draw(st.integers(0, 5)) == 0 else "",
                    "",
                )
            )
        )
    return "\n".join(rows) + "\n"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """JSON lines: whole claims, rows, and what is neither."""
    lines = []
    for number in range(draw(st.integers(1, 20))):
        line = {
            "hcpcs": draw(st.sampled_from(CODES)),
            "service_date": draw(st.sampled_from(DAYS)),
            "units": draw(st.integers(1, 4)),
            "charge": "10.00",
        }
        claim = {"claim_id": f"C{draw(st.integers(1, 8))}", "patient_id": draw(st.sampled_from(["A", "B", "", "C"]))}
        match draw(st.integers(0, 9)):
            case 0:
                lines.append("{broken")
            case 1:
                lines.append(json.dumps(claim))
            case 2 | 3:
                lines.append(json.dumps(claim | line))
            case _:
                lines.append(json.dumps(claim | {"payer_id": f"PAY{number % 3}", "lines": [line] * (number % 3 + 1)}))
    return "\n".join(lines)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=tables(), before=tables(), also=documents(), with_history=st.booleans())
def test_parts_say_what_the_whole_says(now, before, also, with_history, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    names = [("now.csv", now), ("also.jsonl", also), ("before.csv", before)]
    for name, text in names:
        (folder / name).write_text(text, encoding="utf-8")
    history = [folder / "before.csv", folder / "not-there"] if with_history else []
    paths = [folder / "now.csv", folder / "missing", folder / "also.jsonl"]
    said = unreadable(lambda: check_paths(paths, BOOK, rules=()))
    if not said:
        agree(folder, *paths, history=history)
        return
    with WorkFolder.open(None, folder, {}) as work:
        request = Request(tuple(map(str, paths)), BOOK, ())
        assert said == unreadable(lambda: check_in_parts(request, work, jobs=1, size=0, progress=Silent()))


@pytest.mark.parametrize("before", [(), ("before.csv",)])
def test_rows_of_a_file_that_is_given_up_are_not_read_with_those_of_the_next(tmp_path, before):
    """Its columns are known to be too few only when its rows have been put on disk."""
    row = ',P1,11111,no day,1,"open,1992999015,,'
    given_up = '{"claim_id": "C1", "patient_id": "A"}\n{broken\n{broken\n{broken'
    for name, text in (
        ("now.csv", "\n".join([COLUMNS, *[row] * 13, *[row.replace('"open', "10")] * 2])),
        ("also.jsonl", given_up),
        ("before.csv", f"{COLUMNS}\n{row}"),
        ("then.csv", f"{COLUMNS}\nC2,P1,11111,2026-07-07,1,10,1992999015,,"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in ("now.csv", "also.jsonl", "then.csv")]
    report = agree(tmp_path, *paths, history=[tmp_path / name for name in (*before, "not-there")])
    assert [claim.claim for claim in report.claims] == ["C2"]


def unreadable(check: Callable[[], object]) -> str:
    """Why nothing can be read; "" where something can."""
    try:
        check()
    except UnreadableFile as error:
        return str(error)
    return ""


def many_claims(folder: Path, name: str = "many.837", claims: int = 40) -> Path:
    """An 837 of some patients with several claims each."""
    text = "".join(
        professional(
            *((f"C{number}-{at}", ("11111", "22222")[: at + 1]) for at in range(2)),
            patient=Patient(member=f"M{number % 7}"),
            date=DAYS[number % 4].replace("-", ""),
        )
        for number in range(claims // 2)
    )
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_files_archives_and_folders_are_read_as_in_memory(tmp_path):
    sent = tmp_path / "sent"
    sent.mkdir()
    plain = many_claims(sent)
    (sent / "b.837.gz").write_bytes(gzip.compress(professional(PAIR, VISIT).encode()))
    with zipfile.ZipFile(sent / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.837", plain.read_bytes())
        archive.writestr("two.837.gz", gzip.compress(professional(("Z-1", ["22222"])).encode()))
        archive.writestr("three.txt", b"\x00\x01 nothing of ours")
    (sent / "d.gz").write_bytes(gzip.compress(plain.read_bytes())[:-40])
    (sent / "e.837").write_bytes(plain.read_bytes()[:900])
    (sent / "f.json").write_text('{"resourceType": "Patient"}', encoding="utf-8")
    (sent / "g.empty").write_bytes(b"")
    report = agree(tmp_path, sent)
    assert len(report.claims) > 80
    assert {reject.file.rsplit("/")[-1] for reject in report.rejects} >= {
        "c.zip!three.txt",
        "d.gz",
        "f.json",
        "g.empty",
    }


def test_a_table_in_parquet_is_gathered_on_disk_as_in_memory(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        {
            "claim_id": f"C{at % 11}",
            "patient_id": f"P{at % 11 % 4}",
            "hcpcs": CODES[at % 4],
            "service_date": DAYS[at % 2],
        }
        for at in range(60)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "claims.parquet", row_group_size=7)
    assert len(agree(tmp_path, tmp_path / "claims.parquet").claims) == 11
    damaged = tmp_path / "damaged.parquet"
    whole = (tmp_path / "claims.parquet").read_bytes()
    damaged.write_bytes(whole[:200] + b"\xff" * 40 + whole[240:])
    agree(tmp_path, tmp_path / "claims.parquet", damaged)


def test_claims_of_a_patient_meet_across_files_and_parts(tmp_path):
    first = tmp_path / "a.837"
    first.write_text(professional(("ONE", ["11111"])), encoding="utf-8")
    filler = many_claims(tmp_path)
    last = tmp_path / "z.837"
    last.write_text(professional(("TWO", ["22222"])), encoding="utf-8")
    report = agree(tmp_path, first, filler, last)
    (bundled,) = [entry for entry in report.findings if entry.claim == "TWO" and entry.rule.startswith("PTP")]
    assert bundled.related_claims == ("ONE",)


# --- who accepts findings


def suppressions(folder: Path, *entries: dict[str, Any]) -> Accepting:
    path = folder / "suppressions.yaml"
    path.write_text(json.dumps({"suppressions": list(entries)}), encoding="utf-8")
    return Accepting(read_suppressions([path], TODAY))


def test_a_check_does_not_go_on_when_a_suppression_has_expired_meanwhile(tmp_path):
    """Its parts checked before would hold what an entry set aside, and those checked after would report it again."""
    path = tmp_path / "suppressions.yaml"
    entry = {"rule": "PTP", "claim": "C9-1", "reason": "was agreed", "expires": str(TODAY)}
    path.write_text(json.dumps({"suppressions": [entry]}), encoding="utf-8")

    def key(day: dt.date) -> dict[str, object]:
        accepting = Accepting(read_suppressions([path], day))
        return key_of(Request(("a.837",), BOOK, (), accepting=accepting), {}, "1")

    tomorrow = TODAY + dt.timedelta(days=1)
    assert key(TODAY) == key(TODAY - dt.timedelta(days=1))
    assert key(tomorrow) != key(TODAY)
    assert key(tomorrow) == key(tomorrow + dt.timedelta(days=1))


def test_suppressions_are_used_unused_and_expired_as_over_the_whole(tmp_path):
    accepting = suppressions(
        tmp_path,
        {"rule": "PTP", "claim": "C3-1", "reason": "agreed"},
        {"rule": "PTP", "claim": "C5-0", "reason": "nothing there"},
        {"rule": "MUE", "claim": "NOT-HERE", "reason": "of another file"},
        {"rule": "PTP", "claim": "C9-1", "reason": "was agreed", "expires": "2026-07-31"},
    )
    report = agree(tmp_path, many_claims(tmp_path), accepting=accepting)
    assert {entry.finding.claim for entry in report.set_aside} == {"C3-1"}
    assert [entry.rule for entry in report.findings if not entry.claim] == ["SUP001", "SUP002"]


def test_a_baseline_accepts_as_many_findings_in_parts_as_over_the_whole(tmp_path):
    """Claims of many patients bear one number: the entry accepts the first ones of the input, wherever they are."""
    same = [professional(("SAME", ["11111", "22222"]), patient=Patient(member=f"M{at}")) for at in range(9)]
    path = tmp_path / "same.837"
    path.write_text("".join(same), encoding="utf-8")
    (tmp_path / "three.837").write_text("".join(same[:3]), encoding="utf-8")
    accepted = check_paths([tmp_path / "three.837"], BOOK, rules=all_rules()).report
    kept = tmp_path / "baseline.json"
    kept.write_text(write_baseline(accepted, TODAY, "test"), encoding="utf-8")
    accepting = Accepting(baseline=read_baseline(kept))
    report = agree(tmp_path, path, accepting=accepting)
    denied = [claim.verdict for claim in report.claims]
    assert denied == [*[Verdict.REVIEW] * 3, *[Verdict.DENIED] * 6]
    (tmp_path / "other.837").write_text(professional(("SAME", ["99213"])), encoding="utf-8")
    stale = agree(tmp_path, tmp_path / "other.837", accepting=accepting)
    assert any("no longer found" in note for note in stale.notes)


def test_the_baseline_written_is_the_same(tmp_path):
    path = many_claims(tmp_path)
    outcome = check(tmp_path, path)
    whole = check_paths([path], BOOK, rules=select_rules()).report
    assert write_baseline(outcome.report, TODAY, "t") == write_baseline(whole, TODAY, "t")


# --- going on


def test_what_was_checked_is_not_checked_again(tmp_path, monkeypatch):
    path, folder = many_claims(tmp_path), tmp_path / "work"
    whole = check(tmp_path, path).report.whole()
    checked = []
    done = parts.PartChecker.check

    def stop_at_third(self: parts.PartChecker, part: found.Part, allowed: Any = None) -> found.Checked:
        if len(checked) == 2:
            raise KeyboardInterrupt
        checked.append(part.number)
        return done(self, part, allowed)

    with monkeypatch.context() as patch:
        patch.setattr(parts.PartChecker, "check", stop_at_third)
        with pytest.raises(KeyboardInterrupt):
            check(tmp_path, path, resume=folder)

    def remember(self: parts.PartChecker, part: found.Part, allowed: Any = None) -> found.Checked:
        assert part.number not in checked
        return done(self, part, allowed)

    def never(*_: object, **__: object) -> None:
        pytest.fail("the claims were read again")

    monkeypatch.setattr(parts.PartChecker, "check", remember)
    monkeypatch.setattr(in_parts, "read_claims", never)
    again = check(tmp_path, path, resume=folder)
    assert again.before == 2
    assert again.report.whole() == whole


def test_stopped_while_reading_it_reads_again(tmp_path, monkeypatch):
    path, folder = many_claims(tmp_path), tmp_path / "work"
    whole = check(tmp_path, path).report.whole()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_divided", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            check(tmp_path, path, resume=folder)
    assert any(file.name.startswith("claims-") for file in folder.iterdir())
    assert check(tmp_path, path, resume=folder).report.whole() == whole


def test_another_check_is_refused_and_says_what_changed(tmp_path):
    path, folder = many_claims(tmp_path), tmp_path / "work"
    check(tmp_path, path, resume=folder)
    with pytest.raises(InputError, match="these are not what they were: the input files"):
        check(tmp_path, many_claims(tmp_path, "other.837"), resume=folder)


def test_a_folder_that_another_version_left_in_another_form_is_refused(tmp_path, monkeypatch):
    path, work = many_claims(tmp_path), tmp_path / "work"
    with monkeypatch.context() as patch:
        patch.setattr(folder, "FORM", spill.FORM - 1)
        check(tmp_path, path, resume=work)
    with pytest.raises(InputError, match="these are not what they were: form of the files"):
        check(tmp_path, path, resume=work)


def test_a_folder_with_other_files_is_refused(tmp_path):
    path = many_claims(tmp_path)
    with pytest.raises(InputError, match="not empty, and no check was begun in it"):
        check(tmp_path, path, resume=tmp_path)


def test_a_folder_in_use_is_refused(tmp_path):
    with (
        WorkFolder.open(tmp_path / "work", None, {}),
        pytest.raises(InputError, match="a check is running there"),
        WorkFolder.open(tmp_path / "work", None, {}),
    ):
        pytest.fail("two checks in one folder")


@pytest.mark.parametrize("keep", [40, 900])
def test_a_damaged_part_is_told_and_never_taken_for_a_whole_one(tmp_path, keep):
    path, folder = many_claims(tmp_path), tmp_path / "work"
    outcome = check(tmp_path, path, resume=folder)
    os.truncate(min(folder.glob("found-*")), keep)
    with pytest.raises(InputError, match="damaged"):
        outcome.report.whole()


class _Hostile:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, ("hostile",)


def test_a_file_that_somebody_else_put_there_is_refused_and_never_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps([(0, _Hostile())])
    (tmp_path / "claims-00000").write_bytes((0).to_bytes(8, "little") + len(content).to_bytes(8, "little") + content)
    with pytest.raises(InputError, match="damaged"):
        list(spill.read(tmp_path / "claims-00000"))
    assert not (tmp_path / "hostile").exists()


def test_nobody_else_can_read_the_folder(tmp_path):
    with WorkFolder.open(None, tmp_path, {}) as work:
        assert work.path.stat().st_mode & 0o077 == 0
        assert work.path.parent == tmp_path
    with WorkFolder.open(tmp_path / "named", None, {}) as work:
        assert work.path.stat().st_mode & 0o077 == 0


# --- processes


def test_several_processes_say_what_one_says(tmp_path, starter_book):
    paths = [many_claims(tmp_path, claims=30), tmp_path / "pair.837"]
    paths[1].write_text(professional(PAIR, VISIT), encoding="utf-8")
    one = check(tmp_path, *paths, book=starter_book).report.whole()
    two = check(tmp_path, *paths, book=starter_book, jobs=2)
    assert two.parts > 2
    assert two.peak_of_a_worker > 0
    assert two.report.whole() == one
    assert one.findings


def test_a_worker_that_dies_is_one_clear_error(tmp_path, starter_book, monkeypatch):
    monkeypatch.setattr(workers, "_START", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(workers.WorkerLost, match=r"ended by signal 9 over a part of \d+ claims"):
        check(tmp_path, many_claims(tmp_path), book=starter_book, jobs=2)


def test_a_book_that_changes_meanwhile_is_one_clear_error(tmp_path, starter_book):
    other = OpenBook(BOOK.index, starter_book.store)
    with pytest.raises(BookError, match="The book was changed while claims were checked"):
        check(tmp_path, many_claims(tmp_path), book=other, jobs=2)


def test_a_part_that_a_worker_cannot_read_is_told(tmp_path, starter_book):
    path = many_claims(tmp_path)
    with WorkFolder.open(None, tmp_path, {}) as work:
        request = Request((str(path),), starter_book, all_rules())
        read = reading.read_claims((path,), (), work.path, forced=None, jobs=2, size=2_000, advance=lambda _: None)
        (work.path / read.parts[0].files[0]).unlink()
        work.write_state(read.plain())
        with pytest.raises(InputError, match="damaged"):
            check_in_parts(request, work, jobs=2, size=2_000, progress=Silent())


def test_a_fault_in_a_worker_says_where_it_happened_and_never_what_was_in_hand(tmp_path, monkeypatch, capsys):
    def broken(_: object) -> None:
        raise KeyError(Patient().last)

    monkeypatch.setattr(worker, "checker_of", broken)
    asked, answered = io.BytesIO(), io.BytesIO()
    job = workers.Job(tmp_path, None, True, (), (), "", (), None, Accepting(), False)
    workers.send(asked, job)
    workers.send(asked, workers.Task(found.Part(0, 1, ()), {}))
    asked.seek(0)
    worker.serve(asked, answered)
    answered.seek(0)
    done = workers.receive(answered)
    assert isinstance(done.error, InternalError)
    assert "KeyError at test_stream.py:" in str(done.error)
    assert Patient().last not in f"{done.error}{capsys.readouterr()}"


# --- progress


def test_progress_tells_bytes_read_and_claims_checked(tmp_path):
    path = many_claims(tmp_path)
    progress = Silent()
    with WorkFolder.open(None, tmp_path, {}) as work:
        size = path.stat().st_size
        check_in_parts(Request((str(path),), BOOK, ()), work, jobs=1, size=size, progress=progress)
    assert progress.phases == [(Phase.READ, size), (Phase.CHECK, 40)]
    assert progress.done == size + 40
