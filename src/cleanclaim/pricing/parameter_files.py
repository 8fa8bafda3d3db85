"""The files of payment parameters, and one file compiled of them, so that no check has to read YAML for a price.

The compiled file is derived: it counts only while it is of these very files, by their digest, and otherwise the YAML is
read. A test holds it to them; scripts/make_payment_parameters.py makes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Final

from cleanclaim.book import policies

FOLDER: Final = policies.FOLDER / "payment"
COMPILED: Final = policies.FOLDER / "payment.json"
_DAYS: Final = ("from", "to")


def parameters_told() -> dict[str, Any]:
    """Each parameter by its name, as its YAML file tells it: with ``values``, whose ``from`` and ``to`` are dates."""
    files = _files()
    try:
        compiled = json.loads(COMPILED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        compiled = {}
    if compiled.get("of") != _digest(files):
        return _read(files)
    told: dict[str, Any] = compiled["parameters"]
    for parameter in told.values():
        for value in parameter["values"]:
            value.update({name: dt.date.fromisoformat(value[name]) for name in _DAYS if name in value})
    return told


def compiled_parameters() -> str:
    """What :data:`COMPILED` must hold: all parameters, and the digest of the files they stand in."""
    files = _files()
    return json.dumps({"of": _digest(files), "parameters": _read(files)}, indent=1, default=dt.date.isoformat) + "\n"


def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.yaml"))}


def _digest(files: dict[str, bytes]) -> str:
    made = hashlib.sha256()
    for name, content in files.items():
        made.update(f"{name} {len(content)}\n".encode())
        made.update(content)
    return made.hexdigest()


def _read(files: dict[str, bytes]) -> dict[str, Any]:
    # Imported here: with the compiled file nothing needs it. The C reader is not in every build of PyYAML.
    import yaml  # noqa: PLC0415

    reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        name: told
        for content in files.values()
        for name, told in yaml.load(content, Loader=reader).items()  # noqa: S506 - both are safe readers
    }
