"""Documentation that is run: every command shown prints what is shown, every page made from code is up to date."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import string
import subprocess
import sys
from pathlib import Path

import pytest

from cleanclaim.rules.registry import all_rules

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "examples" / "README.md"]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def shown() -> list[object]:
    """(page, command, output) of every console block that begins with ``$``."""
    found = []
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            if block.startswith("$ "):
                command, _, output = block[2:].partition("\n")
                found.append(pytest.param(command, output, id=f"{page.name}: {command}"))
    return found


@pytest.mark.parametrize(("command", "output"), shown())
def test_command_prints_what_the_page_shows(command, output, tmp_path):
    program, *arguments = shlex.split(command)
    assert program == "cleanclaim", "pages show commands of ours only"
    done = subprocess.run(
        [Path(sys.executable).parent / program, *arguments],
        cwd=ROOT,
        env=os.environ | {"CLEANCLAIM_BOOK": str(tmp_path), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert done.stdout.strip() == output.strip()


def test_links_between_pages_lead_somewhere():
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    broken = [f"{page.relative_to(ROOT)}: {target}" for page, target in links if not (page.parent / target).exists()]
    assert not broken


def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["rules.md", "commands.md", "sources.md"])
def test_reference_page_is_what_the_code_says(name):
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == make_docs().PAGES[name](), "run `make docs`"


def test_every_word_a_message_uses_is_documented():
    page = (ROOT / "docs" / "reference" / "rule-messages.md").read_text(encoding="utf-8")
    used = {
        name
        for loaded in all_rules()
        for text in (loaded.rule.message, loaded.rule.fix.text)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    assert [name for name in sorted(used) if f"`{name}`" not in page] == []
