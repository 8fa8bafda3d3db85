"""How procedures stand to imaging guidance: included, without, left to be reported, or the imaging itself.

No publisher puts this out as a table. It is the package's own dated policy, ``book/policies/imaging_guidance.yaml``:
families of codes with the authority for each (manual item, published edits, fee schedule, convention). A family is
expanded into one row for each of its codes; ``row`` is the line of the file on which the code stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from importlib import resources
from typing import Any, Final, NamedTuple

import pyarrow as pa
import yaml

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import Date

SOURCES: Final = ("imaging-guidance",)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("state", pa.string()),
        ("modality", pa.string()),
        ("partner", pa.string()),
        ("authority", pa.string()),
        ("note", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("row", pa.int32()),
    ]
)

FORMAT: Final = "cleanclaim.imaging_guidance/1"
PACKAGED: Final = "imaging_guidance.yaml"
STATES: Final = ("included", "without", "separately_reportable", "guidance", "supervision_and_interpretation")

_FAMILY_KEYS: Final = frozenset({"state", "modality", "authority", "note", "valid_from", "valid_to", "codes"})
_REQUIRED_KEYS: Final = ("state", "modality", "authority", "codes")
_HEADER: Final = re.compile(rf"^schema:\s*{re.escape(FORMAT)}\s*$", re.MULTILINE)
_CODE: Final = re.compile(r"[0-9A-Z]{5}")
_HEAD_LINES: Final = 60


class _Statement(NamedTuple):
    """A code as the file states it. The file's own text is kept, since YAML would read 62320 as a number."""

    code: str
    partner: str
    line: int


def recognise(file: PublishedFile) -> bool:
    """True for a policy file of this format."""
    return _HEADER.search("\n".join(file.head(_HEAD_LINES))) is not None


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read a policy file. Rows in are its codes.

    Raises LayoutError when the file is not of this format, InputError when a family cannot be read: a policy with a
    mistake in it is refused whole.
    """
    try:
        root = yaml.compose(file.text, Loader=yaml.SafeLoader)
        policy = yaml.safe_load(file.text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2026-02-30, written as a date, and none
        where = getattr(error, "problem_mark", None)
        raise LayoutError(
            file.origin, where.line + 1 if where is not None else 1, "YAML", "what cannot be read as YAML"
        ) from error
    if not isinstance(policy, dict) or policy.get("schema") != FORMAT or not isinstance(policy.get("families"), list):
        raise LayoutError(file.origin, 1, f"schema: {FORMAT} and a list of families", "another document")
    rows: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for family, codes in zip(policy["families"], _codes(root), strict=True):
        shared = _shared(family, f"{file.origin}, line {codes[0].line if codes else 1}")
        for code, partner, line in codes:
            if code in seen:
                rejected.append((line, code, f"second statement on a code; line {seen[code]} was kept"))
            elif not _CODE.fullmatch(code):
                rejected.append((line, code, "not five characters of a procedure code"))
            else:
                seen[code] = line
                rows.append({"hcpcs": code, "partner": partner, "row": line, **shared})
    named = policy.get("release")
    if release is None and named is None:
        raise InputError(f"{file.origin}: cannot tell which release this is; name it, e.g. --release 2026-01-01.")
    return ParsedRelease(
        source=SOURCES[0],
        release=release or str(named),
        table=table_from_rows(rows, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(rows) + len(rejected),
        covers_from=None,
        covers_to=_day(policy.get("covers_to"), "covers_to", file.origin),
        published=named if isinstance(named, dt.date) else None,
        whole=False,
    )


def from_package() -> ParsedRelease:
    """The policy that comes with the package; its release is its date."""
    content = (resources.files("cleanclaim.book") / "policies" / PACKAGED).read_bytes()
    return parse(PublishedFile(PACKAGED, PACKAGED, hashlib.sha256(content).hexdigest(), content))


def _shared(family: object, where: str) -> dict[str, Any]:
    """What all codes of a family have in common. Raises InputError, naming the family's first line."""
    if not isinstance(family, dict):
        raise InputError(f"{where}: a family is written as keys and values.")
    missing = [key for key in _REQUIRED_KEYS if not family.get(key)]
    unknown = sorted(set(family) - _FAMILY_KEYS)
    if missing or unknown:
        raise InputError(f"{where}: a family lacks {missing or 'nothing'} and has unknown keys {unknown or 'none'}.")
    if family["state"] not in STATES:
        raise InputError(f"{where}: state {family['state']!r} is none of {', '.join(STATES)}.")
    return {
        "state": family["state"],
        "modality": family["modality"],
        "authority": family["authority"],
        "note": family.get("note", ""),
        "valid_from": _day(family.get("valid_from"), "valid_from", where),
        "valid_to": _day(family.get("valid_to"), "valid_to", where),
    }


def _day(value: object, name: str, where: str) -> Date | None:
    if value is None or isinstance(value, dt.date):
        return value
    raise InputError(f"{where}: {name} is {value!r}; write a day as 2026-01-01.")


def _codes(root: yaml.Node | None) -> list[list[_Statement]]:
    """For each family, in order, its codes with their partners and the line each stands on."""
    found = []
    for family in _entry(root, "families").value:
        codes = _entry(family, "codes")
        pairs = codes.value if isinstance(codes, yaml.MappingNode) else ()
        found.append([_Statement(key.value, partner.value, key.start_mark.line + 1) for key, partner in pairs])
    return found


def _entry(node: yaml.Node | None, name: str) -> yaml.Node:
    """The value under a key of a mapping, or an empty sequence."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), yaml.SequenceNode("", []))
