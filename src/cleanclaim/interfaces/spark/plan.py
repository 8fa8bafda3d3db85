"""The plan: rows laid out so that all claims of a patient meet in one task, which checks them with the one engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyspark.errors import PySparkAttributeError, PySparkNotImplementedError
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql import types as T  # noqa: N812 - the same

from cleanclaim.book.payers.shelf import Policies
from cleanclaim.book.store import BookStore
from cleanclaim.claims.readers.tabular import arrow_columns, is_nested
from cleanclaim.engine.files import book_notes, choice_notes
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import index_file
from cleanclaim.interfaces.python import Book
from cleanclaim.interfaces.spark import keys, task
from cleanclaim.interfaces.spark.book import Checks, digest, software
from cleanclaim.render.row_columns import table
from cleanclaim.render.rows import COLUMNS, Kind
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import select_rules
from cleanclaim.types import Date, Report

_ORDER = "_cleanclaim_order"
_PATIENT = "_cleanclaim_patient"
_FIRST = "_cleanclaim_first"
_TYPES = {
    Kind.TEXT: T.StringType(),
    Kind.TEXTS: T.ArrayType(T.StringType()),
    Kind.INTEGER: T.LongType(),
    Kind.INTEGERS: T.ArrayType(T.LongType()),
    Kind.DOLLARS: T.DecimalType(38, 2),
    Kind.DATE: T.DateType(),
    Kind.BOOLEAN: T.BooleanType(),
}
REPORT = T.StructType([T.StructField(column.name, _TYPES[column.kind]) for column in COLUMNS])
"""The columns of the report, as those of the Parquet format."""


def check(
    claims: DataFrame,
    *,
    book: Book | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    known_on: Date | None = None,
    history: DataFrame | None = None,
    partitions: int | None = None,
    name: str = "claims",
    ship: bool = True,
) -> DataFrame:
    """The report on the claims of a DataFrame: the rows of ``cleanclaim check --format parquet``, as a DataFrame.

    Every claim has a row (``kind`` is ``claim``), and so has every finding, every edit family that could not be
    checked, every release used outside its dates, every claim that could not be read (``reject``) and every release of
    the book. Nothing is computed before the report is used. Its rows are in no order.

    Args:
        claims: rows with the columns of docs/reference/claim-columns.md, one claim line each, or whole claims with
            their lines inside; they must hold all claims of every patient they name. Rows of one claim are told by the
            claim number. From :func:`cleanclaim.spark.read` they know file and row; of others the findings say which
            row of the claim is meant, and rows without ``line_no`` count in the order Spark has them.
        book: the book to check against; by default the one :meth:`cleanclaim.Book.open` opens.
        select: rule codes or family prefixes to apply; all by default.
        ignore: rule codes or family prefixes to leave out.
        known_on: use only releases published by this day.
        history: claims sent before, looked at and not reported. Give it whole, or not at all.
        partitions: how many tasks the claims are spread over; by default ``spark.sql.shuffle.partitions``.
        name: what the findings call the DataFrame, where its rows do not know their file.
        ship: send the book's index to every executor. Without it every executor must see the book's folder under the
            path it has here.

    Raises:
        UnreadableFile: when a required column is missing.
        InputError: for columns that cannot name a claim, or a history whose columns are of other types.
        UnknownName: for a rule or family that does not exist.
        BookError: in a task, when an executor has another book or another version of this package.
    """
    session = claims.sparkSession
    opened = book or Book.open()
    checks = _checks(session, opened, select, ignore, ship=ship)
    laid = _laid_out(claims, name)
    if history is not None:
        laid = _with_history(laid, _laid_out(history, "history"))
    tasks = partitions or int(session.conf.get("spark.sql.shuffle.partitions"))
    together = _together(laid, tasks)
    report = together.mapInArrow(task.Task(checks, known_on, history is not None), REPORT)
    return report.unionByName(_of_the_whole(session, opened, checks.rules(), known_on))


def _checks(session: SparkSession, book: Book, select: Iterable[str], ignore: Iterable[str], *, ship: bool) -> Checks:
    wanted = frozenset(loaded.rule.code for loaded in select_rules(select, ignore))
    everything = frozenset(loaded.rule.code for loaded in select_rules())
    store = book.opened.store
    if store is None:
        raise InputError("This book has no place on disk from which executors could have it. Open it with Book.open.")
    policies = book.opened.policies
    return Checks(
        index=_sent(session, store) if ship else "",
        folder=str(store.folder),
        with_starter=store.with_starter,
        releases=digest(book.opened.releases),
        software=software(),
        policies=Policies(policies.by_payer, policies.notes, policies.forced),
        codes=None if wanted == everything else wanted,
    )


def _sent(session: SparkSession, store: BookStore) -> str:
    """Have Spark send the index to every executor; its name, which changes with its content, tells it from others."""
    path = index_file(store)
    try:
        context = session.sparkContext
    except (PySparkAttributeError, PySparkNotImplementedError):
        raise InputError(
            "A Spark Connect session cannot send the book's index to executors. Put the book's folder where every "
            "machine sees it under one path, and give ship=False."
        ) from None
    if not any(sent.endswith(f"/{path.name}") for sent in context.listFiles):
        context.addFile(str(path))
    return path.name


def _laid_out(claims: DataFrame, name: str) -> DataFrame:
    """The columns that are read, and beside them which claim and patient a row is of, and its place."""
    read = arrow_columns(claims.columns, name)
    placed = keys.PLACE in claims.columns
    place = F.col(keys.PLACE)
    own = claims.select(
        *(F.col(keys.quoted(column)) for column in read),
        keys.row_order(claims).alias(_ORDER),
        (place["file"] if placed else F.lit(name)).alias(task.FILE),
        (place["row"] if placed else F.lit(None).cast("bigint")).alias(task.ROW),
        F.lit(False).alias(task.HISTORY),
        *((place,) if placed else ()),
    )
    own = own.withColumns({task.CLAIM: keys.claim_key(own, F.col(_ORDER)), _PATIENT: keys.patient_key(own)})
    if is_nested(read):
        own = own.withColumn(_FIRST, F.col(_ORDER))
    else:
        # The patient may stand on one row of a claim only. Every row goes where the claim goes.
        of_claim = Window.partitionBy(task.CLAIM)
        own = own.withColumns(
            {_PATIENT: F.min(_PATIENT).over(of_claim), _FIRST: F.min(_ORDER).over(of_claim)},
        )
    return own.withColumn(task.GROUP, F.coalesce(_PATIENT, task.CLAIM)).drop(_PATIENT, keys.PLACE)


def _with_history(claims: DataFrame, history: DataFrame) -> DataFrame:
    if is_nested(claims.columns) != is_nested(history.columns):
        raise InputError("The claims and their history must both be rows of lines, or both be whole claims.")
    types = {field.name: field.dataType for field in claims.schema}
    for field in history.schema:
        if types.get(field.name, field.dataType) != field.dataType:
            raise InputError(
                f"Column {field.name} is of type {types[field.name].simpleString()} in the claims and "
                f"{field.dataType.simpleString()} in the history. Cast one of them to the other."
            )
    marked = history.withColumn(task.HISTORY, F.lit(True))
    return claims.unionByName(marked, allowMissingColumns=True)


def _together(laid: DataFrame, tasks: int) -> DataFrame:
    """All rows of a group in one partition, in the order in which a single process would meet them."""
    ordered = laid.repartition(tasks, task.GROUP).sortWithinPartitions(
        task.GROUP, task.HISTORY, _FIRST, task.CLAIM, _ORDER
    )
    return ordered.drop(_ORDER, _FIRST)


def _of_the_whole(session: SparkSession, book: Book, rules: Sequence[LoadedRule], known_on: Date | None) -> DataFrame:
    """The rows that are about the whole report: the releases of the book, and what is to be said of them and rules."""
    report = Report(
        book=book.opened.entries(known_on),
        claims=(),
        findings=(),
        rejects=(),
        lines=0,
        notes=(*book_notes(book.opened), *choice_notes(rules)),
    )
    return session.createDataFrame(table(report), schema=REPORT)
