from __future__ import annotations

import re
import shlex
from pathlib import Path

from cleanclaim.sources.catalog import Fetch, Source, load_catalog
from cleanclaim.sources.fetch import AMA_OPTION, AMA_TERMS

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "update-the-book.md").read_text(encoding="utf-8")


def test_every_command_names_sources_and_options_that_exist():
    commands = [shlex.split(line)[3:] for line in re.findall(r"^cleanclaim data update .*$", PAGE, re.MULTILINE)]
    assert commands
    assert {word for words in commands for word in words} <= {*load_catalog(), AMA_OPTION}


def _comes(source: Source) -> str:
    if source.fetch is Fetch.INSIDE:
        return f"inside `{source.inside}`"
    return "by hand" if source.fetch is Fetch.MANUAL else "download"


def test_the_table_is_the_catalogue():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{source.id}` | {source.title} | {source.licence} | {_comes(source)} |"
        for source in load_catalog().values()
    ]


def test_the_licence_is_where_the_program_says_it_is():
    assert f"<{AMA_TERMS}>" in PAGE
