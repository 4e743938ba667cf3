"""X.24 Notebooks and apps do not stand idle: what nobody uses is shut down."""

from dataclasses import replace

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, Waste, check, for_all
from mlaudit.capabilities.editors import PATIENCE, OpenEditor

NOTHING = "no notebook instance and no Studio app runs on a paid machine"


@check("X.24")
def no_idle_editors(editors: Evidence[OpenEditor]) -> Verdict:
    """A notebook that somebody forgot costs as much as one that is used, at night as well.

    Exercised when every notebook instance and Studio app that runs on a paid machine was used, or
    started, in the last two weeks; only configured where one runs for longer, its use is not told,
    and Studio is set up to shut it down when idle. One that nobody used for two weeks fails, and so
    does one that runs for longer on end with nothing to stop it: nobody works day and night. Only
    what is seen to be unused counts as paid for nothing. Does not apply where nothing runs.
    """
    found = for_all(editors, _is_used, one_miss_fails=True, nothing=NOTHING)
    unused = [each.cents_a_month for each in editors.items if _is_unused(each)]
    return replace(found, waste=Waste.of(unused)) if found.status is Status.FAIL else found


def _is_unused(editor: OpenEditor) -> bool:
    return editor.used_at is not None and editor.now - editor.used_at > PATIENCE


def _is_used(editor: OpenEditor) -> Observation:
    if _is_unused(editor):
        fact = f"runs and was not used for {editor.idle_days} days, {editor.cost}"
        return editor.observed(Grade.MISSED, fact)
    if editor.idle_days is not None:
        return editor.observed(Grade.EXERCISED, f"was used {_ago(editor.idle_days)}")
    if editor.now - editor.started_at <= PATIENCE:
        return editor.observed(Grade.EXERCISED, f"was started {_ago(editor.days)}")
    if editor.closes:
        fact = f"runs for {editor.days} days, and is to be shut down when idle"
        return editor.observed(Grade.CONFIGURED, fact)
    fact = f"runs for {editor.days} days on end with nothing to stop it, {editor.cost}"
    return editor.observed(Grade.MISSED, fact)


def _ago(days: int) -> str:
    return f"{days} days ago" if days else "within the last day"
