"""What a label names: the first cell of a row, the head of a column, or what stands before a colon."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Topic(StrEnum):
    """What a value beside a label is about."""

    STATUS = "status"
    GLOBAL_DAYS = "global days"
    WORK = "work relative value"
    TOTAL_NONFACILITY = "total relative value, not in a facility"
    TOTAL_FACILITY = "total relative value, in a facility"
    UNITS = "units"
    BILATERAL = "bilateral indicator"
    MULTIPLE = "multiple procedure indicator"
    ASSISTANT = "assistant indicator"
    CO_SURGEON = "co-surgeon indicator"
    TEAM = "team indicator"
    COMPONENTS = "PC/TC indicator"
    BASE = "endoscopic base"
    ADD_ON = "add-on"
    IMAGING = "imaging guidance"
    BILLABLE = "billable"
    MEANING = "meaning"


_LABELS: Final[tuple[tuple[Topic, re.Pattern[str]], ...]] = tuple(
    (topic, re.compile(shape, re.IGNORECASE))
    for topic, shape in (
        (Topic.BILLABLE, r"\bbillable\b|\bvalid (?:for|to|on)\b|\bcan be billed\b|\breportable\b"),
        (Topic.STATUS, r"\bstatus\b"),
        (
            Topic.GLOBAL_DAYS,
            r"\bglobal(?: surgery| surgical)?(?: period| days?| indicator)?\s*$|\bglobal (?:period|days?)\b",
        ),
        (
            Topic.TOTAL_NONFACILITY,
            r"\btotal\b.{0,20}\bnon-?facility\b.{0,20}\brvus?\b|\bnon-?facility total\b.{0,12}\brvus?\b",
        ),
        (Topic.TOTAL_FACILITY, r"\btotal\b.{0,20}(?<!non)(?<!non-)\bfacility\b.{0,20}\brvus?\b"),
        (Topic.WORK, r"\bwork (?:rvus?|relative value|value)\b|\bw-?rvus?\b"),
        (
            Topic.UNITS,
            r"\bmue\b|\bmedically unlikely\b|\b(?:maximum|max) units\b|\bunits? (?:per|a|each) day\b|\bunit limit\b",
        ),
        (Topic.BILATERAL, r"\bbilateral (?:surgery|indicator|procedure indicator)\b|^bilateral$"),
        (Topic.MULTIPLE, r"\bmultiple[- ]procedures?\b(?: indicator)?"),
        (Topic.ASSISTANT, r"\bassistant(?: at surgery| surgeon| surgery)?\b"),
        (Topic.CO_SURGEON, r"\bco-?surge\w+\b"),
        (Topic.TEAM, r"\bteam surge\w+\b|\bsurgical team\b"),
        (Topic.COMPONENTS, r"\bpc\s*/\s*tc\b|^component\b"),
        (Topic.BASE, r"\bendoscop\w+ base\b|\bbase (?:code|endoscopy)\b|^base$|\bendo base\b"),
        (Topic.ADD_ON, r"\badd-?on\b"),
        (Topic.IMAGING, r"\b(?:imaging|image|fluoroscop\w*|ultrasound)(?: guidance)?\s*$|^guidance$"),
        (
            Topic.MEANING,
            r"\b(?:descri\w+|meaning|means|definition|defines|what|covers?|service|name|says|identifies|stands for)\b",
        ),
    )
)
_LONGEST: Final = 60


def topic_of(label: str) -> Topic | None:
    """What a label names, None where it is no label that we know."""
    plain = label.strip(" :?*")
    if not plain or len(plain) > _LONGEST:
        return None
    return next((topic for topic, shape in _LABELS if shape.search(plain)), None)


def is_label(text: str) -> bool:
    """The text names an indicator, of which a value is to follow."""
    topic = topic_of(text)
    return topic is not None and topic not in {Topic.MEANING, Topic.BILLABLE}
