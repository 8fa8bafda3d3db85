"""Which Parquet files are a Delta table now, by its log: enough to read plain tables, and to refuse the others.

The log is that of the Delta Transaction Log Protocol (github.com/delta-io/delta, PROTOCOL.md): commits as JSON lines of
actions, and checkpoints that sum up the commits before them. What changes how files must be read (deletion vectors,
mapped or widened columns, newer checkpoints) is refused: Delta's own reader knows it, and its DataFrame can be checked
all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql import types as T  # noqa: N812 - the same

from cleanclaim.errors import UnreadableFile

_COMMIT: Final = re.compile(r"/_delta_log/(?P<version>[0-9]{20})\.json")
_CHECKPOINT: Final = re.compile(
    r"/_delta_log/(?P<version>[0-9]{20})\.checkpoint(?:\.(?P<part>[0-9]{10})\.(?P<parts>[0-9]{10}))?\.parquet"
)
_HARMLESS: Final = frozenset({"timestampNtz", "vacuumProtocolCheck", "columnMapping", "deletionVectors"})
"""Reader features that change nothing while no column is mapped and no file has a deletion vector."""
_NEWEST_READER: Final = 3
_NULL_FOLDER: Final = "__HIVE_DEFAULT_PARTITION__"
_ACTIONS: Final = (
    "protocol struct<minReaderVersion: int, readerFeatures: array<string>>, "
    "metaData struct<schemaString: string, configuration: map<string, string>>, "
    "add struct<path: string, partitionValues: map<string, string>, deletionVector: struct<storageType: string>>, "
    "remove struct<path: string>"
)


@dataclass(slots=True)
class Snapshot:
    """A Delta table as its log leaves it: files by their path in it, with the partition values of each."""

    schema: str = ""
    files: dict[str, dict[str, str | None]] = field(default_factory=dict)


def snapshot(session: SparkSession, path: str) -> Snapshot | None:
    """The table at ``path``, None where no Delta log is. Raises UnreadableFile where its log cannot be followed."""
    log = f"{path.rstrip('/')}/_delta_log"
    if Path(path).exists() and not Path(log).is_dir():
        return None  # Spark warns at length of a folder that is not there
    try:
        listed = [unquote(file) for file in session.read.text(f"{log}/*").inputFiles()]
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return None
        raise
    version, parts = _last_checkpoint(listed)
    commits = sorted(int(match["version"]) for match in map(_COMMIT.search, listed) if match)
    after = [number for number in commits if number > version]
    if after != list(range(version + 1, version + 1 + len(after))) or (version < 0 and not after):
        raise _refused(path, "commits are missing from its log")
    now = Snapshot()
    if parts:
        _apply(now, path, _actions(session.read.parquet(*parts)))
    if after:
        files = [f"{log}/{number:020}.json" for number in after]
        told = session.read.schema(_ACTIONS).json(files).select("*", F.col("_metadata.file_name").alias("commit"))
        by_commit: dict[str, list[Row]] = {}
        for row in told.collect():
            by_commit.setdefault(row["commit"], []).append(row)
        for commit in sorted(by_commit):
            _apply(now, path, by_commit[commit])
    return now


def rows(session: SparkSession, path: str, table: Snapshot) -> DataFrame:
    """The rows of the table, with its columns as its log declares them. Raises UnreadableFile for an empty one."""
    if not table.files:
        raise UnreadableFile(f"{path}: a Delta table without rows.")
    for file, values in table.files.items():
        if _folders(file) != {name: _NULL_FOLDER if value in {None, ""} else value for name, value in values.items()}:
            raise _refused(path, "its files do not lie in folders named by their partition")
    base = path.rstrip("/")
    schema = T.StructType.fromJson(json.loads(table.schema))
    return session.read.schema(schema).option("basePath", base).parquet(*(f"{base}/{file}" for file in table.files))


def _last_checkpoint(listed: Iterable[str]) -> tuple[int, list[str]]:
    """Version and files of the last checkpoint of which every part is there; -1 and none where there is none."""
    found: dict[tuple[int, int], list[str]] = {}
    for file in listed:
        if match := _CHECKPOINT.search(file):
            found.setdefault((int(match["version"]), int(match["parts"] or 1)), []).append(file)
    whole = [key for key, files in found.items() if len(files) == key[1]]
    return (max(whole)[0], sorted(found[max(whole)])) if whole else (-1, [])


def _actions(checkpoint: DataFrame) -> list[Row]:
    """The rows of a checkpoint, with the fields we need."""
    wanted = T.StructType.fromDDL(_ACTIONS)
    found: list[Row] = checkpoint.select(
        *(_picked(F.col(one.name), one.dataType, checkpoint.schema, one.name) for one in wanted)
    ).collect()
    return found


def _picked(value: Column, kind: T.DataType, inside: T.StructType, name: str) -> Column:
    """A field as a commit has it: of a record only the fields we need, null where an older writer leaves it out."""
    if name not in inside.names:
        return F.lit(None).cast(kind).alias(name)
    there = inside[name].dataType
    if not isinstance(kind, T.StructType) or not isinstance(there, T.StructType):
        return value.cast(kind).alias(name)
    fields = F.struct(*(_picked(value[one.name], one.dataType, there, one.name) for one in kind))
    return F.when(value.isNotNull(), fields).alias(name)


def _apply(now: Snapshot, path: str, actions: Sequence[Row]) -> None:
    for action in actions:
        if action["protocol"] is not None:
            _refuse_unknown(path, action["protocol"])
        if action["metaData"] is not None:
            if (action["metaData"]["configuration"] or {}).get("delta.columnMapping.mode", "none") != "none":
                raise _refused(path, "its columns are mapped to other names")
            now.schema = action["metaData"]["schemaString"]
        if action["remove"] is not None:
            now.files.pop(unquote(action["remove"]["path"]), None)
    for added in (action["add"] for action in actions if action["add"] is not None):
        if added["deletionVector"] is not None:
            raise _refused(path, "rows are deleted by deletion vectors")
        file = unquote(added["path"])
        if file.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", file):
            raise _refused(path, "it is a shallow clone, with files elsewhere")
        now.files[file] = dict(added["partitionValues"] or {})


def _refuse_unknown(path: str, protocol: Any) -> None:
    unknown = set(protocol["readerFeatures"] or ()) - _HARMLESS
    if protocol["minReaderVersion"] > _NEWEST_READER or unknown:
        raise _refused(path, f"it needs {', '.join(sorted(unknown)) or 'a newer reader'}")


def _folders(file: str) -> dict[str, str]:
    """The partition that a file's folders name; in them, signs that no folder name can hold are escaped."""
    named = (folder.partition("=") for folder in file.split("/")[:-1] if "=" in folder)
    return {unquote(name): unquote(value) for name, _, value in named}


def _refused(path: str, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path}: a Delta table that is not read here: {why}. Where Spark has Delta's own reader, check its DataFrame: "
        f"cleanclaim.spark.check(spark.read.format('delta').load(...))."
    )
