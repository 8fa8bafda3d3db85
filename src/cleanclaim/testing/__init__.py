"""What the author of a rule tests it with: claims and books from a few inlined facts, and the contract of every rule.

A plugin's whole test file::

    import pytest
    from cleanclaim.testing import rule_checks

    @pytest.mark.parametrize("promise", rule_checks("acme_claim_rules"), ids=str)
    def test_rules_keep_their_promises(promise):
        promise()
"""

from cleanclaim.testing.contract import RuleCheck, rule_checks
from cleanclaim.testing.inline import book_from, claim_from, claims_from

__all__ = ["RuleCheck", "book_from", "claim_from", "claims_from", "rule_checks"]
