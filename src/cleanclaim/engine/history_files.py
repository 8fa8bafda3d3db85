"""Reading the history: files of claims sent before, of which only those of the patients checked are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import read
from cleanclaim.engine.history import patients_of
from cleanclaim.engine.input_files import inputs_of, whole_file
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject


@dataclass(slots=True)
class History:
    """What was read of the history. Nothing is lost silently: rejects and counts say what takes no part."""

    claims: list[Claim] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    """Marked as the history's; they count no claim of the input."""
    unusable: list[str] = field(default_factory=list)
    read: int = 0
    lost: int = 0
    nameless: int = 0

    def count(self, claim: Claim) -> bool:
        """Count a claim that was read; True where it names its patient."""
        self.read += 1
        self.nameless += not claim.patient_key
        return bool(claim.patient_key)

    def reject(self, reject: Reject) -> Reject:
        """Count what could not be read; the reject that a report tells."""
        self.lost += reject.claims
        return as_history(reject)

    def notes(self) -> tuple[str, ...]:
        """How many claims were read, and how many cannot be compared."""
        said = [f"History: {self.read:,} claims read."]
        if self.lost:
            said.append(f"{self.lost:,} could not be read: see the rejects.")
        if self.nameless:
            said.append(f"{self.nameless:,} name no patient and cannot be compared.")
        return (" ".join(said),)


def read_history(paths: Iterable[str | Path], claims: Iterable[Claim]) -> History:
    """The claims of the files, archives and folders that are of the patients of ``claims``.

    A file or claim that cannot be read becomes a reject; the format of each file is told by its content.
    """
    history = History()
    patients = patients_of(claims)

    def reject(entry: Reject) -> None:
        history.rejects.append(history.reject(entry))

    for source in inputs_of(paths, history.unusable, reject):
        try:
            for entry in read(source):
                if isinstance(entry, Reject):
                    reject(entry)
                elif history.count(entry) and entry.patient_key in patients:
                    history.claims.append(entry)
        except UnreadableFile as error:
            history.unusable.append(str(error))
            reject(whole_file(source.name, str(error)))
    return history


def as_history(reject: Reject) -> Reject:
    """A reject marked as the history's: it counts no claim of the input."""
    return replace(reject, reason=f"history: {reject.reason}", claims=0)
