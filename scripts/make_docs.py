"""Writes the reference pages that are made from the code. A test fails when they are out of date.

python scripts/make_docs.py
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from typer.testing import CliRunner

from cleanclaim.book.tables import table_modules
from cleanclaim.interfaces.cli.main import app
from cleanclaim.render import rule_text
from cleanclaim.rules.registry import all_rules, documented, families
from cleanclaim.sources.catalog import load_catalog

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by scripts/make_docs.py from the code; edit the code, then run `make docs`. -->\n\n"
COMMANDS = (
    ("check",),
    ("pair",),
    ("code",),
    ("price",),
    ("ask",),
    ("audit",),
    ("impact",),
    ("rule",),
    ("data", "status"),
    ("data", "load"),
    ("data", "update"),
    ("data", "diff"),
    ("data", "verify"),
    ("site", "build"),
    ("policy", "list"),
    ("policy", "show"),
    ("policy", "validate"),
    ("policy", "test"),
)


def rules_page() -> str:
    """Every rule whole, family by family, after a table of all."""
    parts = [MADE, f"# Rules\n\n{len(all_rules())} rules. `cleanclaim rule CODE` prints the same text.\n\n"]
    parts.append(rule_text.listing(documented(), markdown=True))
    sections = [
        (name, importlib.import_module(f"cleanclaim.rules.{name.lower()}").__doc__ or "") for name in families()
    ]
    for family, about in (*sections, ("SUP", "Files that accompany a check")):
        parts.append(f"\n# {family}: {about.strip()}\n")
        for loaded in documented():
            if loaded.rule.family == family:
                text = rule_text.whole(loaded, markdown=True)
                parts.append("\n" + "\n".join(_deeper(line) for line in text.splitlines()) + "\n")
    return "".join(parts)


def _deeper(line: str) -> str:
    return f"#{line}" if line.startswith("#") else line


def commands_page() -> str:
    """The help of every command."""
    parts = [
        MADE,
        "# Commands\n\nExit codes: 0 nothing to report at the asked severity; 1 findings; 2 the call or its ",
    ]
    parts.append("input is unusable; 3 an internal error.\n")
    for command in COMMANDS:
        shown = CliRunner().invoke(app, [*command, "--help"], prog_name="cleanclaim", env={"COLUMNS": "100"})
        parts.append(f"\n## cleanclaim {' '.join(command)}\n\n```\n{shown.output.strip()}\n```\n")
    return "".join(parts)


def sources_page() -> str:
    """Every source with its publisher and page, and the table modules that read it."""
    modules = {source: module for module in table_modules() for source in module.SOURCES}
    parts = [MADE, "# Sources\n\nThe series the book is made of. Layouts are recognised by content.\n"]
    for source in sorted(load_catalog().values(), key=lambda entry: entry.id):
        parts.append(f"\n## {source.id}\n\n{source.title}. {source.publisher}, licence {source.licence}.\n")
        parts.append(f"<{source.landing_page}>\n")
        module = modules.get(source.id)
        if module is not None:
            parts.append(f"\n```\n{(module.__doc__ or '').strip()}\n```\n")
            columns = ", ".join(f"`{field.name}`" for field in module.SCHEMA)
            parts.append(f"\nColumns: {columns}.\n")
    return "".join(parts)


PAGES = {"rules.md": rules_page, "commands.md": commands_page, "sources.md": sources_page}


def with_outputs(text: str) -> str:
    """A page with the output of every command it shows (``$ cleanclaim ...``) replaced by what it prints now."""

    def run(block: re.Match[str]) -> str:
        command = block[1]
        with tempfile.TemporaryDirectory() as no_book:
            done = subprocess.run(
                [Path(sys.executable).parent / "cleanclaim", *shlex.split(command)[1:]],
                cwd=ROOT,
                env=os.environ | {"CLEANCLAIM_BOOK": no_book, "COLUMNS": "100"},
                capture_output=True,
                text=True,
                check=False,
            )
        return f"```console\n$ {command}\n{done.stdout.strip()}\n```"

    return re.sub(r"```console\n\$ ([^\n]+)\n.*?```", run, text, flags=re.DOTALL)


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
        print(f"docs/reference/{name}")
    for shown in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        before = shown.read_text(encoding="utf-8")
        if (after := with_outputs(before)) != before:
            shown.write_text(after, encoding="utf-8")
            print(shown.relative_to(ROOT))
