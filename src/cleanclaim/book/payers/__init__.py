"""Payer policies: what a payer asks of claims beyond the published edits, as dated, cited YAML."""

from __future__ import annotations

from cleanclaim.book.payers.model import Policy, PolicyFact
from cleanclaim.book.payers.shelf import Policies, Recognised, load_policies

__all__ = ["Policies", "Policy", "PolicyFact", "Recognised", "load_policies"]
