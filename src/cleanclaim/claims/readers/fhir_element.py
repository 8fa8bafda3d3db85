"""FHIR JSON with typed access: every value knows its path, and a value of the wrong kind says so.

Nothing here knows what a claim is. Published: HL7 FHIR R4, hl7.org/fhir/R4/json.html (the JSON form),
hl7.org/fhir/R4/references.html (how references are resolved).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from cleanclaim.claims.readers.values import BadValue, as_text, parse_date, parse_number
from cleanclaim.types import Date

_PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
_TYPE_AND_ID: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?")


class Coding(NamedTuple):
    """A code and the address of the system it is from, in lower case."""

    system: str
    code: str


@dataclass(frozen=True, slots=True)
class Element:
    """A JSON object of a resource and its path. An absent one is empty, and false."""

    data: Mapping[str, object]
    path: str

    def __bool__(self) -> bool:
        return bool(self.data)

    def at(self, name: str) -> str:
        """The path of a child."""
        return f"{self.path}.{name}"

    def child(self, name: str) -> Element:
        """The object under ``name``."""
        return _element(self.data.get(name), self.at(name))

    def children(self, name: str) -> list[Element]:
        """The objects of the list under ``name``."""
        return [_element(value, f"{self.at(name)}[{number}]") for number, value in enumerate(self._list(name))]

    def text(self, name: str) -> str:
        """The text, number or code under ``name``, trimmed; ``""`` when absent."""
        return _text(self.data.get(name), self.at(name))

    def texts(self, name: str) -> list[str]:
        """The texts of the list under ``name``."""
        return [_text(value, f"{self.at(name)}[{number}]") for number, value in enumerate(self._list(name))]

    def number(self, name: str) -> Decimal | None:
        """The decimal under ``name``."""
        text = self.text(name)
        try:
            return parse_number(text) if text else None
        except BadValue as bad:
            raise BadValue(bad.reason, self.at(name)) from None

    def date(self, name: str) -> Date | None:
        """The day under ``name``; None when absent, or when only its month or year is known."""
        text = self.text(name)
        try:
            return parse_date(text) if text and not _PARTIAL_DATE.fullmatch(text) else None
        except BadValue as bad:
            raise BadValue(bad.reason, self.at(name)) from None

    def sequences(self, name: str) -> list[int]:
        """The positive integers of the list under ``name``."""
        return [_sequence(text, f"{self.at(name)}[{number}]") for number, text in enumerate(self.texts(name))]

    def sequence(self, name: str) -> int | None:
        """The positive integer under ``name``."""
        text = self.text(name)
        return _sequence(text, self.at(name)) if text else None

    def codings(self) -> list[Coding]:
        """The codes of this element, a CodeableConcept."""
        return [
            Coding(coding.text("system").lower(), code)
            for coding in self.children("coding")
            if (code := coding.text("code"))
        ]

    def codes(self) -> list[str]:
        """The codes of this element, a CodeableConcept, in lower case, whatever their system."""
        return [coding.code.lower() for coding in self.codings()]

    def extension(self, url_end: str) -> Element:
        """The first extension whose address ends so."""
        for extension in self.children("extension"):
            if extension.text("url").endswith(url_end):
                return extension
        return Element({}, self.at("extension"))

    def _list(self, name: str) -> list[object]:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadValue("a list was expected", self.at(name))
        return value


def _element(value: object, path: str) -> Element:
    if value is None:
        return Element({}, path)
    if not isinstance(value, Mapping):
        raise BadValue("an object was expected", path)
    return Element(value, path)


def _text(value: object, path: str) -> str:
    if isinstance(value, list | Mapping):
        raise BadValue("a single value was expected", path)
    try:
        return as_text(value)
    except BadValue as bad:
        raise BadValue(bad.reason, path) from None


def _sequence(text: str, path: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise BadValue("a positive whole number was expected", path)
    return int(text)


class Scope:
    """The resources among which references are resolved: those of one Bundle, or of one file without Bundles."""

    def __init__(self, resources: Iterable[tuple[str, Element]]) -> None:
        self._by_name: dict[str, Element] = {}
        for full_url, resource in resources:
            kind, logical_id = resource.data.get("resourceType"), resource.data.get("id")
            for name in (full_url, f"{kind}/{logical_id}"):
                if name:
                    self._by_name.setdefault(name, resource)

    def resolve(self, reference: Element, owner: Element) -> Element:
        """The resource that ``reference`` names, in ``owner`` (``#id``) or here; empty when it is not there."""
        name = reference.text("reference")
        absent = Element({}, reference.path)
        if name.startswith("#"):
            contained = (resource for resource in owner.children("contained") if resource.text("id") == name[1:])
            return next(contained, absent)
        if not name:
            return absent
        match = _TYPE_AND_ID.fullmatch(name)
        return self._by_name.get(name) or self._by_name.get(match[1] if match else "") or absent
