"""What changed between real releases, against counts made from the published files by other means."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from cleanclaim.book.diff import compare, find_release
from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore

pytestmark = pytest.mark.published

CENT = Decimal("0.01")
FILES = (
    *("mpfs/rvu25d/PPRRVU2025_Oct.csv", "mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv"),
    *("mpfs/rvu25d/GPCI2025.csv", "mpfs/rvu26c/GPCI2026.csv"),
    *("ncci/mue_practitioner_2024Q3.csv", "ncci/mue_practitioner_2026Q2.csv"),
)


@pytest.fixture(scope="module")
def diff_of(published, tmp_path_factory):
    """The comparison of two releases of a book with the six files."""
    store = BookStore(tmp_path_factory.mktemp("releases"), with_starter=False)
    outcomes = load_paths(store, [published / file for file in FILES])
    assert [done.reason for done in outcomes if done.release is None] == []

    def compared(source, old, new):
        return compare(store, *(find_release(store.releases(), source, name) for name in (old, new)))

    return compared


def read(path, header, stacked=1):
    """The rows below the one that begins with ``header``, by the words in the last ``stacked`` rows of the header."""
    with path.open(encoding="latin-1", newline="") as lines:
        rows = list(csv.reader(lines))
    at = next(number for number, cells in enumerate(rows) if cells and cells[0].strip() == header)
    words = rows[at + 1 - stacked : at + 1]
    names = [
        " ".join(" ".join(cells[column].strip() for cells in words if column < len(cells)).split())
        for column in range(len(rows[at]))
    ]
    return [dict(zip(names, cells, strict=False)) for cells in rows[at + 1 :] if cells and cells[0].strip()]


def national(row, setting):
    """One unit's amount, or None for what relative values do not price."""
    valued = Decimal(row["NON-FACILITY TOTAL"]) + Decimal(row["FACILITY TOTAL"])
    if row["STATUS CODE"] not in {"A", "R", "T"} or not valued:
        return None
    units = sum(Decimal(row[name]) for name in ("WORK RVU", f"{setting} PE RVU", "MP RVU"))
    return (units * Decimal(row["CONV FACTOR"])).quantize(CENT, ROUND_HALF_UP)


def test_fee_schedule_changes_as_the_two_files_say(diff_of, published):
    old, new = (
        {(row["HCPCS"].strip(), row["MOD"].strip()): row for row in read(published / file, "HCPCS", 5)}
        for file in FILES[:2]
    )
    placeholders = {key for key in new if not (key[0][:4].isdigit() or key[0][1:].isdigit())}
    assert placeholders == {("GXXX1", "")}
    diff = diff_of("mpfs-rvu", "RVU25D", "RVU26C")
    both = old.keys() & new.keys()
    amounts = {
        key: tuple((national(old[key], setting), national(new[key], setting)) for setting in ("NON-FAC", "FACILITY"))
        for key in both
    }
    counts = diff.counts
    assert counts.added == len(new.keys() - old.keys() - placeholders) == 495
    assert counts.ended == len(old.keys() - new.keys()) == 230
    assert (
        counts.columns["status_indicator"] == sum(old[k]["STATUS CODE"] != new[k]["STATUS CODE"] for k in both) == 334
    )
    assert counts.columns["work_rvu"] == sum(Decimal(old[k]["WORK RVU"]) != Decimal(new[k]["WORK RVU"]) for k in both)
    assert counts.columns["global_days"] == sum(old[k]["GLOB DAYS"] != new[k]["GLOB DAYS"] for k in both) == 284
    assert counts.kinds["re_priced"] == sum(any(a != b for a, b in amounts[k]) for k in both) == 9_350
    assert counts.kinds["dearer"] == sum(any(a and b and b > a for a, b in amounts[k]) for k in both) == 5_093
    assert counts.kinds["cheaper"] == sum(any(a and b and b < a for a, b in amounts[k]) for k in both) == 5_879
    assert counts.kinds["priced"] == sum(any(a is None and b for a, b in amounts[k]) for k in both) == 288
    assert (counts.kinds["re_indicated"], counts.changed, counts.unchanged) == (400, 9_649, 9_211)
    told = {tuple(change.key.values()): change for change in diff.changes("re_priced")}
    for key, change in told.items():
        values = tuple(change.old.values[name] for name in ("amount_nonfacility", "amount_facility"))
        assert values == tuple(a for a, _ in amounts[key]), key
    assert [(one.column, one.old, one.new) for one in diff.head.told_once] == [
        ("conversion_factor", Decimal("32.3465"), Decimal("33.4009"))
    ]
    assert diff.head.not_compared == (("price_indicator", "old"),)


