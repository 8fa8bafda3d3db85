"""Every promise and every case of every rule; what they are is in cleanclaim.testing, which plugins use as well."""

from __future__ import annotations

import sys

import pytest

from cleanclaim.rules.registry import all_rules
from cleanclaim.testing import RuleCheck
from cleanclaim.testing.contract import cases_beside, checks_of


def every_check() -> list[RuleCheck]:
    return [
        check
        for loaded in all_rules()
        for check in checks_of(loaded, cases_beside(sys.modules[loaded.check.__module__]))
    ]


@pytest.mark.parametrize("promise", every_check(), ids=str)
def test_rules_keep_their_promises(promise: RuleCheck) -> None:
    promise()


def test_codes_and_names_are_unique() -> None:
    codes = [loaded.rule.code for loaded in all_rules()]
    names = [loaded.rule.name for loaded in all_rules()]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
