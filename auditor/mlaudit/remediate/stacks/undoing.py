"""Take deployments back, and find out what became of those that were interrupted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mlaudit.remediate.change import Document, FailedError, RefusedError, State
from mlaudit.remediate.entries import Did, Failed, Intent
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks import uploads
from mlaudit.remediate.stacks.change_sets import (
    Order,
    is_proposed,
    name_of,
    proposed,
    withdraw,
    withdraw_leftover,
)
from mlaudit.remediate.stacks.deployment import (
    DONE,
    GIVEN_UP,
    KIND,
    begun,
    finish,
    taken_back,
)
from mlaudit.remediate.stacks.found import EXPORT, OWNER, Found, find_stack
from mlaudit.remediate.stacks.progress import Watch, watch
from mlaudit.remediate.stacks.removal import (
    held,
    importers,
    kept_by,
    remove,
    remove_kept,
)
from mlaudit.remediate.stacks.site import NotReadyError, Site
from mlaudit.remediate.stacks.template import HIDDEN, read_template
from mlaudit.remediate.stacks.uploads import INLINE, File, place_of, template_key, upload

KINDS = (KIND, uploads.KIND)
"""The kinds of intents that are taken back here."""

_ID = "StackId"
"""The member of the state of a stack that is being deleted which names it for good."""

_NOT_BEGUN = "it was not begun"


class Fate(StrEnum):
    """What became of something that was to be taken back."""

    UNDONE = "undone"
    WAS_SO = "was_so"
    """It is as it was before already."""
    CHANGED = "changed"
    """Somebody else has changed it since, so it was left alone."""
    KEPT = "kept"
    """Taking it back would lose what nobody gave up."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of it, and why.

    Attributes:
        fate: What became of it.
        why: Why it was left alone or kept, in words; empty otherwise.
    """

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Errand:
    """One intent that is to be taken back.

    Attributes:
        intent: The intent.
        site: Where.
        journal: The journal it is in.
        delete_data: Whether data may go.
    """

    intent: Intent
    site: Site
    journal: Journal
    delete_data: bool

    @property
    def came_about(self) -> bool:
        """Whether what was intended was done."""
        return isinstance(self.journal.outcome(self.intent.number), Did)

    def does(self, before: State, act: Callable[[], None]) -> Undone:
        """Write down what will be done, do it, and write down that it was."""
        back = replace(
            self.intent,
            about=f"undo: {self.intent.about}",
            before=before,
            after=self.intent.before,
            undoes=self.intent.number,
        )
        number = self.journal.intends(back)
        try:
            act()
        except (FailedError, RefusedError) as error:
            self.journal.write(Failed(number, str(error)))
            raise
        self.journal.write(Did(number))
        return Undone(Fate.UNDONE)


def undone(intent: Intent, site: Site, journal: Journal, *, delete_data: bool = False) -> Undone:
    """Take back one intent of a deployment; the newest has to come first.

    Args:
        intent: An intent of the journal, of one of ``KINDS``.
        site: Where.
        journal: The journal it is in.
        delete_data: Whether resources go that hold data, and what they hold.

    Raises:
        NotReadyError: It cannot be taken back as things are; it was not touched.
        FailedError: AWS gave up; it can be tried again.
        RefusedError: AWS refused a call.
    """
    if journal.outcome(intent.number) is None:
        settled(intent, site, journal)
    errand = _Errand(intent, site, journal, delete_data)
    if intent.kind == uploads.KIND:
        return _without_object(errand)
    return _back(errand) if intent.before is not None else _without_stack(errand)


def settled(intent: Intent, site: Site, journal: Journal) -> None:
    """Complete the journal where an intent has no outcome: wait for its end, and tell it.

    Raises:
        NotReadyError: There is no end yet.
        RefusedError: AWS does not tell.
    """
    find = _object_failure if intent.kind == uploads.KIND else _stack_failure
    why = find(intent, site)
    journal.write(Failed(intent.number, why) if why else Did(intent.number))


def _object_failure(intent: Intent, site: Site) -> str:
    now = uploads.object_state(intent.key, site)
    return "" if uploads.has(now, intent.after) else _NOT_BEGUN


def _stack_failure(intent: Intent, site: Site) -> str:
    """Why a stack has not become what was intended, once CloudFormation is done; empty if it has.

    What a failure has left is cleared away, and what was never begun is withdrawn.
    """
    name = (intent.before or {}).get(_ID) or intent.key["StackName"]
    found = find_stack(name, site)
    if found is None:
        return "" if intent.after is None else _NOT_BEGUN
    seen = watch(found.id, site.quiet, anew=False)
    status, _ = seen.end()
    if intent.after is None:
        return _removal_failure(status, seen)
    if status == "REVIEW_IN_PROGRESS":
        if is_proposed(intent.after, found.id, site):
            site.call(op.DELETE_STACK, StackName=found.id)
        return _NOT_BEGUN
    if status in GIVEN_UP and _is_for(found, intent.after):
        return taken_back(status, seen)
    return _change_failure(intent.after, seen)


def _removal_failure(status: str, seen: Watch) -> str:
    if status != "DELETE_COMPLETE":
        return seen.reason or f"it is in {status}"
    return "its template keeps some of it" if seen.kept else ""


def _change_failure(after: Document, seen: Watch) -> str:
    found = find_stack(seen.stack, seen.site)
    if found is None:
        return "it was deleted"
    if found.status not in DONE:
        return seen.reason or f"it is in {found.status}"
    if found.is_as(after):
        return ""
    withdraw_leftover(found.id, name_of(after), seen.site)
    return _NOT_BEGUN


def _without_object(errand: _Errand) -> Undone:
    intent, site = errand.intent, errand.site
    now = uploads.object_state(intent.key, site)
    if uploads.has(now, intent.before) or not errand.came_about:
        return Undone(Fate.WAS_SO)
    name = f"s3://{intent.key['Bucket']}/{intent.key['Key']}"
    if not uploads.has(now, intent.after):
        return Undone(Fate.CHANGED, f"{name} was written by somebody else since.")
    if reader := _left_after(errand):
        return Undone(Fate.KEPT, f"{name} was kept for the stack {reader}, which is still there.")
    result = errand.does(now, lambda: uploads.take_away(intent.key, intent.before, site))
    site.tell(f"{name}: deleted")
    return result


def _left_after(errand: _Errand) -> str:
    """A stack that the run made after a file, may read it, and is still there; empty for none."""
    later = [
        each
        for each in errand.journal.intents
        if each.number > errand.intent.number
        and each.kind == KIND
        and each.before is None
        and each.undoes is None
    ]
    for each in later:
        found = find_stack(each.key["StackName"], errand.site)
        if found and found.is_made and each.after and _is_for(found, each.after):
            return found.name
    return ""


def _without_stack(errand: _Errand) -> Undone:
    """Delete a stack that was created, if it still is what was created."""
    intent, site = errand.intent, errand.site
    found = find_stack(intent.key["StackName"], site)
    if found is None or found.status == "REVIEW_IN_PROGRESS":
        return _without_rest(errand)
    if found.is_busy and found.id in _deleted_before(errand):
        watch(found.id, site, anew=False).end()
        return _without_stack(errand)
    if found.is_busy:
        raise NotReadyError(f"The stack {found.name} is in {found.status}. Try again later.")
    if not _is_ours(found, intent, came_about=errand.came_about):
        return Undone(
            Fate.CHANGED,
            f"The stack {found.name} was changed by somebody else since. It was left alone.",
        )
    if why := _why_kept(found, errand):
        return Undone(Fate.KEPT, why)
    before = {**found.document, _ID: found.id}
    return errand.does(before, lambda: remove(found, site, delete_data=errand.delete_data))


def _is_ours(found: Found, intent: Intent, *, came_about: bool) -> bool:
    """Whether a stack is what was made of it, or what a failure has left of that."""
    if intent.after is None:
        return False
    if found.status in GIVEN_UP:
        return _is_for(found, intent.after)
    # What did not come about and is there all the same was made by somebody else.
    return came_about and found.is_of(intent.after)


def _is_for(found: Found, wanted: Document) -> bool:
    """Whether a stack is of the workload that a state for journals names."""
    return bool(found.tags.get(OWNER) == wanted["Tags"].get(OWNER))


def _why_kept(found: Found, errand: _Errand) -> str:
    users = importers(found, errand.site)
    if users:
        return (
            f"The stack {found.name} was kept: {', '.join(users)} import"
            f"{'' if len(users) > 1 else 's'} what it exports. Delete that first."
        )
    full = () if errand.delete_data else held(found, errand.site)
    if full:
        return (
            f"The stack {found.name} was kept, since it holds data: {'; '.join(full)}. "
            "Undo with --delete-data to let it go with that."
        )
    return ""


def _without_rest(errand: _Errand) -> Undone:
    """Delete what an earlier attempt has left of a stack that it deleted."""
    site, tries = errand.site, _deleted_before(errand)
    left = kept_by(tries[-1], site) if tries else ()
    if not left:
        return Undone(Fate.WAS_SO)
    return errand.does(
        {_ID: tries[-1]}, lambda: remove_kept(left, site, delete_data=errand.delete_data)
    )


def _deleted_before(errand: _Errand) -> Sequence[str]:
    """The ARNs of what earlier attempts set out to delete, if none came to its end."""
    tries = [each for each in errand.journal.intents if each.undoes == errand.intent.number]
    if any(isinstance(errand.journal.outcome(each.number), Did) for each in tries):
        return ()
    return [each.before[_ID] for each in tries if each.before and _ID in each.before]


def _back(errand: _Errand) -> Undone:
    """Give a stack that was updated its template and parameters back."""
    intent, site = errand.intent, errand.site
    before, after = intent.before or {}, intent.after or {}
    found = find_stack(intent.key["StackName"], site)
    if found is None:
        return Undone(Fate.CHANGED, f"The stack {intent.key['StackName']} is gone.")
    if found.is_busy:
        raise NotReadyError(f"The stack {found.name} is in {found.status}. Try again later.")
    if found.is_as(before):
        return Undone(Fate.WAS_SO)
    if not (errand.came_about and found.is_settled and found.is_as(after)):
        return Undone(Fate.CHANGED, f"The stack {found.name} was changed by somebody else since.")
    return _restored(found, before, errand)


def _restored(found: Found, before: Document, errand: _Errand) -> Undone:
    site, known = errand.site, len(errand.journal.intents)
    order = _order_back(found, before, errand)
    proposal = proposed(order, site)
    for each in errand.journal.intents[known:]:
        _without_object(replace(errand, intent=each))
    if proposal is None:
        return Undone(Fate.WAS_SO)
    for line in proposal.lines():
        site.tell(line)
    if (losses := list(proposal.losses())) and not errand.delete_data:
        withdraw(order, proposal.id, site)
        return Undone(Fate.KEPT, f"The stack {found.name} was kept: {'; '.join(losses)}.")

    def act() -> None:
        seen = begun(order, proposal, site)
        finish(seen)
        remove_kept(seen.kept, site, delete_data=errand.delete_data)

    return errand.does(found.document, act)


def _order_back(found: Found, before: Document, errand: _Errand) -> Order:
    """The order that makes a stack again what it was.

    What must not be seen is not in journals: it stays as it is. A template that is too long for a
    request is uploaded again, if it does not lie in the bucket any more.
    """
    template = read_template(before["TemplateBody"])
    content = template.text.encode()
    export = (errand.intent.after or {}).get(EXPORT) if len(content) > INLINE else None
    if export is not None:
        file = File(export, template_key(template.text), content)
        upload(file, errand.site, errand.journal, errand.intent.step)
    elif len(content) > INLINE:
        raise NotReadyError(
            f"The template that {found.name} had is too long for a request, and no bucket is known "
            "for it. Give it back by hand: it is in the journal."
        )
    return Order(
        name=found.name,
        template=template,
        place=place_of(template.text, export, errand.site),
        given={key: each for key, each in before["Parameters"].items() if each != HIDDEN},
        tags=before["Tags"],
        capabilities=tuple(before["Capabilities"]),
        found=found,
        export=export,
    )
