"""Every claim must be reported or rejected: an action that counts both sides, each by itself."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from cleanclaim.errors import InternalError
from cleanclaim.interfaces.spark import keys


@dataclass(frozen=True, slots=True)
class Counts:
    """Claims in = claims reported + claims rejected."""

    claims: int
    reported: int
    rejected: int


def counts(claims: DataFrame, report: DataFrame) -> Counts:
    """Count the claims of a DataFrame and those of its report, and hold them against each other.

    Args:
        claims: what was given to :func:`cleanclaim.spark.check`.
        report: what it answered, best as it was written and read back: else it is computed once more.

    Raises InternalError when a claim is missing from the report, or stands in it twice.
    """
    placed = claims.withColumn("_order", keys.row_order(claims))
    given = placed.select(keys.claim_key(placed, F.col("_order")).alias("claim")).distinct().count()
    said = {
        row["kind"]: int(row["claims"])
        for row in report.groupBy("kind").agg(F.sum("claims").alias("claims")).collect()
        if row["claims"] is not None
    }
    found = Counts(given, said.get("claim", 0), said.get("reject", 0))
    if found.claims != found.reported + found.rejected:
        raise InternalError(
            f"{found.claims} claims were given to Spark, {found.reported} reported and {found.rejected} rejected."
        )
    return found
