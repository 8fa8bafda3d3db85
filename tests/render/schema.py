"""Documents held against the public contract (report.schema.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parent / "report.schema.json").read_text(encoding="utf-8"))
Draft202012Validator.check_schema(SCHEMA)


def faults(document: Any, kind: str) -> list[str]:
    """What in ``document`` is not as the contract says; ``kind`` is ``report``, ``pair``, ``book`` or a part."""
    validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
