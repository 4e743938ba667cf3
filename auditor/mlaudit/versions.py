"""What may be promoted: versions of a model, each with what is asked of it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mlaudit.model import Gap, Status


class Need(StrEnum):
    """What is asked of a version itself, whatever else its workload does. Public API."""

    REGISTERED = "registered"
    APPROVED = "approved"
    EVALUATED = "evaluated"
    MONITORED = "monitored"
    RECOVERABLE = "recoverable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Whether a version meets one need.

    Attributes:
        need: What is asked.
        item: The checklist item that asks the same of all that serves; where the record of this
            version does not tell, what is concluded about that item tells.
        status: The conclusion.
        summary: It in one sentence.
        gaps: What could not be seen.
    """

    need: Need
    item: str
    status: Status
    summary: str
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered version, or a model that serves and is in no registry that was seen.

    Attributes:
        arn: The version, or the model where it has none.
        name: Its name, such as ``fraud/3``.
        created_at: When it was made (UTC).
        serves: The endpoints that it serves on, sorted.
        requirements: What is asked of it alone.
    """

    arn: str
    name: str
    created_at: datetime
    serves: tuple[str, ...]
    requirements: tuple[Requirement, ...]
