"""The static site, without a browser: what is written, and that nothing points into the void."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from diff_books import release

from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.render.site.build import MARK, build_site
from cleanclaim.rules.registry import documented
from support.few_codes import CODES, DAY


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        told = dict(attrs)
        for name in ("href", "src"):
            if told.get(name):
                self.links.append(str(told[name]))
        if told.get("id"):
            self.ids.append(str(told["id"]))


def read(page: Path) -> _Links:
    parser = _Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def test_every_code_modifier_and_rule_has_a_page_and_stands_in_the_search(site: Path) -> None:
    script = (site / "search-index.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("window.CLEANCLAIM_INDEX=").rstrip().removesuffix(";"))
    addresses = {entry[1] for entry in index}
    assert {f"codes/{code}.html" for code in CODES} <= addresses
    assert {"modifiers/59.html", "modifiers/TC.html"} <= addresses
    assert {f"rules/{loaded.rule.code}.html" for loaded in documented()} <= addresses
    assert all((site / address).is_file() for address in addresses)


def test_no_link_of_any_page_points_into_the_void(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 200
    for page in pages:
        found = read(page)
        assert len(found.ids) == len(set(found.ids)), page
        for link in found.links:
            address, _, part = link.partition("#")
            target = (page.parent / address.partition("?")[0]).resolve() if address else page
            assert target.is_file(), (page.name, link)
            if part:
                assert part in read(target).ids, (page.name, link)


def test_a_page_carries_its_code_for_machines_and_never_a_script_in_its_data(site: Path) -> None:
    text = (site / "codes" / "J1100.html").read_text(encoding="utf-8")
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert told is not None
    linked = json.loads(told[1])
    assert (linked["@type"], linked["codeValue"], linked["codingSystem"]) == ("MedicalCode", "J1100", "HCPCS")


def test_a_measure_has_neither_imaging_nor_sites_nor_price(site: Path) -> None:
    for code in ("4324F", "G4000"):
        text = (site / "codes" / f"{code}.html").read_text(encoding="utf-8")
        ids = read(site / "codes" / f"{code}.html").ids
        assert not {"imaging_guidance", "sites_of_service", "payment", "payers"} & set(ids)
        assert "$" not in text


def test_a_site_is_replaced_and_other_folders_are_left_alone(starter_book: OpenBook, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    build_site(starter_book, DAY, folder, jobs=1, codes=("43214", "62323"))
    built = build_site(starter_book, DAY, folder, jobs=1, codes=("43214",))
    assert sorted(path.name for path in (folder / "codes").iterdir()) == ["43214.html"]
    assert built.codes == 1
    assert (folder / MARK).is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="no site of ours"):
        build_site(starter_book, DAY, other, jobs=1, codes=("43214",))
    with pytest.raises(InputError, match="is a file"):
        build_site(starter_book, DAY, other / "letter.txt", jobs=1, codes=("43214",))
    with pytest.raises(InputError, match="not there"):
        build_site(starter_book, DAY, tmp_path / "no" / "site", jobs=1, codes=("43214",))


def test_several_processes_write_the_same_site(starter_book: OpenBook, tmp_path: Path) -> None:
    codes = starter_book.index.keys_of(spec("mpfs"))[:420]
    one, two = tmp_path / "one", tmp_path / "two"
    build_site(starter_book, DAY, one, jobs=1, codes=codes)
    build_site(starter_book, DAY, two, jobs=2, codes=codes)
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)


def test_a_new_code_is_linked_from_the_changes_and_a_new_modifier_leads_nowhere_wrong(tmp_path: Path) -> None:
    store = BookStore(tmp_path / "book", with_starter=False)
    old = [{"hcpcs": "G1111", "kind": "code"}]
    release(store, "hcpcs", "2026Q2", old)
    release(store, "hcpcs", "2026Q3", [*old, {"hcpcs": "G2222", "kind": "code"}, {"hcpcs": "ZQ", "kind": "modifier"}])
    folder = build_site(OpenBook.open(store.folder), DAY, tmp_path / "site", jobs=1).folder
    assert (folder / "modifiers" / "ZQ.html").is_file()
    text = (folder / "changes.html").read_text(encoding="utf-8")
    assert '<li><a href="codes/G2222.html">G2222</a></li>' in text
    assert "<li>ZQ</li>" in text
    assert all(
        (folder / link.partition("#")[0]).is_file() for link in read(folder / "changes.html").links if link[0] != "#"
    )


def test_a_paragraph_of_a_rule_is_one_paragraph_however_it_was_wrapped(site: Path) -> None:
    text = (site / "rules" / "PTP001.html").read_text(encoding="utf-8")
    paragraphs = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", text)
    assert not [said for said in paragraphs if said[0].islower() and not said.startswith(("rarely", "ncci-"))]
    assert any("modifier changes that, and the patient cannot be billed for it" in said for said in paragraphs)


def test_the_first_page_names_the_families_of_rules_and_folds_long_lists(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert "<summary>PTP Procedure pairs (" in text
    families = re.findall(r"<summary>([A-Z]{3}) ([^(]*) \(", text)
    assert all(name.strip() for _, name in families)
    assert text.count("<details") > len(families)
