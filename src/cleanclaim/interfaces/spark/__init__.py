"""Claims checked by Spark: the plan is made on the driver, the one engine runs in the tasks.

``plan`` lays the rows out so that all claims of a patient meet in one task, with the expressions of ``keys``; ``task``
is what runs there, on Arrow batches; ``book`` brings the index to it. ``tables`` and ``delta`` read folders,
``counting`` holds the claims read against the claims reported, ``command`` is ``check --engine spark``.
"""
