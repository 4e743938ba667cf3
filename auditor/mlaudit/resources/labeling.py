"""How labels are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LabelingJob:
    """A labelling job that changed in the window (``DescribeLabelingJob``)."""

    arn: str
    region: str
    name: str
    tags: Mapping[str, str]
    status: str
    manifest: str | None
    """Where the list of what to label lies; ``None`` for a stream."""
    output: str
    """Where the labels go."""
    workers: int
    """How many people label one object."""
    consolidates: bool
    """Whether a function of one's own makes one label of their answers."""
    learns: bool
    """Whether a model labels along, and asks people where it is unsure."""
    labeled: int
    failed: int
    created_at: datetime
    changed_at: datetime
