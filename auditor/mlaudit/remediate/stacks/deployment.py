"""Bring a stack to what its template says: shown first, journaled, and taken back when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mlaudit.remediate.change import FailedError, RefusedError
from mlaudit.remediate.entries import Did, Failed, Intent, WasSo
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.plan import StackChange, Step
from mlaudit.remediate.stacks import change_sets
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.change_sets import Order, Proposal
from mlaudit.remediate.stacks.found import LEFTOVER, Found, find_stack, ready
from mlaudit.remediate.stacks.progress import Watch, watch
from mlaudit.remediate.stacks.site import NotReadyError, Site
from mlaudit.remediate.stacks.template import Template, read_template
from mlaudit.remediate.stacks.uploads import INLINE, File, place_of, template_key, upload

KIND = "cloudformation.stack"
"""How journals call stacks."""
DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
"""What a stack is in when all went well."""
GIVEN_UP = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
"""What a stack is in whose creation failed."""

_GATE = ("GateOutcome", "GateDecision")
_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What whoever deploys stacks has agreed to.

    Attributes:
        adopt: That stacks are changed that mlaudit did not make.
        allow_replacement: That something is replaced or deleted that holds data or serves.
        confirm: Is asked before a change set is executed, with what it changes, a line for each.
    """

    adopt: bool = False
    allow_replacement: bool = False
    confirm: Callable[[Sequence[str]], bool] = lambda _lines: True


@dataclass(frozen=True, slots=True)
class Log:
    """Where it is written down.

    Attributes:
        journal: The journal of the run.
        step: The id of the step.
    """

    journal: Journal
    step: str


def deployed(
    step: Step,
    files: Mapping[str, bytes],
    site: Site,
    journal: Journal,
    terms: Terms = Terms(),
) -> bool:
    """Deploy the stack of a step, and upload what goes into its buckets.

    Args:
        step: A step with a stack that was looked at.
        files: The files of the plan.
        site: Where.
        journal: The journal of the run.
        terms: What was agreed to.

    Returns:
        Whether anything was changed.

    Raises:
        NotReadyError: It must not be deployed as things are; it was not touched.
        FailedError: CloudFormation gave up; the stack is what it was before.
        RefusedError: AWS refused a call.
    """
    stack, log = step.stack, Log(journal, step.id)
    if stack is None:
        raise NotReadyError(f"The step {step.id} has no stack.")
    template = read_template(files[stack.template].decode())
    check_gate(stack, template)
    found = _made_room(stack, ready(stack, find_stack(stack.name, site), adopt=terms.adopt), site)
    order = _order(stack, template, found)
    _check_unchanged(stack, order)
    changed = _brought_about(_placed(order, site, log), site, log, terms)
    written = len(journal.intents)
    for each in stack.uploads:
        upload(File(each.bucket_from_export, each.key, files[each.file]), site, journal, step.id)
    return changed or len(journal.intents) > written


def check_gate(stack: StackChange, template: Template) -> None:
    """Refuse a stack behind a gate unless it names a decision that opens it.

    Raises:
        NotReadyError: It does not.
    """
    if _GATE[0] not in template.parameters:
        return
    outcome, decision = (stack.parameters.get(each, "") for each in _GATE)
    if outcome != "open" or _SUM.fullmatch(decision) is None:
        raise NotReadyError(
            f"{stack.name} is behind a gate: it is deployed with the decision of an open gate, "
            "and with nothing else."
        )


def _made_room(stack: StackChange, found: Found | None, site: Site) -> Found | None:
    """Delete what a creation that failed has left under the name."""
    if found is None or not found.was_given_up:
        return found
    site.tell(f"{stack.name}: {LEFTOVER}")
    delete_stack(found.id, site)
    return None


def _order(stack: StackChange, template: Template, found: Found | None) -> Order:
    kept = found.tags if found is not None and found.is_made else {}
    return Order(
        name=stack.name,
        template=template,
        place={},
        given=stack.parameters,
        tags={**kept, **stack.tags},
        capabilities=stack.capabilities,
        found=found,
        export=stack.from_export,
    )


def _check_unchanged(stack: StackChange, order: Order) -> None:
    """Refuse a stack that is neither what the plan has seen nor what it wants."""
    if stack.before == "":
        raise NotReadyError(f"{stack.name} was not looked at before. Plan again.")
    if order.is_new or order.found is None:
        if stack.before is not None:
            raise NotReadyError(f"The stack {stack.name} is gone since it was planned. Plan again.")
    elif order.found.digest != stack.before and not order.found.is_as(order.after):
        raise NotReadyError(
            f"The stack {stack.name} was {'made' if stack.before is None else 'changed'} by "
            "somebody else since it was planned. Plan again."
        )


