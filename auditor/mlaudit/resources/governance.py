"""How data is looked after: the search for personal data, and where columns come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PersonalDataScan:
    """What Macie does with one bucket (``DescribeBuckets``)."""

    arn: str
    """The bucket's ARN followed by ``#personal-data``."""
    region: str
    bucket: str
    watched: bool
    """Whether automated discovery or a job looks into it again and again."""
    scanned_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatasetLineage:
    """How a data set was last made, as a DataZone domain was told (``GetLineageEvent``)."""

    arn: str
    """The domain's ARN followed by ``#`` and the event's id."""
    region: str
    place: str
    """The data set: a place in S3, or the ARN of a table of the Glue catalogue."""
    columns: bool
    """Whether the event tells which columns its columns were made of."""
    at: datetime
