"""What stands under a stack's name, and whether it may be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mlaudit.remediate.change import Document, RefusedError
from mlaudit.remediate.plan import StackChange
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.site import NotReadyError, Site
from mlaudit.remediate.stacks.template import Template, digest, read_template

OWNER = "mlaudit:workload"
"""The tag that says for which workload mlaudit made a stack."""
EXPORT = "FromExport"
"""The member of a state for journals that says which export names the bucket of its template."""

LEFTOVER = "its creation failed earlier, and what is left of it is deleted first"
"""What is said of a name that a creation was given up under."""

_SETTLED = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
_REVIEW = "REVIEW_IN_PROGRESS"
_NEVER_MADE = "ROLLBACK_COMPLETE"


@dataclass(frozen=True, slots=True)
class Found:
    """A stack as it is.

    Attributes:
        id: Its ARN, which it keeps when it is deleted.
        name: Its name.
        status: What CloudFormation says of it.
        reason: Why it is so, where CloudFormation tells.
        template: Its template.
        parameters: The values of all its parameters; what must not be seen is hidden.
        tags: Its tags.
        capabilities: What was acknowledged for it.
        exports: The names it exports.
    """

    id: str
    name: str
    status: str
    reason: str
    template: Template
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    capabilities: tuple[str, ...]
    exports: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 sum of its template and parameters."""
        return digest(self.template, self.parameters)

    @property
    def is_busy(self) -> bool:
        """Whether CloudFormation works on it."""
        return self.status.endswith("IN_PROGRESS") and self.status != _REVIEW

    @property
    def is_settled(self) -> bool:
        """Whether it is whole, and can be changed."""
        return self.status in _SETTLED

    @property
    def is_made(self) -> bool:
        """Whether it ever came about: a name that is being reviewed, or was given up, did not."""
        return self.status not in {_REVIEW, _NEVER_MADE}

    @property
    def was_given_up(self) -> bool:
        """Whether its creation failed and was taken back."""
        return self.status == _NEVER_MADE

    @property
    def document(self) -> Document:
        """It as a state for journals."""
        return state(self.template, self.parameters, self.tags, self.capabilities)

    def is_as(self, wanted: Document) -> bool:
        """Whether it is what a state for journals says."""
        template = read_template(wanted["TemplateBody"])
        return digest(template, wanted["Parameters"]) == self.digest and wanted["Tags"] == self.tags

    def is_of(self, wanted: Document) -> bool:
        """Whether it is made as a state for journals says, whatever its parameters are by now.

        Promotion brings another version by parameters, and makes no other stack of it.
        """
        template = read_template(wanted["TemplateBody"])
        return template.content == self.template.content and wanted["Tags"] == self.tags


def state(
    template: Template,
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
    capabilities: tuple[str, ...],
) -> Document:
    """A stack as a state for journals: all that is needed to make it so again."""
    return {
        "TemplateBody": template.text,
        "Parameters": dict(parameters),
        "Tags": dict(tags),
        "Capabilities": list(capabilities),
    }


def find_stack(name: str, site: Site) -> Found | None:
    """The stack of a name, or of an ARN even if it is deleted; ``None`` where there is none.

    Raises:
        RefusedError: AWS does not tell.
    """
    try:
        (told,) = site.call(op.DESCRIBE_STACKS, StackName=name)["Stacks"]
        template = _template_of(told, site)
    except RefusedError as error:
        if error.code == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    return Found(
        id=told["StackId"],
        name=told["StackName"],
        status=told["StackStatus"],
        reason=told.get("StackStatusReason", ""),
        template=template,
        parameters={
            each["ParameterKey"]: each.get("ParameterValue", "")
            for each in told.get("Parameters", ())
        },
        tags={each["Key"]: each["Value"] for each in told.get("Tags", ())},
        capabilities=tuple(told.get("Capabilities", ())),
        exports=tuple(_exports(told)),
    )


def _template_of(told: Document, site: Site) -> Template:
    """The template of a stack; one that is under review has none of its own yet."""
    if told["StackStatus"] == _REVIEW:
        return Template("", {})
    answer = site.call(op.GET_TEMPLATE, StackName=told["StackId"], TemplateStage="Original")
    return read_template(answer["TemplateBody"])


