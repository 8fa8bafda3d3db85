"""Records spread over files on disk, so that what belongs together can be read together later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims import spill

if TYPE_CHECKING:  # a run that reads no tables does without
    import numpy as np
    import numpy.typing as npt

    from cleanclaim.claims.table import ClaimTable

_HELD: Final = 8_192
"""Records held in memory before they are written."""


class Spread:
    """Records appended to the files ``<name>-00000``, ``<name>-00001`` ... of a folder."""

    def __init__(self, folder: Path, name: str, many: int) -> None:
        self.counts = [0] * many
        """How many records each file has."""
        self._paths = [folder / f"{name}-{number:05d}" for number in range(many)]
        self._buffers: dict[int, list[spill.Placed]] = {}
        self._held = 0

    def put(self, number: int, place: int, record: Any) -> None:
        """Add a record to the file ``number`` modulo their number; ``place`` is where it stood in the input."""
        at = number % len(self._paths)
        self.counts[at] += 1
        self._buffers.setdefault(at, []).append((place, record))
        self._held += 1
        if self._held >= _HELD:
            self.flush()

    def put_table(self, numbers: npt.NDArray[np.uint64], places: npt.NDArray[np.int64], table: ClaimTable) -> None:
        """Add each claim of a table to the file that its number says, as :meth:`put` does; ``places`` are theirs."""
        import numpy as np  # noqa: PLC0415 - who has a table has loaded it

        many = len(self._paths)
        # Numbers of few bits are sorted in a tenth of the time.
        files = (numbers % np.uint64(many)).astype(np.min_scalar_type(many))
        order = np.argsort(files, kind="stable")
        counts = np.bincount(files)
        found = np.flatnonzero(counts)
        counts = counts[found]
        ends = np.cumsum(counts).tolist()
        of_files = table.divided(order, counts.tolist())
        for at, count, end, kept in zip(found.tolist(), counts.tolist(), ends, of_files, strict=True):
            self.counts[at] += count
            own = places[order[end - count : end]].tolist()
            spill.append(self._paths[at], (spill.table_frame(at, own, kept),))

    def flush(self) -> None:
        """Write what is held."""
        for at, records in self._buffers.items():
            spill.append(self._paths[at], (spill.frame(at, records),))
        self._buffers.clear()
        self._held = 0

    def path(self, number: int) -> Path:
        """A file; it is there once it has a record that was written."""
        return self._paths[number]

    def taken(self) -> Iterator[list[spill.Placed]]:
        """The records of one file after the other; each is removed when it has been read."""
        for path in self._paths:
            records = list(spill.read(path))
            path.unlink(missing_ok=True)
            yield records

    def remove(self) -> None:
        """Remove what is there of the files."""
        for path in self._paths:
            path.unlink(missing_ok=True)
