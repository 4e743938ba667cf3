"""What is checked of a request before a model answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import placement_gaps
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import ApiMethod, Endpoint, Function, Traffic
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class RequestCheck:
    """What checks the requests to an endpoint that serves.

    Attributes:
        arn: The endpoint.
        name: Its name.
        by: What checks them, in words.
        answered_at: When it last answered one in the window; ``None`` where it did not.
    """

    arn: str
    name: str
    by: tuple[str, ...]
    answered_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"endpoint {self.name} {fact}", self.answered_at)


@provider
def request_checks(view: View) -> Evidence[RequestCheck]:
    """Every endpoint that serves and whose requests something is seen to check.

    For any other the check may be in code that is out of sight: a gap.
    """
    items, unknown = [], []
    counted = view.sees(Traffic)
    for endpoint in view.items(Endpoint):
        if not endpoint.serving:
            continue
        by = tuple(dict.fromkeys((*_methods(view, endpoint), *_code(view))))
        answered_at = _answered_at(view, endpoint)
        if not by:
            operation = "sagemaker:DescribeEndpoint"
            code, region = "RequestsCheckedInCode", view.region.name
            unknown.append(Gap.unread(operation, region, code, endpoint.arn))
        elif answered_at or counted:
            items.append(RequestCheck(endpoint.arn, endpoint.name, by, answered_at))
    gaps = (*placement_gaps(view), *view.gaps(ApiMethod, Function, Traffic), *unknown)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _methods(view: View, endpoint: Endpoint) -> Iterator[str]:
    """The methods with a model for their body that lead to an endpoint, by a function or not."""
    functions = {
        each.arn for each in view.region.all(Function) if endpoint.name in each.endpoint_names
    }
    for each in view.region.all(ApiMethod):
        if each.checks_body and each.leads_to in {endpoint.name, *functions}:
            yield f"{each.verb} {each.path} of API {each.api}"


def _code(view: View) -> Iterator[str]:
    for each in view.region.all(RepositoryFact):
        mine = view.workload is None or each.workload in {None, view.workload}
        if each.kind is FactKind.REQUEST_CHECKS and mine:
            yield f"{each.tool} in {each.where}"


def _answered_at(view: View, endpoint: Endpoint) -> datetime | None:
    found = view.region.by(Traffic, "endpoint_arn").get(endpoint.arn, ())
    moments = [each.last_at for each in found if each.last_at and each.requests > 0]
    return max(moments, default=None)
