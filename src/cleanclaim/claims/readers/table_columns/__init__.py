"""Parquet and CSV files straight to claim tables, column by column: the same claims and rejects as the slow reader's.

The slow reader (:mod:`cleanclaim.claims.readers.tabular`) goes through the rows in Python. Here each distinct value of
a column is read once, by the very functions the slow reader uses, and what it means is gathered for the rows; what is
out of the ordinary in a claim sends that claim, and only it, to the slow reader.
"""
