"""Where people write and try code. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WorkEnvironment:
    """A Studio domain, a space in one or a notebook instance that can be worked in.

    Which repository is attached is not kept.
    """

    arn: str
    region: str
    name: str
    product: str
    """What it is, such as ``Studio space``."""
    running: bool
    """Whether somebody has it open; a domain itself never runs."""
    repository: bool
    """Whether a repository is attached to it, or to all there is in its domain; of a space with
    remote access only the latter is known."""
    remote: bool
    """Whether an editor on one's own machine may connect to it."""
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class RunningEditor:
    """A Studio app or a notebook instance that runs, on a machine that is paid by the hour."""

    arn: str
    region: str
    name: str
    product: str
    """What it is, such as ``notebook instance``."""
    instance_type: str | None
    started_at: datetime
    """When it was started; of a notebook instance, when it was last started or changed."""
    used_at: datetime | None
    """When somebody last used it; ``None`` where AWS does not tell."""
    closes: bool | None
    """Whether Studio shuts it down when idle, asked only where its use is not told; ``None`` where
    a script of the team's own may."""
