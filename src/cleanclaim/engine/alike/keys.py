"""The numbers of the claims of a table (:mod:`~cleanclaim.engine.alike.numbered`), and who gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleanclaim.claims.model import POINTABLE_ROLES, REPLACEMENT_OR_VOID
from cleanclaim.engine.alike.arrays import AskedOnce, Flags, Numbers, Rows, Texts, all_of
from cleanclaim.engine.alike.days import turns_of
from cleanclaim.engine.alike.kinds import Kinds, Trait
from cleanclaim.engine.alike.numbered import Numbered, prompt_days
from cleanclaim.engine.convert import npi_state
from cleanclaim.engine.gather import TOTAL_REVENUE, WAIVES_SEX_EDIT
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.code_groups import code_kind
from cleanclaim.rules.facts import CodeKind
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import Date

SEVERAL: Final = -1
"""Stands for the provider of a claim whose lines name different ones."""


@dataclass(slots=True)
class Keys:
    """The numbers of the claims of a table, and what of each claim others may have to do with."""

    unusual: Flags
    """The claim is always checked itself."""
    changes: Flags
    """It replaces or takes back an earlier claim: it may have to do with any other of its patient's."""
    billed: Numbers
    diagnoses: Numbers
    of_lines: Numbers
    """For each line the number of the patient beside it."""
    of_diagnoses: Numbers
    """The same for each diagnosis."""
    first_line: Numbers
    line_count: Numbers
    first_diagnosis: Numbers
    diagnosis_count: Numbers
    first_day: Numbers
    last_day: Numbers
    diagnosis_day: Numbers
    """Whose list of diagnoses binds."""
    biller: Numbers
    provider: Numbers
    """Of the claim's lines; :data:`SEVERAL` where they name different ones."""
    payer: Numbers
    """How the payer is named: the place in :attr:`~cleanclaim.engine.alike.kinds.Kinds.told_payers`."""
    traits: Numbers
    """Those of all lines of the claim together."""

    def one(self, at: int) -> Numbered:
        """The numbers of one claim."""
        return Numbered(
            int(self.billed[at]),
            int(self.first_day[at]),
            int(self.diagnoses[at]),
            int(self.diagnosis_day[at]),
            self._of(self.of_lines, self.first_line, self.line_count, at),
            self._of(self.of_diagnoses, self.first_diagnosis, self.diagnosis_count, at),
            bool(self.traits[at] & Trait.LOOKS_BACK),
            int(self.payer[at]),
        )

    @staticmethod
    def _of(numbers: Numbers, first: Numbers, count: Numbers, at: int) -> list[int]:
        begin = int(first[at])
        found: list[int] = numbers[begin : begin + int(count[at])].tolist()
        return found

    def all_of_lines(self, flags: Flags) -> Flags:
        """For each claim whether a flag is set for all its lines, by the number of the patient beside them."""
        return all_of(flags[self.of_lines], self.first_line, self.line_count)

    def all_of_diagnoses(self, flags: Flags) -> Flags:
        """The same for its diagnoses; true where it has none."""
        return all_of(flags[self.of_diagnoses], self.first_diagnosis, self.diagnosis_count)


class Keyed:
    """Gives claims their numbers: the same for equal ones, in whatever table they come."""

    def __init__(self, book: OpenBook, rules: Sequence[LoadedRule], known_on: Date | None) -> None:
        self.kinds = Kinds(book, rules, known_on)
        self.turns = np.array(turns_of(book, rules), np.int64)
        self.texts = Texts(
            level_two=lambda text: code_kind(text) is CodeKind.LEVEL_II,
            coded=lambda text: text == "HC",
            total=lambda text: text.zfill(len(TOTAL_REVENUE)) == TOTAL_REVENUE,
            waives=lambda text: text == WAIVES_SEX_EDIT,
            pointable=lambda text: text in POINTABLE_ROLES,
            changes=lambda text: text in REPLACEMENT_OR_VOID,
            npi=npi_state,
        )
        """The texts of claims, and what is asked of each."""
        self.stays, self.payers, self.bound, self.bills = AskedOnce(), AskedOnce(), AskedOnce(), AskedOnce()
        self.contractors, self.coded, self.related = AskedOnce(), AskedOnce(), AskedOnce()
        self.lines, self.forms, self.billed = Rows(), Rows(), Rows()
        self.common, self.diagnoses = Rows(), Rows()
        self.of_lines, self.of_diagnoses = Rows(), Rows()
        self.prompt = prompt_days(book.policies)

    def __len__(self) -> int:
        """How many numbers have been given, of any kind."""
        asked = (self.stays, self.payers, self.bound, self.bills, self.contractors, self.coded, self.related)
        of_claims = (self.forms, self.billed, self.common, self.diagnoses)
        rows = (self.lines, *of_claims, self.of_lines, self.of_diagnoses)
        return sum(map(len, asked)) + sum(map(len, rows)) + len(self.texts)
