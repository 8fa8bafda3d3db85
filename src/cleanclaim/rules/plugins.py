"""Rules of other packages, found by the entry points they declare.

A distribution names a package of rule files, written as ours are, in the entry point group ``cleanclaim.rules``::

    [project.entry-points."cleanclaim.rules"]
    acme = "acme_claim_rules"

Every module of that package whose name is a rule code is a rule. One that cannot be used stops the call, since to go
on without it would be to check less in silence.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from importlib import metadata
from typing import Any, Final, cast

from cleanclaim.errors import PluginError
from cleanclaim.rules.model import CODE, HEADINGS, LoadedRule, Rule, rule_from_module
from cleanclaim.types import Severity

GROUP: Final = "cleanclaim.rules"


def plugin_rules(taken: Collection[str]) -> tuple[LoadedRule, ...]:
    """The rules of every installed plugin. ``taken`` are the families that are ours.

    Raises PluginError, naming the distribution and what to do, for a plugin that cannot be used.
    """
    found: list[LoadedRule] = []
    family_of: dict[str, str] = dict.fromkeys(taken, "cleanclaim")
    points = sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    for point in points:
        origin = _origin(point)
        for loaded in _rules_of(point, origin):
            owner = family_of.setdefault(loaded.rule.family, origin)
            if owner != origin:
                raise PluginError(
                    f"{origin}: rule {loaded.rule.code} is of family {loaded.rule.family}, which belongs to {owner}. "
                    "Choose three other letters for the plugin's rules, or uninstall one of the two."
                )
            found.append(loaded)
    return tuple(found)


def _origin(point: metadata.EntryPoint) -> str:
    distribution = point.dist
    return f"{distribution.name} {distribution.version}" if distribution is not None else f"plugin {point.name}"


def _rules_of(point: metadata.EntryPoint, origin: str) -> Iterable[LoadedRule]:
    # A plugin's code can fail in any way at all while it is imported.
    try:
        package = importlib.import_module(point.value)
        codes = sorted(entry.name for entry in pkgutil.iter_modules(package.__path__) if CODE.fullmatch(entry.name))
        modules = {code: importlib.import_module(f"{point.value}.{code}") for code in codes}
        loaded = {code: rule_from_module(module) for code, module in modules.items()}
    except Exception as error:
        raise PluginError(
            f"{origin}: its package {point.value} cannot be imported ({type(error).__name__}: {error}). "
            "Mend or uninstall the plugin; nothing is checked without it, so that nothing is missed in silence."
        ) from error
    if not loaded:
        raise PluginError(
            f"{origin}: its package {point.value} has no rule. A rule is a module named by its code, such as ACM001."
        )
    for code, rule in loaded.items():
        fault = _fault(code, rule)
        if fault:
            raise PluginError(f"{origin}: rule {code} {fault}. See docs/how-to/write-a-plugin.md.")
        yield replace(rule, origin=origin)


def _fault(code: str, loaded: LoadedRule) -> str:
    """What keeps a rule from being used, "" if nothing does."""
    rule, check = cast("Any", loaded.rule), cast("Any", loaded.check)  # a plugin's file may hold anything
    if not isinstance(rule, Rule) or not callable(check):
        return "does not declare a RULE and a function check"
    if rule.code != code:
        return f"calls itself {rule.code}"
    if tuple(loaded.sections) != HEADINGS or not all(loaded.sections.values()):
        return f"is not documented under the headings {', '.join(HEADINGS)}"
    documents = [cited for cited in rule.citations if cited.source != "convention"]
    if rule.severity is Severity.DENY and not rule.tables and not documents:
        return "says deny, but names no table and no document: without a citation it can be no more than review"
    if not rule.tables and not rule.citations:
        return "cites nothing"
    return ""
