"""What tells claims and patients apart, as Spark expressions: equal wherever the reader takes two texts for the same.

The reader decides in the task what a claim is; these only bring the rows together that it must see together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql import types as T  # noqa: N812 - the same

from cleanclaim.claims.readers.columns import claim_names, flat_names, resolve
from cleanclaim.claims.readers.tabular import is_nested
from cleanclaim.errors import InputError

PLACE: Final = "_cleanclaim_place"
"""The column in which :func:`cleanclaim.spark.read` says which path, file and row a row is of."""


_BLANK: Final = r"(?U)^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+$"
"""What ``str.strip`` takes away."""
_CLAIM, _NAMELESS, _PATIENT = "c", "n", "p"
_PARTS: Final = "\u0001"


def identities(columns: Sequence[str]) -> Mapping[str, list[str]]:
    """The columns that name the claim and the patient: for each its names in these data, best first."""
    return resolve(columns, claim_names() if is_nested(columns) else flat_names())


def claim_key(claims: DataFrame, order: Column) -> Column:
    """The claim that a row is of: the same for all rows of a claim, and never the same for two claims.

    A row without a claim number, and a whole claim with its lines inside, stand for themselves: ``order`` tells them
    apart.
    """
    alone = F.concat(F.lit(_NAMELESS), F.to_json(order))
    if is_nested(claims.columns):
        return alone
    number = _text(claims, "claim_id")
    table = F.col(PLACE)["number"].cast("string") if PLACE in claims.columns else F.lit("0")
    return F.coalesce(F.concat(F.lit(_CLAIM), table, F.lit(_PARTS), number), alone)


def patient_key(claims: DataFrame) -> Column:
    """The patient that a row names, null where it names none. Patients are told apart without regard to case."""
    return F.concat(F.lit(_PATIENT), F.upper(_text(claims, "patient_id")))


def row_order(claims: DataFrame) -> Column:
    """Where a row stands among all: by path, file and row where they are known, else in the order Spark has them."""
    if PLACE not in claims.columns:
        row = F.monotonically_increasing_id()
        return F.struct(F.lit(0).alias("number"), F.lit("").alias("file"), row.alias("row"))
    place = F.col(PLACE)
    # Folders sort before what follows their name, as paths do, not by the sign between.
    file = F.replace(place["file"], F.lit("/"), F.lit(_PARTS))
    return F.struct(place["number"].alias("number"), file.alias("file"), place["row"].alias("row"))


def _text(claims: DataFrame, column: str) -> Column:
    """The text that the reader finds in a documented column, null where it is empty."""
    names = identities(claims.columns).get(column, [])
    return F.coalesce(*(_stripped(claims, name) for name in names), F.lit(None).cast("string"))


def _stripped(claims: DataFrame, name: str) -> Column:
    kind, value = claims.schema[name].dataType, F.col(quoted(name))
    if isinstance(kind, T.FloatType | T.DoubleType):
        written = F.regexp_replace(F.format_string("%.6f", value.cast("double")), r"\.?0*$", "")
        text = F.when(value.isNotNull() & ~F.isnan(value), written)
    elif isinstance(kind, T.StringType | T.BinaryType | T.IntegralType | T.DecimalType | T.DateType | T.NullType):
        text = value.cast("string")
    else:
        raise InputError(f"Column {name} is of type {kind.simpleString()}: what names a claim is a text or a number.")
    bare = F.regexp_replace(text, _BLANK, "")
    return F.when(bare != "", bare)


def quoted(name: str) -> str:
    """A column's name as Spark must be given it, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"
