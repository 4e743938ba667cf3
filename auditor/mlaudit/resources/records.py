"""What keeps a record of changes and of reasons. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallLog:
    """A CloudTrail trail or event data store that covers a region."""

    arn: str
    region: str
    name: str
    product: str
    """``trail`` or ``event data store``."""
    logging: bool
    changes: bool
    """Whether it takes the calls that change something in SageMaker."""
    written_at: datetime | None
    """When a trail last delivered; an event data store does not tell."""


@dataclass(frozen=True, slots=True)
class ConfigRecorder:
    """What records how resources are configured (``DescribeConfigurationRecorders``)."""

    arn: str
    region: str
    name: str
    records_ml: bool
    """Whether it records resources of SageMaker, or all there are."""
    recording: bool


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A SageMaker model card (``DescribeModelCard``); of its content only whom it is about."""

    arn: str
    region: str
    name: str
    tags: Mapping[str, str]
    status: str
    about: tuple[str, ...]
    """The names or ARNs of models, versions, groups and jobs it describes."""
