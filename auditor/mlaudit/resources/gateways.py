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
    private: bool
    """Whether its API answers inside networks of the account alone."""


@dataclass(frozen=True, slots=True)
class ApiStage:
    """A stage of such an API: what makes its methods callable (``GetStages``)."""

    arn: str
    region: str
    api_arn: str
    """The ARN of the API, with which those of its methods begin."""
    name: str
    firewall: bool
    """Whether a web ACL stands before it."""
