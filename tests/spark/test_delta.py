"""Delta tables by their log: what it says is read, what it cannot be read without is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleanclaim.errors import UnreadableFile

pytestmark = pytest.mark.spark

COLUMNS = ("claim_id", "hcpcs", "service_date", "patient_id")
SCHEMA = json.dumps(
    {
        "type": "struct",
        "fields": [
            {"name": name, "type": "string", "nullable": True, "metadata": {}} for name in (*COLUMNS, "payer_id")
        ],
    }
)


class Table:
    """A Delta table written by hand, commit by commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "_delta_log"
        self.log.mkdir(parents=True)

    def file(self, name: str, *claims: str, payer: str | None = None) -> dict[str, object]:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_pylist(
                [dict(zip(COLUMNS, (claim, "99213", "2026-01-05", "P"), strict=True)) for claim in claims]
            ),
            path,
        )
        values = {} if payer is None else {"payer_id": payer}
        return {"add": {"path": name.replace(" ", "%20").replace("%2F", "%252F"), "partitionValues": values, "size": 1}}

    def commit(self, version: int, *actions: dict[str, object]) -> None:
        lines = [json.dumps({"commitInfo": {"operation": "WRITE"}}), *map(json.dumps, actions)]
        (self.log / f"{version:020}.json").write_text("\n".join(lines), encoding="utf-8")
        (self.log / f"{version:020}.crc").write_text("{}", encoding="utf-8")


def protocol(version: int = 1, *features: str) -> dict[str, object]:
    told: dict[str, object] = {"minReaderVersion": version, "minWriterVersion": 2}
    return {"protocol": told | ({"readerFeatures": list(features), "writerFeatures": []} if features else {})}


def metadata(*partitions: str, **configuration: str) -> dict[str, object]:
    return {
        "metaData": {
            "id": "t",
            "format": {"provider": "parquet", "options": {}},
            "schemaString": SCHEMA,
            "partitionColumns": list(partitions),
            "configuration": configuration,
        }
    }


@pytest.fixture
def table(tmp_path):
    return Table(tmp_path / "claims table")


def claims_in(spark, table):
    from cleanclaim import spark as on_spark

    return sorted(row["claim_id"] for row in on_spark.read(spark, table.folder).collect())


def test_files_that_the_log_removed_are_not_read(spark, table):
    table.commit(0, protocol(), metadata(), table.file("a.parquet", "A"), table.file("b b.parquet", "B", "C"))
    table.commit(1, {"remove": {"path": "a.parquet", "dataChange": True}}, table.file("c.parquet", "D"))
    (table.log / f"{0:020}.{1:020}.compacted.json").write_text("{}", encoding="utf-8")
    table.file("never-committed.parquet", "X")
    assert claims_in(spark, table) == ["B", "C", "D"]


def test_columns_are_those_of_the_log_whatever_file_comes_first(spark, table):
    table.commit(0, protocol(), metadata(), table.file("a.parquet", "A"))
    later = {"claim_id": ["B"], "hcpcs": ["99213"], "service_date": ["2026-01-05"], "payer_id": ["00123"]}
    pq.write_table(pa.table(later), table.folder / "b.parquet")
    table.commit(1, {"add": {"path": "b.parquet", "partitionValues": {}}})
    from cleanclaim import spark as on_spark

    found = {row["claim_id"]: row for row in on_spark.read(spark, table.folder).collect()}
    assert (found["A"]["payer_id"], found["B"]["payer_id"], found["B"]["patient_id"]) == (None, "00123", None)