def _placed(order: Order, site: Site, log: Log) -> Order:
    """The order with its template where CloudFormation can read it."""
    content = order.template.text.encode()
    if order.export is not None:
        file = File(order.export, template_key(order.template.text), content)
        upload(file, site, log.journal, log.step)
    elif len(content) > INLINE:
        raise NotReadyError(
            f"The template of {order.name} has {len(content)} bytes, CloudFormation takes {INLINE} "
            "in a request, and no bucket is named for it."
        )
    return replace(order, place=place_of(order.template.text, order.export, site))


def _brought_about(order: Order, site: Site, log: Log, terms: Terms) -> bool:
    """Show what would change, and change it."""
    key = {"StackName": order.name}
    intent = Intent(log.step, KIND, key, site.region, _about(order), order.now, order.after)
    # The change set of a new stack takes its name already; that of another one leaves nothing.
    number = log.journal.intends(intent) if order.is_new else 0
    try:
        proposal = change_sets.proposed(order, site)
        if proposal is None:
            site.tell(f"{order.name}: nothing to do")
            log.journal.write(WasSo(log.step, KIND, key, site.region))
            return False
        _show(order, proposal, site, terms)
        number = number or log.journal.intends(intent)
        seen = begun(order, proposal, site)
    except (FailedError, RefusedError, _DeclinedError) as error:
        if number:
            log.journal.write(Failed(number, str(error)))
        raise
    # A read that is refused from here on leaves the intent open: the change goes on.
    try:
        finish(seen)
    except FailedError as error:
        log.journal.write(Failed(number, str(error)))
        raise
    log.journal.write(Did(number))
    return True


def _about(order: Order) -> str:
    return f"{'create' if order.is_new else 'update'} the stack {order.name}"


class _DeclinedError(NotReadyError):
    """What a change set would do is not wanted; nothing of it is left."""


def _show(order: Order, proposal: Proposal, site: Site, terms: Terms) -> None:
    """Tell what would change.

    Raises:
        NotReadyError: It is not wanted.
    """
    lines = list(proposal.lines())
    for line in lines:
        site.tell(line)
    for line in (losses := list(proposal.losses())):
        site.tell(f"WARNING: {order.name}: {line}.")
    why = ""
    if losses and not terms.allow_replacement:
        why = f"{'; '.join(losses)}. Allow replacements if that is wanted."
    elif not terms.confirm([*lines, *losses]):
        why = "nobody confirmed it."
    if why:
        change_sets.withdraw(order, proposal.id, site)
        raise _DeclinedError(f"{order.name} was left as it is: {why}")


def begun(order: Order, proposal: Proposal, site: Site) -> Watch:
    """Execute a change set, and watch what happens.

    Raises:
        RefusedError: AWS refused it; nothing is left of the attempt.
        NotReadyError: Whether it has begun is not known.
    """
    seen = watch(proposal.stack, site)
    change_sets.execute(order, proposal, site)
    return seen


def finish(seen: Watch) -> None:
    """Wait for the end of what was begun.

    Raises:
        FailedError: CloudFormation gave up, and the stack is what it was before, as far as it goes.
        NotReadyError: There is no end yet.
        RefusedError: AWS does not tell.
    """
    status, _ = seen.end()
    if status not in DONE:
        raise FailedError(taken_back(status, seen))
    seen.site.tell(f"{seen.name}: {'created' if status == 'CREATE_COMPLETE' else 'updated'}")


def taken_back(status: str, seen: Watch) -> str:
    """Clear away what a change that failed has left; why it failed, and what is there now."""
    why = (seen.reason or "CloudFormation does not say why").rstrip(".")
    if status in GIVEN_UP:
        try:
            delete_stack(seen.stack, seen.site)
        except (FailedError, RefusedError, NotReadyError) as error:
            return f"{seen.name} could not be created: {why}. What is left of it stays: {error}"
        return f"{seen.name} could not be created: {why}. Nothing of it is left."
    if status == "UPDATE_ROLLBACK_COMPLETE":
        return f"{seen.name} could not be updated: {why}. It is what it was before."
    return (
        f"{seen.name} could not be changed: {why}. It is in {status}, and needs somebody to repair "
        "it in the console of CloudFormation."
    )


def delete_stack(stack: str, site: Site) -> Watch:
    """Delete a stack by its ARN and wait until it is gone; what happened.

    Raises:
        FailedError: CloudFormation does not delete it.
        RefusedError: AWS refused a call.
    """
    seen = watch(stack, site)
    site.call(op.DELETE_STACK, StackName=stack)
    status, reason = seen.end()
    if status != "DELETE_COMPLETE":
        raise FailedError(
            f"The stack {seen.name} was not deleted ({status}): "
            f"{seen.reason or reason or 'CloudFormation does not say why'}"
        )
    return seen
