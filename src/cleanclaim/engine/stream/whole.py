"""Large files checked part by part, for who wants the report in memory: the same that a check in memory makes."""

from __future__ import annotations

from cleanclaim.engine.stream.check import Phase, Request, check_in_parts
from cleanclaim.engine.stream.folder import WorkFolder
from cleanclaim.types import Report


def check_on_disk(request: Request, size: int) -> Report:
    """The report on files of about ``size`` bytes, in this process.

    The claims are spread over a folder among the temporary files, which only its owner can read and which is gone
    afterwards. Raises UnreadableFile when nothing at all could be read.
    """
    with WorkFolder.for_now(None) as folder:
        return check_in_parts(request, folder, jobs=1, size=size, progress=_Untold()).report.whole()


class _Untold:
    """Nobody watches how far a check has come."""

    def begin(self, phase: Phase, total: int) -> None:
        """A phase begins."""

    def advance(self, many: int) -> None:
        """So many more are done."""
