"""How a question is put: "Yes." answers only a question that is put plainly.

"Is 43235 bundled with 43239?" and "May they be billed together?" have opposite answers from one row; "may fluoroscopy
be billed separately" and "is it included" likewise. A question that is not put plainly is answered with the words of
the fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NEGATED: Final = re.compile(
    r"\b(?:not|cannot|never|no longer|without|wrong|vague|non-?specific|unspecific|"
    r"invalid|incomplete|un\w+able|non-?\w+able|"
    r"[a-z]+n't|cant|dont|doesnt|isnt|wont|fail|avoid|stop|nor)\b",
    re.IGNORECASE,
)
_EITHER: Final = re.compile(r"\bor\b", re.IGNORECASE)
_NEEDS: Final = re.compile(
    r"\b(?:need|needs|needed|require|requires|required|must|have to|has to|missing|necessary)\b", re.IGNORECASE
)
_INCLUDES: Final = re.compile(
    r"\b(?:inclu\w*|inlcu\w*|bundl\w*|part of|come[s]? with|cover\w*|contain\w*|inherent|integral|already)\b",
    re.IGNORECASE,
)
_SEPARATELY: Final = re.compile(
    r"\b(?:separate\w*|seperate\w*|on top|extra|addition\w*|charge|bill|billed|billable|report|reported|"
    r"code for|get paid|paid|pay|add)\b",
    re.IGNORECASE,
)
_BUNDLED: Final = re.compile(r"\b(?:bundl\w*|inclusive|include[sd]?|edits?|n?cci|conflicts?|ptp)\b", re.IGNORECASE)
_MAY: Final = re.compile(
    r"\b(?:can|may|could|ok|okay|allowed|payable|together|get around|bypass\w*|unbundl\w*|override|overrides|break)\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    r"\b(?:alone|by itself|on its own|stand[\s-]?alone|without (?:a |the |any )?(?:primary|base|parent)|"
    r"need(?:s|ed)? (?:a |the )?(?:primary|base|parent))\b",
    re.IGNORECASE,
)
_WHICH: Final = re.compile(
    r"\b(?:what|which|whats|what's|'s (?:primary|parent|base)|list|to what|primary for|add[\s-]?on codes? for)\b",
    re.IGNORECASE,
)
_AND_TO_WHAT: Final = re.compile(r"^\W*(?:is|are|does|do)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is put."""

    negated: bool = False
    """It denies what it asks for: "isn't it billable"."""
    either: bool = False
    """It puts two things: "billable or not"."""
    needs: bool = False
    """It asks whether something is required, not whether it is allowed."""
    separately: bool = False
    """It asks whether imaging may be billed beside the code, not whether the code includes it."""
    bundled: bool = False
    """It asks whether codes are bundled, not whether they may be billed together."""
    alone: bool = False
    """It asks whether a code may stand alone."""
    which: bool = False
    """It asks which code, not whether."""

    @property
    def plain(self) -> bool:
        """Yes and no can be said without a doubt of what they answer."""
        return not (self.negated or self.either)


def manner_of(question: str) -> Manner:
    """Read it out of the words."""
    included = _INCLUDES.search(question) is not None
    return Manner(
        negated=_NEGATED.search(question) is not None,
        either=_EITHER.search(question) is not None,
        needs=_NEEDS.search(question) is not None,
        separately=not included and _SEPARATELY.search(question) is not None,
        bundled=_BUNDLED.search(question) is not None and _MAY.search(question) is None,
        alone=_ALONE.search(question) is not None,
        which=_WHICH.search(question) is not None and _AND_TO_WHAT.search(question) is None,
    )
