"""The plan of a remediation: what will be done, what it costs, what waits, and what people must do.

A plan is a value and a file. What is applied is what the file says, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mlaudit.remediate.bill import Bill, total
from mlaudit.remediate.change import Change, Pinned
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.goal import Goal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes to a bucket of the stack it is uploaded after.

    Attributes:
        bucket_from_export: The CloudFormation export that names the bucket.
        key: Its key there.
        file: Its name in the plan's files.
    """

    bucket_from_export: str
    key: str
    file: str


@dataclass(frozen=True, slots=True)
class StackChange:
    """A CloudFormation stack that is to be as a template says.

    Attributes:
        name: The stack's name.
        about: What it holds.
        region: Where.
        template: The name of its template in the plan's files.
        from_export: The export that names the bucket the template is read from, where it is too
            long for a request; ``None`` else.
        parameters: Its parameters.
        capabilities: What CloudFormation wants to be told, such as ``CAPABILITY_IAM``.
        tags: The tags of the stack and of all that it makes.
        uploads: What is uploaded after it.
        before: The SHA-256 sum of the template and the parameters it has now; ``None`` for a new
            one; empty until it was looked at.
    """

    name: str
    about: str
    region: str
    template: str
    from_export: str | None
    parameters: Mapping[str, str]
    capabilities: tuple[str, ...]
    tags: Mapping[str, str]
    uploads: tuple[Upload, ...] = ()
    before: str | None = ""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file for the repository.

    Attributes:
        path: Its path below the folder, with ``/``.
        file: Its name in the plan's files.
        about: What it is for.
    """

    path: str
    file: str
    about: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A change that is not made, because something else manages the resource.

    Attributes:
        change: What would be changed.
        managed_by: The stack or the tool that would change it back.
    """

    change: Change
    managed_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """One fix for one workload, as it is planned.

    Attributes:
        id: Its number in the plan, such as ``03``.
        fix: The id of the fix.
        kind: What it works on.
        title: What is done.
        workload: For which workload; ``*`` for all of the account.
        items: The items it completes, or brings nearer to it, that are wanted and not complete.
        disposition: How much care it asks for.
        risk: What can go wrong.
        back: How one goes back.
        not_proven: What it does not prove.
        exercise: What has to happen for the items to pass.
        effort: Minutes of a person's time.
        bill: What it adds to the bill.
        changes: The settings it changes.
        pinned: The same with what is there now; empty until it was looked at.
        stack: The stack it deploys.
        files: The files it writes.
        waits: What it waits for, in words; such a step is not applied. Empty for one that can be.
        after: The ids of fixes of the same workload that it builds on.
        left_alone: Changes that are not made since something else manages what they would change.
    """

    id: str
    fix: str
    kind: Kind
    title: str
    workload: str
    items: tuple[str, ...]
    disposition: Disposition
    risk: str
    back: str
    not_proven: str
    exercise: str
    effort: int
    bill: Bill
    changes: tuple[Change, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    stack: StackChange | None = None
    files: tuple[FileChange, ...] = ()
    waits: str = ""
    after: tuple[str, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()


@dataclass(frozen=True, slots=True)
class ForAPerson:
    """An item that no tool can complete.

    Attributes:
        item: Its id.
        workload: The workload; ``*`` for the platform.
        why: Why no fix reaches it.
        what: What to do.
        attest: Whether a person's word can complete it once it is done.
    """

    item: str
    workload: str
    why: str
    what: str
    attest: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """What an item will be.

    Attributes:
        item: Its id.
        workload: The workload.
        now: Its status today.
        applied: Its status once the plan is applied, as the rehearsal found; ``None`` without one.
        used: Whether it passes once what was applied has been used as the plan says.
    """

    item: str
    workload: str
    now: str
    applied: str | None
    used: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        schema_version: The version of this form.
        tool_version: The mlaudit that planned.
        account: The account.
        regions: The regions it is about.
        scanned_at: When the audit was read that it rests on (UTC).
        goal: What it is for.
        workloads: The workloads it is for.
        steps: What is done, in this order.
        people: What only people can do.
        promises: What it promises of each item that is wanted.
        worsens: The items that the rehearsal foresees to get worse, at least until they are used.
        files: The texts and archives that steps name, by their names.
    """

    schema_version: int
    tool_version: str
    account: str
    regions: tuple[str, ...]
    scanned_at: datetime
    goal: Goal
    workloads: tuple[str, ...]
    steps: tuple[Step, ...]
    people: tuple[ForAPerson, ...]
    promises: tuple[Promise, ...]
    files: Mapping[str, bytes]
    worsens: tuple[Promise, ...] = ()

    @property
    def ready(self) -> tuple[Step, ...]:
        """The steps that wait for nothing."""
        return tuple(each for each in self.steps if not each.waits)

    @property
    def bill(self) -> Bill:
        """What the steps that are ready add to the bill."""
        return total(each.bill for each in self.ready)
