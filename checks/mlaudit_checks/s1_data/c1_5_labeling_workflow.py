"""1.5 Labeling workflow: labels are made by a job that crosses one answer with another."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.labels import Labeling


@check("1.5")
def labeling_workflow(jobs: Evidence[Labeling]) -> Verdict:
    """A model is never better than the labels it learned from.

    Exercised by a labelling job that completed in the window and in which several people label each
    object, a model labels along, or another job reviews the labels; only configured where each
    label is one person's word, or the job did not complete. Fails where jobs label nothing. Labels
    from business, from a tool outside of AWS or from before the window cannot be seen: attest how
    they are checked, or declare that none are made.
    """
    nothing = "no labels are made"
    return exists(jobs, _is_crossed, when_none=Status.NOT_APPLICABLE, nothing=nothing)


def _is_crossed(job: Labeling) -> Observation:
    words = f"labelling job {job.name}"
    if not job.completed:
        return Observation(job.arn, Grade.CONFIGURED, f"{words} is {job.status}", job.at)
    if not job.labeled:
        return Observation(job.arn, Grade.MISSED, f"{words} labelled nothing", job.at)
    if job.crossed_by is None:
        fact = f"{words} takes each label from one person, and nothing reviews it"
        return Observation(job.arn, Grade.CONFIGURED, fact, job.at)
    fact = f"{words} labelled {job.labeled} objects, crossed by {job.crossed_by}"
    return Observation(job.arn, Grade.EXERCISED, fact, job.at)
