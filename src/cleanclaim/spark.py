"""Check claims in a Spark DataFrame; needs the extra: ``pip install 'cleanclaim[spark]'``.

    import cleanclaim.spark

    claims = cleanclaim.spark.read(spark, "claims/")
    report = cleanclaim.spark.check(claims)
    report.write.parquet("report/")
    print(cleanclaim.spark.counts(claims, spark.read.parquet("report/")))

The findings are those of :func:`cleanclaim.check`. docs/how-to/run-on-spark.md tells how to run it on a cluster.
"""

from __future__ import annotations

from cleanclaim.errors import InputError

try:
    import pyspark  # noqa: F401 - whether it is there
except ImportError:
    raise InputError("Spark is not installed here: pip install 'cleanclaim[spark]'.") from None

from cleanclaim.interfaces.spark.counting import Counts, counts
from cleanclaim.interfaces.spark.plan import check
from cleanclaim.interfaces.spark.tables import read

__all__ = ["Counts", "check", "counts", "read"]
