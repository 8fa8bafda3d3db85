"""What the rules of the family share: which lines are imaging, and whether an edit stands."""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, Imaging, LineFacts
from cleanclaim.rules.ptp.bypass import Bypass, bypass


def is_imaging(line: LineFacts) -> bool:
    """The line's code is itself imaging guidance, or a radiological supervision and interpretation."""
    return line.imaging in (Imaging.IS_GUIDANCE, Imaging.IS_SUPERVISION_AND_INTERPRETATION)


def coded_with_imaging(one: LineFacts, two: LineFacts) -> bool:
    """Column One is a code without imaging, and with imaging of Column Two's modality another code is reported."""
    return one.imaging == Imaging.WITHOUT and bool(one.imaging_modalities & two.imaging_modalities)


def bypassed(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit's indicator is 1 and a modifier on the lines qualifies."""
    return edit.modifier_indicator == 1 and bypass(edit, one, two) == Bypass.QUALIFIES
