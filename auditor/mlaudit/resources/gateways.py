"""What stands in front of endpoints. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiMethod:
    """A method of a REST API that leads to an endpoint or a function (``GetResources``)."""

    arn: str
    region: str
    api: str
    """The name of the API."""
    verb: str
    path: str
    leads_to: str
    """The name of an endpoint, or the ARN of a function."""
    checks_body: bool
    """Whether it refuses a body that does not fit its model."""
