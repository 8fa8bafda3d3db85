"""Claims from folders and files that Spark can see, each row with the place it has there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from urllib.parse import unquote

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from cleanclaim.errors import InputError, UnreadableFile
from cleanclaim.interfaces.spark import delta, keys

_INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"


def read(session: SparkSession, *paths: str | Path) -> DataFrame:
    """Claims of Parquet files, of folders of them (partitioned or not), and of Delta tables, in this order.

    Each path is one table: rows with the same claim number are one claim, whichever of its files they stand in. The
    values of partition folders stay the text they are. Raises UnreadableFile for a path without Parquet files or with
    a Delta table that only Delta's own reader can read, InputError when the paths have other columns or types.
    """
    if not paths:
        raise InputError("No path was given to read claims from.")
    tables = [_table(session, str(path), number) for number, path in enumerate(paths)]
    first = tables[0].drop(keys.PLACE).schema
    for path, table in zip(paths, tables, strict=True):
        if table.drop(keys.PLACE).schema.simpleString() != first.simpleString():
            raise InputError(
                f"{path}: its columns, or their types, are not those of {paths[0]}. Check them one by one."
            )
    return reduce(DataFrame.unionByName, tables)


def _table(session: SparkSession, path: str, number: int) -> DataFrame:
    before = session.conf.get(_INFERENCE)
    session.conf.set(_INFERENCE, "false")  # a payer's 00123 is not the number 123
    try:
        table = delta.snapshot(session, path)
        rows = _folder(session, path) if table is None else delta.rows(session, path, table)
        return rows.select("*", _place(rows, path, number).alias(keys.PLACE))
    except PySparkException as error:
        reason = error.getCondition() or type(error).__name__
        raise UnreadableFile(f"{path}: Spark cannot read it as Parquet ({reason}).") from None
    except Py4JJavaError as error:  # what is no Parquet at all fails in a task, of which pyspark makes nothing better
        reason = error.java_exception.getClass().getSimpleName()
        raise UnreadableFile(
            f"{path}: Spark cannot read it as Parquet ({reason}). Other formats are read by --engine local."
        ) from None
    finally:
        session.conf.set(_INFERENCE, str(before))


def _folder(session: SparkSession, path: str) -> DataFrame:
    """The rows of a Parquet file, or of every file in a folder and in the folders in it."""
    everywhere = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(path)
    files = set(everywhere.inputFiles())
    base = _base(files, path)
    # Spark would take the columns of any one file for those of all.
    reader = session.read.option("mergeSchema", "true")
    if not any("=" in folder for file in files for folder in unquote(file).partition(base)[2].split("/")[:-1]):
        return reader.option("recursiveFileLookup", "true").parquet(path)
    rows = reader.parquet(path)
    left_out = files.difference(rows.inputFiles())
    if left_out:
        raise UnreadableFile(
            f"{path}: Spark would leave out {len(left_out):,} of its {len(files):,} files, which do not lie in "
            "partition folders (name=value) as the others do. Name the folders one by one."
        )
    return rows


def _place(rows: DataFrame, path: str, number: int) -> Column:
    """Path, file and row of each row; a file is called by the path as it was given, as a single process calls it."""
    base = _base(rows.inputFiles(), path)
    if base.endswith("/"):
        # Only "%" escapes are meant: a "+" in an address is a plus.
        address = F.url_decode(F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B")))
        inside = F.substr(address, F.locate(base, address) + len(base))
        file = F.concat(F.lit(f"{path.rstrip('/')}/"), inside)
    else:
        file = F.lit(path)
    return F.struct(F.lit(number).alias("number"), file.alias("file"), (F.col("_metadata.row_index") + 1).alias("row"))


def _base(files: Iterable[str], path: str) -> str:
    """The path as it stands in the addresses of its files: with a slash behind it where it is a folder."""
    named = path.rstrip("/")
    found = [unquote(file) for file in files]
    for base in (named if "://" in named else str(Path(named).absolute()), named):
        if found and all(f"{base}/" in file for file in found):
            return f"{base}/"
    return named
