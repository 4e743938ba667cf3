"""The versions of a workload that may be promoted, judged by their own record. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from mlaudit.capabilities.governance import SignOff
from mlaudit.capabilities.registry import APPROVED, ServedVersion, says, served_versions
from mlaudit.model import Gap, Status
from mlaudit.resources import Endpoint, Model, ModelPackage
from mlaudit.sight import View
from mlaudit.versions import Candidate, Need, Requirement

NEWEST = 20
"""How many versions are told of besides those that serve."""

_COMPLETED = "Completed"
_READ = "sagemaker:DescribeModelPackage"


def candidates(view: View) -> tuple[Candidate, ...]:
    """Everything that serves and the newest versions, the newest first."""
    seen = view.once(served_versions)
    places = _endpoints(view)
    serving: dict[str, set[str]] = defaultdict(set)
    for each in seen.items:
        serving[each.package.arn if each.package else each.arn] |= places.get(each.arn, set())
    packages = sorted(view.items(ModelPackage), key=lambda each: each.created_at, reverse=True)
    told = {each.arn: each for each in packages[:NEWEST]}
    told |= {each.package.arn: each.package for each in seen.items if each.package}
    found = [_version(view, each, serving.get(each.arn, set())) for each in told.values()]
    found += [_unregistered(view, each, places) for each in seen.items if each.package is None]
    known = {each.arn for each in seen.items}
    hidden = {gap.subject: gap for gap in seen.gaps if gap.subject not in known}
    models = {each.arn: each for each in view.items(Model)}
    found += [
        _unseen(models[arn], gap, places.get(arn, set()))
        for arn, gap in hidden.items()
        if arn in models
    ]
    found += _not_told(view, seen.gaps, {name for each in found for name in each.serves})
    return tuple(sorted(found, key=lambda each: (each.created_at, each.arn), reverse=True))


def _not_told(view: View, gaps: tuple[Gap, ...], told: set[str]) -> Iterator[Candidate]:
    """What serves and cannot be told: no other version may pass for it."""
    unseen = [each for each in view.gaps(Endpoint) if each.subject is None]
    if unseen:
        yield _open_candidate("what-serves", "what serves", view.window.end, unseen[0], ("unseen",))
    for endpoint in view.items(Endpoint):
        if endpoint.serving and endpoint.name not in told:
            read, region = _READ, view.region.name
            gap = gaps[0] if gaps else Gap.unread(read, region, "VersionNotKnown", endpoint.arn)
            made = endpoint.created_at
            yield _open_candidate(endpoint.arn, endpoint.name, made, gap, (endpoint.name,))


def _open_candidate(
    arn: str, name: str, made: datetime, gap: Gap, serves: tuple[str, ...]
) -> Candidate:
    return Candidate(arn, name, made, serves, _all_open(f"could not be seen: {gap.words}", gap))


def _endpoints(view: View) -> dict[str, set[str]]:
    """The serving endpoints of each model."""
    places: dict[str, set[str]] = defaultdict(set)
    for endpoint in view.items(Endpoint):
        for model in view.lineage.upstream(endpoint.arn, Model) if endpoint.serving else ():
            places[model.arn].add(endpoint.name)
    return places


def _version(view: View, package: ModelPackage, serves: Iterable[str]) -> Candidate:
    return Candidate(
        arn=package.arn,
        name=package.arn.partition(":model-package/")[2],
        created_at=package.created_at,
        serves=tuple(sorted(serves)),
        requirements=(
            _registered(package),
            _approved(view, package),
            _evaluated(package),
            _monitored(view, package),
            _recoverable(view, package),
        ),
    )


def _registered(package: ModelPackage) -> Requirement:
    if package.status == _COMPLETED:
        return _met(Need.REGISTERED, "it is registered")
    return _missed(Need.REGISTERED, f"its registration is {package.status}")


def _approved(view: View, package: ModelPackage) -> Requirement:
    sign_off = SignOff(package, "")
    if not sign_off.approved:
        state = package.approval or "missing"
        return _missed(Need.APPROVED, f"its approval is {state}")
    if sign_off.by_another:
        return _met(Need.APPROVED, "another than its author approved it")
    if sign_off.by_another is False:
        return _missed(Need.APPROVED, "its author approved it")
    if package.created_by and not sign_off.changed:
        return _missed(Need.APPROVED, "it was registered as approved")
    gap = Gap.unread(_READ, view.region.name, "SignOffNotOnRecord", package.arn)
    return _open(Need.APPROVED, "it is approved, and nothing tells by whom", gap)


def _evaluated(package: ModelPackage) -> Requirement:
    if package.quality_uri or says(package, "evaluation"):
        return _met(Need.EVALUATED, "its evaluation is registered with it")
    return _missed(Need.EVALUATED, "no evaluation is registered with it")


def _monitored(view: View, package: ModelPackage) -> Requirement:
    if package.baselines:
        kinds = ", ".join(sorted(package.baselines))
        return _met(Need.MONITORED, f"baselines for monitoring are registered: {kinds}")
    gap = Gap.unread(_READ, view.region.name, "ReadsNotTold", package.arn)
    return _open(Need.MONITORED, "no baseline for monitoring is registered with it", gap)


def _recoverable(view: View, package: ModelPackage) -> Requirement:
    group = view.region.by(ModelPackage, "group_name").get(package.group_name or "", ())
    others = [each for each in group if each.arn != package.arn]
    back = [
        each
        for each in others
        if each.approval == APPROVED
        and each.status == _COMPLETED
        and each.created_at <= package.created_at
    ]
    if back:
        older = "an older version is" if len(back) == 1 else f"{len(back)} older versions are"
        return _met(Need.RECOVERABLE, f"{older} approved to go back to")
    item, hidden = _ITEMS[Need.RECOVERABLE], view.gaps(ModelPackage)
    if hidden:
        says_ = "older versions could not be seen"
        return Requirement(Need.RECOVERABLE, item, Status.NOT_ASSESSED, says_, hidden)
    if not any(each.created_at <= package.created_at for each in others):
        first = "it is the first version: there is none to go back to"
        return Requirement(Need.RECOVERABLE, item, Status.NOT_APPLICABLE, first)
    return _missed(Need.RECOVERABLE, "no older version is approved to go back to")


def _unregistered(view: View, served: ServedVersion, places: dict[str, set[str]]) -> Candidate:
    """A model without a version: of a registry elsewhere, or of none."""
    model = view.region.get(Model, served.arn)
    gap = Gap.unread(_READ, view.region.name, "SignOffNotOnRecord", served.arn)
    return Candidate(
        arn=served.arn,
        name=model.name if model else served.arn,
        created_at=model.created_at if model else view.window.end,
        serves=tuple(sorted(places.get(served.arn, set()))),
        requirements=_all_open("it is in no model registry of AWS", gap),
    )


def _unseen(model: Model, gap: Gap, serves: Iterable[str]) -> Candidate:
    return _open_candidate(model.arn, model.name, model.created_at, gap, tuple(sorted(serves)))


_ITEMS = {
    Need.REGISTERED: "3.1",
    Need.APPROVED: "9.4",
    Need.EVALUATED: "5.9",
    Need.MONITORED: "6.1",
    Need.RECOVERABLE: "3.6",
}
"""The checklist item that asks the same of all that serves."""


def _all_open(says_: str, gap: Gap) -> tuple[Requirement, ...]:
    return tuple(_open(need, says_, gap) for need in Need)


def _met(need: Need, says_: str) -> Requirement:
    return Requirement(need, _ITEMS[need], Status.PASS, says_)


def _missed(need: Need, says_: str) -> Requirement:
    return Requirement(need, _ITEMS[need], Status.FAIL, says_)


def _open(need: Need, says_: str, gap: Gap) -> Requirement:
    return Requirement(need, _ITEMS[need], Status.NOT_ASSESSED, says_, (gap,))
