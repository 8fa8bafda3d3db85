"""Text of a claims file or of a file's name, made fit for a format without changing what it says."""

from __future__ import annotations

import re
from typing import Final

_UNPAIRED: Final = re.compile(r"[\ud800-\udfff]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TURNED: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REPLACED: Final = "\ufffd"


def whole_text(text: str) -> str:
    """``text`` with what UTF-8 or a reader of it cannot hold shown as U+FFFD.

    Replaced are unpaired surrogates (a file's name that is no UTF-8 has them), control characters other than tab and
    line ends, which neither XML, HTML nor FHIR allows and at which some programs cut a text off, and the marks that
    turn the direction of writing, which would show what stands beside them in another order.
    """
    if text.isascii() and text.isprintable():
        return text
    for unfit in (_UNPAIRED, _CONTROL, _TURNED):
        text = unfit.sub(_REPLACED, text)
    return text