def looked_at(
    stack: StackChange, files: Mapping[str, bytes], site: Site, *, adopt: bool = False
) -> StackChange:
    """Fill in what a stack is before it is deployed, and tell of its drift if it will change.

    Args:
        stack: The stack as it is to be.
        files: The files of the plan.
        site: Where.
        adopt: Whether one that mlaudit did not make may be taken over.

    Raises:
        NotReadyError: What is there cannot be changed as it is, or is not ours.
        RefusedError: AWS does not tell what is there.
    """
    found = ready(stack, find_stack(stack.name, site), adopt=adopt)
    if found is not None and found.was_given_up:
        site.tell(f"{stack.name}: {LEFTOVER}")
    if found is None or not found.is_made:
        return replace(stack, before=None)
    template = read_template(files[stack.template].decode())
    wanted = digest(template, template.values(stack.parameters, found.parameters))
    if wanted != found.digest:
        for line in drift_of(found, site):
            site.tell(line)
    return replace(stack, before=found.digest)


def ready(stack: StackChange, found: Found | None, *, adopt: bool) -> Found | None:
    """What is there, if it may be changed.

    Raises:
        NotReadyError: It may not.
    """
    if found is None or found.status == _REVIEW:
        return found
    owner, wanted = found.tags.get(OWNER), stack.tags.get(OWNER)
    if owner is None and not adopt:
        raise NotReadyError(
            f"There is a stack {stack.name} already that mlaudit did not make: it has no tag "
            f"{OWNER}. Use --adopt to change it all the same."
        )
    if owner is not None and owner != wanted:
        raise NotReadyError(
            f"The stack {stack.name} is of the workload {owner}, not of {wanted}. "
            "Give the new one another name."
        )
    if found.is_busy:
        raise NotReadyError(
            f"Somebody is changing the stack {stack.name}: it is in {found.status}. "
            "Try again once that is over."
        )
    if not (found.is_settled or found.was_given_up):
        raise NotReadyError(
            f"The stack {stack.name} is in {found.status}{_because(found)}. CloudFormation does "
            "not change it before somebody has repaired or deleted it."
        )
    return found


def drift_of(found: Found, site: Site) -> Iterator[str]:
    """Lines on what was changed in a stack by others than CloudFormation."""
    try:
        begun = site.call(op.DETECT_DRIFT, StackName=found.id)["StackDriftDetectionId"]
        detection = site.awaited(
            f"The comparison of the stack {found.name} with its template",
            lambda: _finished(site.call(op.DESCRIBE_DETECTION, StackDriftDetectionId=begun)),
        )
        if detection["DetectionStatus"] != "DETECTION_COMPLETE":
            why = detection.get("DetectionStatusReason", "CloudFormation does not say why")
            yield f"{found.name}: not all of it could be compared with its template: {why}."
        filters = ["MODIFIED", "DELETED"]
        for each in site.each(
            op.DESCRIBE_DRIFTS, StackName=found.id, StackResourceDriftStatusFilters=filters
        ):
            yield f"{found.name}: {_drift(each)}"
    except RefusedError as error:
        yield f"{found.name}: whether it still is as its template says could not be seen: {error}"


def _finished(told: Document) -> Document | None:
    return None if told["DetectionStatus"] == "DETECTION_IN_PROGRESS" else told


def _drift(each: Document) -> str:
    what = f"{each['LogicalResourceId']} ({each['ResourceType']})"
    if each["StackResourceDriftStatus"] == "DELETED":
        return f"{what} was deleted by somebody else."
    paths = [one["PropertyPath"].lstrip("/") for one in each.get("PropertyDifferences", ())]
    return (
        f"{what} was changed by somebody else: {', '.join(paths)}. "
        "CloudFormation changes that back only where its template changes there."
    )


def _exports(told: Document) -> Iterator[str]:
    for each in told.get("Outputs", ()):
        if "ExportName" in each:
            yield each["ExportName"]


def _because(found: Found) -> str:
    return f" ({found.reason.strip()})" if found.reason.strip() else ""
