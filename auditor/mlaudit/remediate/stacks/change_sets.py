"""Change sets: what would change in a stack, shown before it does, and then made so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlaudit.remediate.change import Document, FailedError, RefusedError
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.found import EXPORT, Found, state
from mlaudit.remediate.stacks.holdings import HOLDINGS, SERVING
from mlaudit.remediate.stacks.site import NotReadyError, Site
from mlaudit.remediate.stacks.template import Template, digest, read_template

_UNCHANGED = ("didn't contain changes", "No updates are to be performed")
_NO_CHANGE_SET = "ChangeSetNotFound"
_PENDING = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
_VERBS = {"Add": "make", "Modify": "change", "Remove": "delete", "Dynamic": "decide on the way"}


@dataclass(frozen=True, slots=True)
class Order:
    """What a stack is to be.

    Attributes:
        name: Its name.
        template: Its template.
        place: The parameter of the request that has the template, or says where it lies.
        given: The values of parameters that are decided; the others stay as they are.
        tags: All tags of the stack, which are those of all it makes.
        capabilities: What is acknowledged.
        found: What it is now; ``None`` where nothing is.
        export: The export that names the bucket its template lies in; ``None`` where none has to.
    """

    name: str
    template: Template
    place: Mapping[str, str]
    given: Mapping[str, str]
    tags: Mapping[str, str]
    capabilities: tuple[str, ...]
    found: Found | None
    export: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether there is nothing to change yet."""
        return self.found is None or not self.found.is_made

    @property
    def now(self) -> Document | None:
        """What is there now, as a state for journals."""
        return None if self.is_new or self.found is None else self.found.document

    @property
    def after(self) -> Document:
        """What will be there, as a state for journals."""
        values = self.template.values(self.given, self._previous)
        wanted = state(self.template, values, self.tags, self.capabilities)
        return wanted if self.export is None else {**wanted, EXPORT: self.export}

    @property
    def change_set(self) -> str:
        """The name of its change set: the same for the same stack that is wanted."""
        return name_of(self.after)

    @property
    def request(self) -> Document:
        """The parameters of CreateChangeSet, but the role."""
        kept = self._previous.keys() & self.template.parameters.keys() - self.given.keys()
        return {
            "StackName": self.name,
            "ChangeSetName": self.change_set,
            "ChangeSetType": "CREATE" if self.is_new else "UPDATE",
            **self.place,
            "Parameters": [
                *({"ParameterKey": key, "ParameterValue": self.given[key]} for key in self.given),
                *({"ParameterKey": key, "UsePreviousValue": True} for key in sorted(kept)),
            ],
            "Capabilities": list(self.capabilities),
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
        }

    @property
    def _previous(self) -> Mapping[str, str]:
        return {} if self.is_new or self.found is None else self.found.parameters


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change set that can be executed.

    Attributes:
        name: The name of the stack.
        id: Its ARN.
        stack: The ARN of the stack.
        changes: The changes of resources as CloudFormation lists them.
    """

    name: str
    id: str
    stack: str
    changes: tuple[Document, ...]

    def lines(self) -> Iterator[str]:
        """Each change in words."""
        for each in self.changes:
            what = f"{each['LogicalResourceId']} ({each['ResourceType']})"
            line = f"{self.name}: {_VERBS.get(each['Action'], each['Action'])} {what}"
            yield line + {"True": ", by another in its place", "Conditional": _PERHAPS}.get(
                each.get("Replacement", ""), ""
            )

    def losses(self) -> Iterator[str]:
        """What would replace or remove something that holds data or answers requests."""
        for each in self.changes:
            loss = _loss(each)
            if loss:
                what = "holds data" if each["ResourceType"] in HOLDINGS else "answers requests"
                id_ = each.get("PhysicalResourceId") or each["LogicalResourceId"]
                yield f"{id_} ({each['ResourceType']}), which {what}, {loss}"


_PERHAPS = ", perhaps by another in its place"


def _loss(change: Document) -> str:
    if change["ResourceType"] not in HOLDINGS and change["ResourceType"] not in SERVING:
        return ""
    if change["Action"] == "Remove" and change.get("PolicyAction") != "Retain":
        return "would be deleted"
    return {"True": "would be replaced", "Conditional": "could be replaced"}.get(
        change.get("Replacement", ""), ""
    )


def proposed(order: Order, site: Site) -> Proposal | None:
    """Have CloudFormation find out what would change; ``None`` when nothing would.

    Raises:
        FailedError: It cannot tell; nothing is left of the attempt.
        RefusedError: AWS refused the request.
    """
    made = _created(order, site)
    id_ = made["Id"]
    try:
        told = site.awaited(
            f"The change set of {order.name}",
            lambda: _finished(site.call(op.DESCRIBE_CHANGE_SET, ChangeSetName=id_)),
        )
    except RefusedError:
        withdraw(order, id_, site)
        raise
    if told["Status"] == "CREATE_COMPLETE":
        rows = site.each(op.DESCRIBE_CHANGE_SET, ChangeSetName=id_)
        changes = tuple(row["ResourceChange"] for row in rows if "ResourceChange" in row)
        return Proposal(order.name, id_, made["StackId"], changes)
    withdraw(order, id_, site)
    reason = told.get("StatusReason") or "CloudFormation does not say why"
    if not order.is_new and any(each in reason for each in _UNCHANGED):
        return None
    raise FailedError(f"What {order.name} would consist of cannot be told: {reason}")


def name_of(wanted: Document) -> str:
    """The name of the change set that makes a stack what a state for journals says."""
    template = read_template(wanted["TemplateBody"])
    return f"mlaudit-{digest(template, wanted['Parameters'])[:24]}"


def withdraw(order: Order, change_set: str, site: Site) -> None:
    """Delete a change set, and the name that it took where there was nothing of that name.

    Raises:
        RefusedError: AWS refused that.
    """
    site.call(op.DELETE_CHANGE_SET, ChangeSetName=change_set, StackName=order.name)
    if order.found is None:
        site.call(op.DELETE_STACK, StackName=order.name)


def withdraw_leftover(stack: str, change_set: str, site: Site) -> None:
    """Delete the change set of a stack that stays, if there is one of this name.

    Raises:
        RefusedError: AWS refused that.
    """
    try:
        site.call(op.DELETE_CHANGE_SET, ChangeSetName=change_set, StackName=stack)
    except RefusedError as error:
        if not error.code.startswith(_NO_CHANGE_SET):
            raise


def is_proposed(wanted: Document, stack: str, site: Site) -> bool:
    """Whether a stack has the change set that makes it what a state for journals says.

    Raises:
        RefusedError: AWS does not tell.
    """
    try:
        site.call(op.DESCRIBE_CHANGE_SET, ChangeSetName=name_of(wanted), StackName=stack)
    except RefusedError as error:
        if error.code.startswith(_NO_CHANGE_SET):
            return False
        raise
    return True


def execute(order: Order, proposal: Proposal, site: Site) -> None:
    """Begin to make a change set come true. New resources go again if that fails.

    Raises:
        RefusedError: AWS refused that; nothing is left of the attempt.
        NotReadyError: AWS did not answer, and whether it has begun is not known.
    """
    try:
        site.call(op.EXECUTE_CHANGE_SET, ChangeSetName=proposal.id, RetainExceptOnCreate=True)
    except RefusedError as error:
        if not _still_waits(proposal, site):
            raise NotReadyError(
                f"Whether {order.name} is being changed is not known: {error}. "
                "Look again: what was begun is told then."
            ) from error
        withdraw(order, proposal.id, site)
        raise


def _still_waits(proposal: Proposal, site: Site) -> bool:
    try:
        told = site.call(op.DESCRIBE_CHANGE_SET, ChangeSetName=proposal.id)
    except RefusedError:
        return False
    return bool(told.get("ExecutionStatus") == "AVAILABLE")


def _created(order: Order, site: Site) -> Document:
    """Create the change set, in the place of one that an earlier attempt has left."""
    request = dict(order.request)
    if site.role_arn:
        request["RoleARN"] = site.role_arn
    try:
        return site.call(op.CREATE_CHANGE_SET, **request)
    except RefusedError as error:
        if error.code != "AlreadyExistsException":
            raise
    site.call(op.DELETE_CHANGE_SET, ChangeSetName=order.change_set, StackName=order.name)
    return site.call(op.CREATE_CHANGE_SET, **request)


def _finished(told: Document) -> Document | None:
    return None if told["Status"] in _PENDING else told
