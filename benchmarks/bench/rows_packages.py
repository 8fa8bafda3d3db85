"""The row of other Python packages on the same claims, each in a virtual environment of its own."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import other_packages
from bench.claims837 import Mix, claims_file
from bench.commands import JOBS, Command, commands_in_turn, file837
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.engine.run import check_claims

_RUNNER: Final = Path(other_packages.__file__)
_READING: Final = "reading"
_SCRUBBING: Final = "reading and checking"
_WHOLE_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Package:
    """Another package: what to install, what it does of what we do, and what that is compared with."""

    name: str
    requirements: tuple[str, ...]
    does: str
    against: str


PACKAGES: Final = (
    Package(
        "pyx12",
        ("pyx12==4.0.0",),
        "holds every segment to the implementation guide's map and writes a 999; gives no claims and knows no edits",
        _READING,
    ),
    Package(
        "x12sdk",
        ("x12sdk==2.2.0",),
        "reads all fields into pydantic models and refuses a whole transaction for one bad claim; knows no edits",
        _READING,
    ),
    Package(
        "openx12",
        ("openx12==0.2.1",),
        "splits the text and maps some fields into dictionaries, checking nothing",
        _READING,
    ),
    Package(
        "claim-validator",
        ("claim-validator==0.3.0", "httpx>=0.27"),  # it imports httpx without asking for it
        "checks formats, required fields, code lists and dates of claims given as dictionaries; reads no 837, has no "
        "PTP, MUE, add-on, global or coverage tables",
        _SCRUBBING,
    ),
)


def packages(context: Context) -> RowResult:
    """Other packages and ours on the same claims: right ones, since one of them refuses files with wrong ones."""
    if context.tiny:
        return RowResult(skipped="other packages are not installed in a tiny run")
    book, count = context.books.whole(), context.size.package_claims
    content = claims_file(book, count, mix=Mix.RIGHT)
    claims = claims_of(content)
    folder = context.books.folder
    paths = {False: folder / "others.837", True: folder / "others.jsonl"}
    paths[False].write_bytes(content)
    paths[True].write_text("".join(json.dumps(_dictionary(claim)) + "\n" for claim in claims), encoding="utf-8")
    result = RowResult(notes=[f"{len(claims):,} claims without faults on purpose ({len(content) / 1e6:.1f} MB)"])
    result.notes.append("other packages, and ours in one process: processor time without starting and importing")
    ours = {
        _READING: lambda: list(read(content, "bench.837")),
        _SCRUBBING: lambda: check_claims(claims_of(content), book),
    }
    for package in PACKAGES:
        try:
            interpreter = _installed(package, folder)
            path = paths[package.against == _SCRUBBING]
            rounds = [_once(interpreter, package, path) for _ in range(context.size.package_rounds)]
        except LookupError as error:
            result.notes.append(f"{package.name}: cannot run: {error}")
            continue
        took = in_turn({"ours": ours[package.against]}, context.size.package_rounds, time.process_time)["ours"]
        named = f"{package.name} {rounds[0]['version']}"
        rates = [one["claims"] / one["seconds"] for one in rounds]
        result.add(named, rates, "claims/s")
        result.add(
            f"{package.against} as we do, against {named}",
            ratios([one["seconds"] for one in rounds], took),
            "times as fast",
        )
        if package.against == _SCRUBBING:
            _whole_command(result, context, named, rates)
        result.notes.append(f"{named} {package.does}; it counts {rounds[0]['claims']:,} claims")
        if rounds[0]["complaints"] is not None:
            result.notes.append(f"{named} complains about {rounds[0]['complaints']:,} of them")
    return result


def _whole_command(result: RowResult, context: Context, named: str, rates: Sequence[float]) -> None:
    """Ours as a person runs it, on a file long enough that starting does not decide."""
    count, rounds = context.size.whole_claims, min(_WHOLE_ROUNDS, len(rates))
    path = file837(context, count, Mix.RIGHT)
    commands: dict[str, Command] = {"ours": (("--jobs", JOBS), context.books.environment())}
    taken = commands_in_turn(context, path, commands, rounds)["ours"]
    clock, processor = [count / one.clock for one in taken], [count / one.processor for one in taken]
    result.add(f"the whole command, {JOBS} processes, by the clock", clock, "claims/s")
    result.add(f"the whole command, {JOBS} processes, processor time of all", processor, "claims/s")
    against = f"against {named}"
    result.add(
        f"the whole command by the clock, {against}", ratios(clock, rates[:rounds]), "times as fast", at_least=100
    )
    result.add(f"the whole command in processor time, {against}", ratios(processor, rates[:rounds]), "times as fast")
    result.notes += [
        f"the whole command, starting and writing included: {count:,} claims, {path.stat().st_size / 1e6:.1f} MB",
        f"the rate of {named} is that over {context.size.package_claims:,} claims of this run, taken to hold for more",
    ]


def _installed(package: Package, folder: Path) -> Path:
    """An interpreter that has the package; raises LookupError with the reason when it cannot be installed."""
    place = folder / "others" / package.name
    interpreter = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not interpreter.is_file():
        _run((sys.executable, "-m", "venv", str(place)))
        pip = (str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run((*pip, *package.requirements))
    return interpreter


def _once(interpreter: Path, package: Package, path: Path) -> dict[str, Any]:
    told = _run((str(interpreter), str(_RUNNER), package.name, str(path)))
    answer: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    return answer


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - commands made here
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise LookupError(last[0][:300] if last else f"exit code {done.returncode}")
    return done.stdout


def _dictionary(claim: Claim) -> dict[str, Any]:
    """The claim as claim-validator takes it."""
    birth = claim.patient_birth_date
    return {
        "billing_provider_npi": claim.billing_npi,
        "rendering_provider_npi": claim.lines[0].rendering_npi,
        "patient_dob": None if birth is None else birth.isoformat(),
        "patient_gender": claim.patient_sex or None,
        "payer_id": claim.payer_id,
        "payer_name": claim.payer_name,
        "place_of_service": claim.pos or None,
        "total_charge": None if claim.total_charge is None else float(claim.total_charge),
        "filing_date": None if claim.submitted_on is None else claim.submitted_on.isoformat(),
        "diagnosis_codes": [
            {"code": _dotted(diagnosis.code), "pointer": at, "type": "principal" if at == 1 else "secondary"}
            for at, diagnosis in enumerate(claim.diagnoses, start=1)
        ],
        "lines": [
            {
                "procedure_code": line.hcpcs,
                "modifiers": list(line.modifiers),
                "diagnosis_pointers": list(line.diagnosis_pointers),
                "charge_amount": float(line.charge or 0),
                "units": float(line.units or 1),
                "service_date_from": _iso(line.service_from),
                "service_date_to": _iso(line.service_to),
                "place_of_service": line.pos,
                "rendering_provider_npi": line.rendering_npi,
            }
            for line in claim.lines
        ],
    }


def _dotted(code: str) -> str:
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
