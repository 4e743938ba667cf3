"""2.2 Code version control: models and infrastructure come from commits."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.tracking import DeclaredWorkflow, SourceOfModel


@check("2.2")
def code_version_control(
    models: Evidence[SourceOfModel], workflows: Evidence[DeclaredWorkflow]
) -> Verdict:
    """Code that is nowhere but on one machine is lost with it, and nobody can review it.

    Exercised when every registered version that serves names a commit and its repository, and a
    CloudFormation stack made a pipeline or state machine of the workload; partial where the
    repository is not named. A version without a commit proves nothing, nor does a pipeline without
    a stack: its source is out of sight. That notebooks are in the repository is for a person to
    attest.
    """
    return decide(
        every_part,
        for_all(models, _names_its_source, nothing="no registered version serves"),
        exists(workflows, _is_declared, nothing="no pipeline or state machine"),
    )


def _names_its_source(source: SourceOfModel) -> Observation:
    version = source.version
    if not source.repository:
        return version.observed(Grade.CONFIGURED, "names a commit and no repository")
    fact = f"comes from commit {source.commit[:12]} of {source.repository}"
    return version.observed(Grade.EXERCISED, fact)


def _is_declared(flow: DeclaredWorkflow) -> Observation:
    fact = f"{flow.name} was made by stack {flow.stack}"
    return Observation(flow.arn, Grade.EXERCISED, fact)
