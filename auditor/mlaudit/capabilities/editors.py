"""What people left running to write code in, and whether anybody uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.prices import in_words, notebook_cents_a_month
from mlaudit.resources import RunningEditor
from mlaudit.sight import View

PATIENCE = timedelta(days=14)
"""How long an editor may run on end, or rest unused."""


@dataclass(frozen=True, slots=True)
class OpenEditor:
    """A Studio app or a notebook instance that runs.

    Attributes:
        arn: It.
        words: It in words.
        started_at: When it was started.
        used_at: When it was last used; ``None`` where AWS does not tell.
        closes: Whether it is set up to be shut down when idle.
        cents_a_month: What it costs by list prices; ``None`` where no price is known.
        now: When it was seen.
    """

    arn: str
    words: str
    started_at: datetime
    used_at: datetime | None
    closes: bool
    cents_a_month: int | None
    now: datetime

    @property
    def days(self) -> int:
        """For how many days it runs."""
        return (self.now - self.started_at).days

    @property
    def idle_days(self) -> int | None:
        """For how many days nobody used it; ``None`` where AWS does not tell."""
        return None if self.used_at is None else (self.now - self.used_at).days

    @property
    def cost(self) -> str:
        """What it costs a month, in words."""
        return in_words(self.cents_a_month)

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.used_at)


@provider
def open_editors(view: View) -> Evidence[OpenEditor]:
    """Everything of the region that runs.

    What runs on end, and has a script that may stop it when nobody uses it, cannot be told idle.
    """
    items: list[OpenEditor] = []
    gaps = list(view.gaps(RunningEditor))
    for each in view.items(RunningEditor):
        if each.closes is None and not each.used_at and _is_old(view, each):
            operation = "sagemaker:DescribeNotebookInstanceLifecycleConfig"
            gaps.append(Gap.unread(operation, view.region.name, "UseNotTold", _arn(each)))
        else:
            items.append(_editor(view, each))
    return Evidence(tuple(items), tuple(gaps))


def _arn(editor: RunningEditor) -> str:
    return editor.arn.partition("#")[0]


def _is_old(view: View, editor: RunningEditor) -> bool:
    return view.window.end - editor.started_at > PATIENCE


def _editor(view: View, editor: RunningEditor) -> OpenEditor:
    machine = f" ({editor.instance_type})" if editor.instance_type else ""
    return OpenEditor(
        arn=_arn(editor),
        words=f"{editor.product} {editor.name}{machine}",
        started_at=editor.started_at,
        used_at=editor.used_at,
        closes=bool(editor.closes),
        cents_a_month=notebook_cents_a_month(editor.instance_type),
        now=view.window.end,
    )
