"""The folder of a run: its data, its code, what each step read and wrote, and what comes of it.

``work/`` is made anew by each run. ``registry/`` and ``summary.json`` stay.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from mlaudit_reference.bundle import source_archive
from mlaudit_reference.local.failures import LocalRunError

_MARK = ".made-by-a-local-run"

Tell = Callable[[str], None]
"""Takes what the run does at the moment, in words."""


@dataclass(frozen=True)
class Workplace:
    """Where a run works.

    Attributes:
        out: The folder that was asked for.
        tell: Takes what the run does at the moment.
    """

    out: Path
    tell: Tell

    @property
    def work(self) -> Path:
        """What is made anew by each run."""
        return self.out / "work"

    @property
    def code(self) -> Path:
        """The code as a container unpacks it."""
        return self.work / "code"

    @property
    def registry(self) -> Path:
        """Registered versions."""
        return self.out / "registry"

    def step(self, name: str) -> Path:
        """The folder of a step."""
        return self.work / "steps" / name


def opened(out: Path, tell: Tell) -> Workplace:
    """Make the folder ready: an earlier run's work is removed, the code is unpacked.

    Raises:
        LocalRunError: It cannot be made, or holds a ``work`` of somebody else.
    """
    place = Workplace(out.resolve(), tell)
    try:
        _clear(place.work)
        place.code.mkdir(parents=True)
        (place.work / _MARK).touch()
        with tarfile.open(fileobj=BytesIO(source_archive()), mode="r:gz") as archive:
            # Python 3.11.0 to 3.11.3 know no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(place.code)  # noqa: S202 - this package made it a moment ago
    except OSError as error:
        reason = error.strerror or error
        raise LocalRunError(f"{out} cannot be used: {reason}. Give another --out.") from error
    return place


def _clear(work: Path) -> None:
    if not work.exists():
        return
    if not (work / _MARK).is_file():
        raise LocalRunError(f"{work} is not of a local run. Remove it, or give another --out.")
    shutil.rmtree(work)
