"""Every promise of a rule, and every case, with nothing to write but the package's name."""

import pytest

from cleanclaim.testing import RuleCheck, rule_checks


@pytest.mark.parametrize("promise", rule_checks("acme_claim_rules"), ids=str)
def test_rules_keep_their_promises(promise: RuleCheck) -> None:
    promise()