def test_unit_limits_change_as_the_two_files_say(diff_of, published):
    old, new = (
        {
            row["hcpcs_code"]: (int(row["mue_units"]), row["mue_mai"], row["mue_rationale"])
            for row in read(path, "hcpcs_code")
        }
        for path in (published / file for file in FILES[4:])
    )
    both = old.keys() & new.keys()
    counts = diff_of("ncci-mue-practitioner", "2024Q3", "2026Q2").counts
    assert counts.added == len(new.keys() - old.keys()) == 697
    assert counts.ended == len(old.keys() - new.keys()) == 279
    assert counts.kinds["limit_raised"] == sum(new[code][0] > old[code][0] for code in both) == 29
    assert counts.kinds["limit_lowered"] == sum(new[code][0] < old[code][0] for code in both) == 5
    assert counts.kinds["mai_changed"] == sum(new[code][1] != old[code][1] for code in both) == 12
    assert counts.changed == sum(new[code] != old[code] for code in both) == 45


def test_practice_cost_indices_change_as_the_two_files_say(diff_of, published):
    tables = []
    for file in FILES[2:4]:
        rows = read(published / file, "Medicare Administrative Contractor (MAC)")
        columns = {name.split("GPCI")[0].split()[-1]: name for name in rows[0] if "GPCI" in name}
        tables.append(
            {
                (row["Medicare Administrative Contractor (MAC)"], row["Locality Number"]): {
                    index: Decimal(row[columns[index]]) for index in ("PW", "PE", "MP")
                }
                for row in rows
                if row.get("Locality Number")
            }
        )
    old, new = tables
    counts = diff_of("mpfs-gpci", "GPCI2025", "GPCI2026").counts
    assert len(old) == len(new) == len(old.keys() & new.keys()) == counts.old == counts.new == 109
    differing = Counter(index for key in old for index in ("PW", "PE", "MP") if old[key][index] != new[key][index])
    names = {"PW": "work_gpci", "PE": "pe_gpci", "MP": "mp_gpci"}
    assert counts.columns == {names[index]: number for index, number in differing.items()}
    assert counts.columns == {"work_gpci": 57, "pe_gpci": 104, "mp_gpci": 108}
    assert counts.changed == 109


def test_a_whole_pair_table_is_compared_with_an_excerpt_of_the_next(published, published_store, tmp_path):
    # The excerpt has 50 edits, 6 of them with indicator 9. By hand, of the 12 in force: 0001U/0417U began in 2025,
    # the others stand in 2024Q3; 0001U/0029U ended on 2026-06-30, 0001U/0428U began and ended in the last of 2024.
    excerpt = BookStore(tmp_path, with_starter=False)
    load_paths(excerpt, [published / "ncci/raw/ccipra-v322r0-f1.excerpt.txt"])
    (new,) = excerpt.releases()
    source = "ncci-ptp-practitioner"
    old = next(one for one in published_store.own_releases() if (one.source, one.release) == (source, "2024Q3"))

    class Both(BookStore):
        def table(self, release, *, texts_once=False):
            return (excerpt if release == new else published_store).table(release, texts_once=texts_once)

        def rejects(self, release):
            return (excerpt if release == new else published_store).rejects(release)

    diff = compare(Both(None), old, new)
    assert {change.what: "/".join(change.key.values()) for change in diff.changes()} == {
        "added": "0001U/0417U",
        "ended": "0001U/0029U",
        "between": "0001U/0428U",
    }
    (ended,) = diff.changes("closed")
    assert [(one.column, one.old, one.new) for one in ended.differences] == [("valid_to", None, dt.date(2026, 6, 30))]
    # awk over ptp_practitioner_2024Q3.csv: distinct pairs without indicator 9 that had not ended by 2024-07-01.
    assert (diff.counts.old, diff.counts.new, diff.counts.unchanged) == (1_669_820, 12, 11)
    assert diff.counts.untold_new == 1_669_820 - 12
    assert diff.head.notes == ("2026Q3 is a part of the release: it cannot tell of 1,669,808 that 2024Q3 lists.",)
    assert diff.head.not_compared == (("valid_from", "old"),)
