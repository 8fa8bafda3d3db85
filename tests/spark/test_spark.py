"""Claims checked on a real Spark: the report is the one a single process makes, whatever way the rows came."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.row import claims_of
from warehouse import awkward, rows_of, same, write, write_nested

import cleanclaim
from cleanclaim.errors import BookError, InputError, InternalError, UnknownName, UnreadableFile
from cleanclaim.interfaces.python import Book
from cleanclaim.render.parquet_report import render

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def book(starter_book):
    return Book(starter_book)


@pytest.fixture(scope="module")
def claims(starter_book):
    from bench.claims837 import claims_file

    return claims_of(claims_file(starter_book, 260))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("claims")


@pytest.fixture(scope="module")
def file(folder, claims):
    return write(folder / "claims.parquet", awkward(claims))


def local(*paths, book, **options):
    report = cleanclaim.check(list(map(str, paths)), book, **options)
    return pq.read_table(io.BytesIO(render(report))).to_pylist()


def rows(report):
    return report.toArrow().to_pylist()


@pytest.fixture(scope="module")
def alone(file, book):
    """What a single process says of the file."""
    return local(file, book=book)


def test_the_report_is_that_of_a_single_process_in_every_column(spark, file, book, alone):
    from cleanclaim import spark as on_spark

    report = on_spark.check(on_spark.read(spark, file), book=book)
    found = rows(report)
    kinds = Counter(row["kind"] for row in found)
    assert kinds["finding"] > 100
    assert kinds["reject"] > 10
    assert kinds["not_checked"]
    assert {rule[:3] for row in found if (rule := row["rule"])} >= {"PTP", "MUE", "DUP", "GLO"}
    assert same(found) == same(alone)
    assert report.columns == pq.read_schema(io.BytesIO(render(cleanclaim.check([], book)))).names


def test_the_number_of_tasks_and_the_choice_of_rules_and_day_change_nothing(spark, file, book):
    from cleanclaim import spark as on_spark

    chosen = {"select": ["PTP", "MUE", "DUP"], "ignore": ["MUE002"], "known_on": dt.date(2026, 3, 1)}
    expected = same(local(file, book=book, **chosen))
    claims = on_spark.read(spark, file)
    for partitions in (1, 7):
        assert same(rows(on_spark.check(claims, book=book, partitions=partitions, **chosen))) == expected


def test_whole_claims_with_their_lines_inside_are_read_the_same(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    file = write_nested(tmp_path / "nested.parquet", [*claims[:60], claims[0]])
    assert same(rows(on_spark.check(on_spark.read(spark, file), book=book))) == same(local(file, book=book))


def test_a_history_is_looked_at_and_not_reported(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    now = write(tmp_path / "now.parquet", rows_of(claims[::2]))
    again = [replace(claim, claim_id=f"OLD-{claim.claim_id}") for claim in claims[::6]]
    before = write(tmp_path / "before.parquet", [*rows_of([*claims[1::2], *again]), *awkward(claims[1:20:2])])
    report = on_spark.check(on_spark.read(spark, now), book=book, history=on_spark.read(spark, before))
    found = rows(report)
    expected = local(now, book=book, history=[str(before)])
    assert same(found) == same(expected)
    assert same(expected) != same(local(now, book=book))
    assert any(row["kind"] == "reject" and row["message"].startswith("history: ") for row in found)


def test_files_of_a_folder_keep_their_names_and_order(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    whole = tmp_path / "two parts + more"
    half = len(claims) // 2
    write(whole / "a/b.parquet", rows_of(claims[:half]))
    write(whole / "a.c.parquet", rows_of([replace(claim, claim_id=f"{claim.claim_id}-B") for claim in claims[:9]]))
    write(whole / "z 100%.parquet", rows_of(claims[half:]))
    assert same(rows(on_spark.check(on_spark.read(spark, whole), book=book))) == same(local(whole, book=book))


def test_files_that_spark_would_leave_out_are_not_left_out_silently(spark, tmp_path, claims):
    from cleanclaim import spark as on_spark

    write(tmp_path / "payer_id=1/a.parquet", rows_of(claims[:2]))
    write(tmp_path / "late/b.parquet", rows_of(claims[2:4]))
    with pytest.raises(UnreadableFile, match=r"leave out 1 of its 2 files|cannot read it"):
        on_spark.read(spark, tmp_path)


def test_a_file_that_is_no_parquet_is_one_clear_error(spark, tmp_path):
    from cleanclaim import spark as on_spark

    path = tmp_path / "claims.csv"
    path.write_text("claim_id,hcpcs,service_date\nC1,43239,2026-07-01\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"claims\.csv: Spark cannot read it as Parquet .*--engine local"):
        on_spark.read(spark, path)


def test_a_claim_whose_rows_lie_in_several_partitions_is_one_claim(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    flat = rows_of(claims[:80])
    for row in flat:
        row |= {"payer_id": "00123", "payer_name": "", "filing_indicator": "CI"}
    expected = local(write(tmp_path / "flat.parquet", flat), book=book)
    parted = tmp_path / "parted"
    for number, row in enumerate(flat):
        day = row["service_date"]
        kept = {name: value for name, value in row.items() if name != "payer_id"}
        write(parted / f"payer_id=00123/month={day:%m}/{number}.parquet", [kept])
    found = rows(on_spark.check(on_spark.read(spark, parted), book=book))
    place = ("file", "segment")
    assert same(found, without=place) == same(expected, without=place)
    assert {row["payer"] for row in found if row["kind"] == "claim"} == {"00123"}


def test_a_frame_that_knows_no_file_has_the_same_findings_and_names_the_row_of_the_claim(spark, file, book, alone):
    from cleanclaim import spark as on_spark

    frame = spark.createDataFrame(pq.read_table(file)).coalesce(1)
    report = on_spark.check(frame, book=book, name="warehouse.claims")
    found = rows(report)
    place = ("file", "segment", "message")  # a reject of a claim that disagrees with itself names the rows
    assert same(found, without=place) == same(alone, without=place)
    assert same(found, without=place[:2], kinds=["finding"]) == same(alone, without=place[:2], kinds=["finding"])
    assert {row["file"] for row in found if row["kind"] in {"claim", "finding"}} == {"warehouse.claims"}
    assert {row["segment"] for row in found if row["kind"] == "finding"} >= {"row 1 of its claim", "row 2 of its claim"}


def test_dates_that_are_moments_are_the_day_in_utc_whatever_the_session_says(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    flat = rows_of(claims[:40])
    for row in flat:
        row["service_date"] = dt.datetime.combine(row["service_date"], dt.time(20), dt.UTC)
    nested = [{"claim_id": "N", "patient_id": "P", "lines": [dict(row) for row in flat[:2]]}]
    for number, table in enumerate((flat, nested)):
        path = tmp_path / f"{number}.parquet"
        pq.write_table(pa.Table.from_pylist(table), path)
        assert same(rows(on_spark.check(on_spark.read(spark, path), book=book))) == same(local(path, book=book))


def test_numbers_that_name_claims_and_patients_are_the_texts_that_the_reader_sees(spark, tmp_path, claims, book):
    from cleanclaim import spark as on_spark

    flat = rows_of(claims[:40])
    numbers = {name: number for number, name in enumerate(dict.fromkeys(row["claim_id"] for row in flat), 99)}
    patients = {name: number for number, name in enumerate(dict.fromkeys(row["patient_id"] for row in flat), 7)}
    for at, row in enumerate(flat):
        number = numbers[row["claim_id"]]
        patient = patients[row["patient_id"]]
        row |= {"claim_id": float(number) if at % 2 else None, "claim_number": None if at % 2 else number}
        row |= {"patient_id": float(patient) if at % 3 else float("nan"), "member_id": f" {patient}"}
    file = write(tmp_path / "numbers.parquet", flat)
    assert same(rows(on_spark.check(on_spark.read(spark, file), book=book))) == same(local(file, book=book))


def test_counts_hold_the_claims_given_against_the_claims_reported(spark, file, book, alone):
    from cleanclaim import spark as on_spark

    claims = on_spark.read(spark, file)
    report = on_spark.check(claims, book=book).persist()
    found = on_spark.counts(claims, report)
    by_kind = Counter(row["kind"] for row in alone)
    assert found == on_spark.Counts(by_kind["claim"] + by_kind["reject"], by_kind["claim"], by_kind["reject"])
    lost = next(row["claim"] for row in alone if row["kind"] == "claim")
    with pytest.raises(InternalError, match="claims were given to Spark"):
        on_spark.counts(claims, report.where(f"kind != 'claim' or claim != '{lost}'"))
    report.unpersist()


def test_a_folder_that_every_machine_sees_serves_as_well(spark, file, book, alone):
    from cleanclaim import spark as on_spark

    assert same(rows(on_spark.check(on_spark.read(spark, file), book=book, ship=False))) == same(alone)


def test_another_book_on_an_executor_is_one_clear_error(spark, tmp_path, claims):
    from pyspark.errors import PySparkException

    from cleanclaim import spark as on_spark
    from cleanclaim.interfaces.spark.command import clear_errors

    own = tmp_path / "book"
    own.mkdir()
    report = on_spark.check(
        on_spark.read(spark, write(tmp_path / "few.parquet", rows_of(claims[:3]))), book=Book.open(own), ship=False
    )
    own.rmdir()
    with pytest.raises(PySparkException, match="an executor cannot open the book"):
        report.collect()
    with pytest.raises(BookError, match=r"^\S+book: an executor cannot open the book") as told, clear_errors():
        report.collect()
    assert "Traceback" not in str(told.value)


def test_what_cannot_be_checked_is_refused_before_anything_runs(spark, book, file):
    from cleanclaim import spark as on_spark

    with pytest.raises(UnreadableFile, match="claims: no column hcpcs"):
        on_spark.check(spark.createDataFrame([("A",)], "claim_id string"), book=book)
    strange = spark.createDataFrame(
        [(True, "99213", "2026-01-05")], "claim_id boolean, hcpcs string, service_date string"
    )
    with pytest.raises(InputError, match="claim_id is of type boolean"):
        on_spark.check(strange, book=book)
    claims = on_spark.read(spark, file)
    with pytest.raises(UnknownName, match="NOPE"):
        on_spark.check(claims, book=book, select=["NOPE"])
    with pytest.raises(InputError, match="Column units is of type"):
        on_spark.check(claims, book=book, history=claims.withColumn("units", claims["units"].cast("int")))
    with pytest.raises(UnreadableFile, match="PATH_NOT_FOUND"):
        on_spark.read(spark, "no-such-folder")
    with pytest.raises(InputError, match="No path"):
        on_spark.read(spark)