def test_partition_values_are_those_of_the_log(spark, table):
    table.commit(
        0,
        protocol(),
        metadata("payer_id"),
        table.file("payer_id=00123/a.parquet", "A", payer="00123"),
        table.file("payer_id=A%2FB/b.parquet", "B", payer="A/B"),
        table.file("payer_id=__HIVE_DEFAULT_PARTITION__/c.parquet", "C") | {},
    )
    text = (table.log / f"{0:020}.json").read_text(encoding="utf-8")
    text = text.replace('c.parquet", "partitionValues": {}', 'c.parquet", "partitionValues": {"payer_id": null}')
    (table.log / f"{0:020}.json").write_text(text, encoding="utf-8")
    from cleanclaim import spark as on_spark

    found = {row["claim_id"]: row["payer_id"] for row in on_spark.read(spark, table.folder).collect()}
    assert found == {"A": "00123", "B": "A/B", "C": None}


@pytest.mark.parametrize("parts", [1, 2])
def test_a_checkpoint_stands_for_the_commits_before_it(spark, table, parts):
    adds = [table.file("a.parquet", "A")["add"], table.file("b.parquet", "B")["add"]]
    rows = [{**protocol(), **metadata()}, *({"add": add} for add in adds)]
    kinds = {
        "protocol": pa.struct([("minReaderVersion", pa.int32()), ("minWriterVersion", pa.int32())]),
        "metaData": pa.struct(
            [
                ("id", pa.string()),
                ("schemaString", pa.string()),
                ("partitionColumns", pa.list_(pa.string())),
                ("configuration", pa.map_(pa.string(), pa.string())),
            ]
        ),
        "add": pa.struct(
            [
                ("path", pa.string()),
                ("partitionValues", pa.map_(pa.string(), pa.string())),
                ("size", pa.int64()),
                ("deletionVector", pa.struct([("storageType", pa.string()), ("pathOrInlineDv", pa.string())])),
            ]
        ),
    }
    rows[0]["metaData"] = {**rows[0]["metaData"], "configuration": []}
    for row in rows[1:]:
        row["add"] = {**row["add"], "partitionValues": []}
    split = [rows[:2], rows[2:]] if parts == 2 else [rows]
    for number, some in enumerate(split, 1):
        part = f".{number:010}.{parts:010}" if parts > 1 else ""
        schema = pa.schema(list(kinds.items()))
        pq.write_table(pa.Table.from_pylist(some, schema=schema), table.log / f"{7:020}.checkpoint{part}.parquet")
    table.commit(7, {"remove": {"path": "b.parquet"}})  # already in the checkpoint: said again, it would undo it
    table.commit(8, table.file("c.parquet", "C"))
    assert claims_in(spark, table) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        ([protocol(3, "v2Checkpoint"), metadata()], "it needs v2Checkpoint"),
        ([protocol(4), metadata()], "it needs a newer reader"),
        ([protocol(2), metadata(**{"delta.columnMapping.mode": "name"})], "its columns are mapped"),
        (
            [
                protocol(3, "deletionVectors"),
                metadata(),
                {"add": {"path": "a", "deletionVector": {"storageType": "u"}}},
            ],
            "rows are deleted by deletion vectors",
        ),
        ([protocol(), metadata(), {"add": {"path": "file:/else/a.parquet"}}], "it is a shallow clone"),
        (
            [protocol(), metadata("payer_id"), {"add": {"path": "a.parquet", "partitionValues": {"payer_id": "1"}}}],
            "its files do not lie in folders named by their partition",
        ),
    ],
)
def test_what_the_log_alone_does_not_tell_is_refused_with_the_way_out(spark, table, actions, reason):
    table.commit(0, *actions)
    with pytest.raises(UnreadableFile, match=reason) as told:
        claims_in(spark, table)
    assert "format('delta')" in str(told.value)


def test_a_log_with_a_commit_missing_and_a_table_without_rows_are_refused(spark, table):
    table.commit(0, protocol(), metadata())
    with pytest.raises(UnreadableFile, match="without rows"):
        claims_in(spark, table)
    table.commit(2, table.file("a.parquet", "A"))
    with pytest.raises(UnreadableFile, match="commits are missing"):
        claims_in(spark, table)
