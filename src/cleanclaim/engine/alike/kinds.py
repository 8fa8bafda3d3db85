"""What the engine itself says of a line as billed, asked once of each distinct one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag
from typing import Any, Final

from cleanclaim.book.payers import PolicyFact, Recognised
from cleanclaim.book.payers.model import Kind
from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.engine.alike.persons import Persons
from cleanclaim.engine.contractors import Contractors, contractors_of
from cleanclaim.engine.convert import ordinal
from cleanclaim.engine.coverage import listed
from cleanclaim.engine.diagnosed import Diagnosed, diagnosed
from cleanclaim.engine.diagnosis_notes import SIDED, related
from cleanclaim.engine.globals import MATERNITY, OF_ONE_DAY, OF_TEN_DAYS, of_itself
from cleanclaim.engine.line_facts import Filed, billed_of, copier, medicare_of
from cleanclaim.engine.payers import PRIMARY, as_filed, line_of_business, payer_without_policy
from cleanclaim.engine.services_of_day import ANESTHESIA, SCOPES
from cleanclaim.engine.totals import AtStake
from cleanclaim.engine.verdicts import result_of
from cleanclaim.engine.work import ClaimWork, LineWork
from cleanclaim.index.lookup import DayBook, OpenBook
from cleanclaim.rules.facts import AddOnType, ClaimFacts, DiagnosisFacts
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.modifiers import DURING_GLOBAL_DAYS, any_of
from cleanclaim.rules.visits import is_face_to_face, is_new_patient_visit
from cleanclaim.types import Date, Setting

HALF: Final = 32
"""Two numbers are told as one: the first so many bits higher."""
STALE: Final = 1 << 13
"""The bit that says of a diagnosis that the first of the releases that are stale for some is stale for it."""
_MOST_STALE: Final = 16
"""So many such releases have a bit; where another is stale, diagnoses are told together."""


class Trait(IntFlag):
    """What a line may have to do with its diagnoses, or with lines of other claims."""

    DIAGNOSES = 1
    """Its diagnoses decide more of it than whether it points at them."""
    MEDICARE = 2
    """It goes to a Medicare contractor."""
    COVERED = 4
    """Medicare's coverage database speaks of its code: its very day counts, and its diagnoses."""
    GLOBAL_DAYS = 8
    """Days before or after it may belong to it."""
    DELIVERY = 16
    """So may the months before it."""
    NEW_PATIENT = 32
    """Whether the patient was met in the years before counts."""
    COUNTED = 64
    """Its payer counts how often it is billed."""
    LOOKS_BACK = 128
    """Claims sent before could tell more of it."""
    PERSON = 256
    """Age or sex of the patient may matter."""
    ANY_PROVIDER = 512
    """What others bill for the patient matters too: modifiers that speak of an earlier procedure, and anesthesia."""
    TEN_DAYS = 1024
    """The ten days after it may belong to it."""
    ADD_ON = 2048
    """Its primary may be billed a day before or after it."""
    MET = 4096
    """Practitioner and patient met."""


# Plain numbers: an enumeration's own operators are slow.
_DIAGNOSES, _MEDICARE, _COVERED = int(Trait.DIAGNOSES), int(Trait.MEDICARE), int(Trait.COVERED)
_GLOBAL_DAYS, _TEN_DAYS, _DELIVERY = int(Trait.GLOBAL_DAYS), int(Trait.TEN_DAYS), int(Trait.DELIVERY)
_NEW_PATIENT, _MET, _ANY_PROVIDER = int(Trait.NEW_PATIENT), int(Trait.MET), int(Trait.ANY_PROVIDER)
_COUNTED, _LOOKS_BACK, _PERSON, _ADD_ON = (
    int(Trait.COUNTED),
    int(Trait.LOOKS_BACK),
    int(Trait.PERSON),
    int(Trait.ADD_ON),
)
_NO_FACTS: Final = ClaimFacts()
"""Of a claim of which one line is asked."""


