"""Finds the rules by looking: adding a rule is adding its file, here or in a plugin."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

import cleanclaim.rules as rules_package
from cleanclaim.errors import UnknownName
from cleanclaim.rules.model import CODE, LoadedRule, rule_from_module
from cleanclaim.rules.plugins import plugin_rules
from cleanclaim.rules.upkeep import UPKEEP


@cache
def all_rules() -> tuple[LoadedRule, ...]:
    """Every rule of the package and of the installed plugins, by code. Raises PluginError for a broken plugin."""
    own = own_rules()
    plugins = plugin_rules({loaded.rule.family for loaded in (*own, *UPKEEP)})
    return tuple(sorted((*own, *plugins), key=lambda loaded: loaded.rule.code))


@cache
def documented() -> tuple[LoadedRule, ...]:
    """Every code a report may bear, by code: the rules, and the findings on files that accompany a check."""
    return tuple(sorted((*all_rules(), *UPKEEP), key=lambda loaded: loaded.rule.code))


@cache
def own_rules() -> tuple[LoadedRule, ...]:
    """Every rule of the package, by code."""
    found = []
    for family in pkgutil.iter_modules(rules_package.__path__):
        if not family.ispkg:
            continue
        package = importlib.import_module(f"{rules_package.__name__}.{family.name}")
        codes = [entry.name for entry in pkgutil.iter_modules(package.__path__) if CODE.fullmatch(entry.name)]
        found += [rule_from_module(importlib.import_module(f"{package.__name__}.{code}")) for code in codes]
    return tuple(sorted(found, key=lambda loaded: loaded.rule.code))


def families() -> tuple[str, ...]:
    """The families that have a rule."""
    return tuple(dict.fromkeys(loaded.rule.family for loaded in all_rules()))


def find_rule(code: str) -> LoadedRule:
    """The rule, or documented finding, with ``code`` or kebab-case name. Raises UnknownName, offering the nearest."""
    wanted = code.strip()
    by_name = {loaded.rule.code: loaded for loaded in documented()}
    by_name |= {loaded.rule.name: loaded for loaded in documented()}
    loaded = by_name.get(wanted.upper()) or by_name.get(wanted.lower())
    if loaded is None:
        near = difflib.get_close_matches(wanted.upper(), by_name, n=1) or difflib.get_close_matches(
            wanted.lower(), by_name, n=1
        )
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UnknownName(f"There is no rule {wanted!r}.{hint} `cleanclaim rule` lists them all.")
    return loaded


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[LoadedRule, ...]:
    """The rules whose code begins with one of ``select`` (all, when empty) and with none of ``ignore``.

    Raises UnknownName for a prefix that fits no rule: a mistyped option must not silently check less.
    """
    wanted = tuple(prefix.strip().upper() for prefix in select if prefix.strip())
    unwanted = tuple(prefix.strip().upper() for prefix in ignore if prefix.strip())
    for prefix in (*wanted, *unwanted):
        if not any(loaded.rule.code.startswith(prefix) for loaded in all_rules()):
            raise UnknownName(
                f"{prefix!r} is no rule and no family. Families: {', '.join(families())}. "
                "`cleanclaim rule` lists the rules."
            )
    return tuple(
        loaded
        for loaded in all_rules()
        if (not wanted or loaded.rule.code.startswith(wanted))
        and not (unwanted and loaded.rule.code.startswith(unwanted))
    )
