"""Load tests that AWS ran. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoadRun:
    """What a load test of Inference Recommender measured (``DescribeInferenceRecommendationsJob``).

    Only jobs with traffic of one's own (``Advanced``) that completed in the window.
    """

    arn: str
    """The ARN of the job, followed by ``#load``."""
    region: str
    name: str
    model_name: str | None
    package_version_arn: str | None
    rates: Mapping[str, int]
    """The most requests a minute that one machine bore, by its instance type."""
    endpoint_rates: Mapping[str, int]
    """The same by the name of an endpoint, where one was tested as it is."""
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark of an endpoint that completed in the window (``DescribeAIBenchmarkJob``)."""

    arn: str
    region: str
    name: str
    endpoint_name: str
    ended_at: datetime
