"""The one exception tree.

    CleanclaimError
    ├── InputError          the call or its input cannot be used (exit 2)
    │   ├── UnreadableFile  a claims file of no readable kind
    │   ├── LayoutError     a published file whose header is not the published one
    │   └── UnknownName     a rule, source or code that does not exist
    ├── PluginError         an installed plugin cannot be used (exit 2)
    ├── BookError           the book on disk is missing, damaged or from another version (exit 2)
    ├── FetchError          a download failed or did not match (exit 2)
    └── InternalError       a bug of ours (exit 3)

A message says what, where, why, and the next step. It never holds patient data.
"""

from __future__ import annotations


class CleanclaimError(Exception):
    """Any error this package raises on purpose."""


class InputError(CleanclaimError):
    """The call or its input cannot be used."""


class UnreadableFile(InputError):
    """A claims file of no kind we read: another transaction, another version, or not claims at all."""


class LayoutError(InputError):
    """A published file does not have the published header.

    The message names file, line, what was expected and what was found.
    """

    def __init__(self, file: str, line: int, expected: str, found: str) -> None:
        super().__init__(
            f"{file}, line {line}: expected {expected}, found {found}. "
            "Nothing of this file was loaded. If the publisher changed the layout, please open an issue "
            "with the header line."
        )
        self.file = file
        self.line = line


class UnknownName(InputError):
    """A rule, source or code that does not exist; the message offers the nearest one."""


class PluginError(CleanclaimError):
    """An installed plugin cannot be used: it does not import, or its rules break the contract."""


class BookError(CleanclaimError):
    """The book on disk is missing, damaged, or was written by another version."""


class FetchError(CleanclaimError):
    """A download failed, was cut short, or is not what the publisher's page promised."""


class InternalError(CleanclaimError):
    """A state that cannot happen. Reported as a bug, without patient data."""