class Kinds:
    """Asks the engine of lines."""

    def __init__(self, book: OpenBook, rules: Iterable[LoadedRule], known_on: Date | None) -> None:
        self.book = book
        self._known_on = known_on
        self._persons = Persons(rules)
        self._contractors: dict[Contractors, int] = {}
        self._stale: dict[Release | None, int] = {}
        self.coded: list[tuple[str, Diagnosed]] = []
        """The diagnoses asked of, each with what the book says of its code."""
        self._payers: dict[tuple[Any, ...], int] = {}
        self.told_payers: list[tuple[str, str]] = []
        """How a result names its payer, and the payer again where none of its policies is here."""
        self._told: dict[tuple[str, str], int] = {}

    def traits(self, claim: Claim, line: ClaimLine) -> int:
        """The traits of a line; none where it has no date."""
        day = self._day(line)
        if day is None:
            return 0
        (claim,) = as_filed((claim,), self.book.policies)
        setting = claim.setting
        billed = billed_of(Filed.of(claim), line, day)
        # Only what lines billed alike share, and the day: no rule asks more of a line to tell whom it may be for.
        facts = copier()(billed.facts)
        facts.service_day = ordinal(line.service_from)
        traits = 0
        if setting is Setting.PRACTITIONER:
            work = ClaimWork(claim, 0, _NO_FACTS, setting)
            traits |= _over_time(LineWork(work, line, facts, day, billed, missing=billed.missing.copy()))
        if facts.add_on_type != AddOnType.NOT_ADD_ON:
            traits |= _ADD_ON
        if self._persons.matter_to_line(facts):
            traits |= _PERSON
        if setting is not Setting.NONE and medicare_of(claim) == 1:
            traits |= _MEDICARE
            if any(answer.facts for answer in listed(day, line.hcpcs)):
                traits |= _COVERED | _DIAGNOSES
        if not SIDED.isdisjoint(line.modifiers) or line.hcpcs.startswith(SCOPES):
            traits |= _DIAGNOSES
        for _, fact in self._recognised(claim).facts_of(line.hcpcs):
            traits |= _DIAGNOSES if fact.when.diagnoses else 0
            traits |= _COUNTED if fact.kind is Kind.FREQUENCY else 0
        return traits

    def diagnosis(self, diagnosis: Diagnosis, day: int) -> int:
        """The traits of a diagnosis on a day, and which release is stale for it. It is put into :attr:`coded`.

        The release is a bit of its own, from :data:`STALE` on; the traits are ``PERSON`` and ``DIAGNOSES``, the latter
        where it cannot be told without the others.
        """
        said = diagnosed(diagnosis, self.book.as_of(Date.fromordinal(day), self._known_on))
        facts = DiagnosisFacts(
            code_number=said.code_number, is_icd10cm=said.is_icd10cm, sex=said.sex, maternal=said.maternal
        )
        traits = _PERSON if self._persons.matter_to_diagnosis(facts) else 0
        if said.uncovered or said.newborn or not said.is_icd10cm:
            traits |= _DIAGNOSES
        stale = 0
        if said.answer is not None and said.answer.stale:
            release = self._stale.setdefault(said.answer.release, len(self._stale))
            if release < _MOST_STALE:
                stale = STALE << release
            else:
                traits |= _DIAGNOSES
        self.coded.append((diagnosis.code, said))
        return traits | stale

    def related(self, one: int, other: int) -> bool:
        """Two of :attr:`coded`, by their places, may have to do with each other."""
        return related(*self.coded[one], *self.coded[other])

    def payer(self, claim: Claim) -> int:
        """A number for all that rules may ask of a claim's payer, and beside it the place in :attr:`told_payers`."""
        (claim,) = as_filed((claim,), self.book.policies)
        payer = self._recognised(claim)
        facts = [fact for policy in payer.policies for fact in policy.facts]
        named = tuple(policy.payer for policy in payer.policies)
        says = (medicare_of(claim), named, claim.payer_responsibility in PRIMARY, *_conditions(claim, facts))
        work = ClaimWork(claim, 0, ClaimFacts(), claim.setting, payer=payer)
        names = (result_of(work, (), AtStake(), {}).payer, payer_without_policy(work))
        if names not in self._told:
            self._told[names] = len(self.told_payers)
            self.told_payers.append(names)
        return self._payers.setdefault(says, len(self._payers)) << HALF | self._told[names]

    def bound(self, claim: Claim, line: ClaimLine) -> int:
        """A number for what a payer asks of a code, how late it may be filed aside."""
        (claim,) = as_filed((claim,), self.book.policies)
        facts = [
            (policy.payer, fact)
            for policy, fact in self._recognised(claim).facts_of(line.hcpcs)
            if fact.kind is not Kind.TIMELY_FILING
        ]
        named = tuple((payer, fact.id) for payer, fact in facts)
        says = (medicare_of(claim), named, *_conditions(claim, (fact for _, fact in facts)))
        return self._payers.setdefault(says, len(self._payers))

    def _recognised(self, claim: Claim) -> Recognised:
        return self.book.policies.recognise(claim.payer_id, claim.payer_name, medicare=medicare_of(claim) == 1)

    def contractor(self, claim: Claim, line: ClaimLine) -> int:
        """A number for the Medicare contractors that a line may go to, and beside it one for their kind."""
        day = self._day(line)
        (claim,) = as_filed((claim,), self.book.policies)
        if day is None or medicare_of(claim) != 1:
            return 0
        who = contractors_of(claim, line, day)
        number = self._contractors.setdefault(who, len(self._contractors) + 1)
        return number << HALF | bool(who.numbers) << 1 | who.dme

    def _day(self, line: ClaimLine) -> DayBook | None:
        return None if line.service_from is None else self.book.as_of(line.service_from, self._known_on)


def _conditions(claim: Claim, facts: Iterable[PolicyFact]) -> tuple[str, str]:
    """What of a claim some facts of a policy make conditions of, apart from what its lines say."""
    conditions = [fact.when for fact in facts]
    return (
        line_of_business(claim) if any(when.lines_of_business for when in conditions) else "",
        claim.billing_state if any(when.states for when in conditions) else "",
    )


def _over_time(line: LineWork) -> int:
    opens, looks_back = of_itself(line)
    traits = _LOOKS_BACK if looks_back else 0
    code, days = line.line.hcpcs, line.facts.global_days
    if opens and days != OF_ONE_DAY:
        traits |= _TEN_DAYS if days == OF_TEN_DAYS else _GLOBAL_DAYS
    if days == MATERNITY:
        traits |= _DELIVERY | _DIAGNOSES
    if is_new_patient_visit(code):
        traits |= _NEW_PATIENT
    if is_face_to_face(code):
        traits |= _MET
    if any_of(line.facts.modifiers, DURING_GLOBAL_DAYS) or code.startswith(ANESTHESIA):
        traits |= _ANY_PROVIDER
    return traits
