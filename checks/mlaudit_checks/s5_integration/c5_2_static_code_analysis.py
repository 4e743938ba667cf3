"""5.2 Static code analysis: style, security and infrastructure, on every commit."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    exists,
)
from mlaudit.capabilities.repositories import Aspect, CodeAnalysis


@check("5.2")
def static_code_analysis(analyses: Evidence[CodeAnalysis]) -> Verdict:
    """An analyser finds in seconds what a reviewer overlooks.

    Exercised when CI runs an analyser of style or common bugs, one of security and, where a
    repository holds infrastructure code, one of that for every commit or change request; partial
    where one is missing, or configured and not started by commits. Read from the checkouts that are
    named in the scan: without one, and where the trigger of CI is not in the repository, what is
    not there cannot be told from what is not seen.
    """
    return decide(
        every_part,
        exists(_of(analyses, Aspect.STYLE), _runs, nothing="no analyser of style"),
        exists(_of(analyses, Aspect.SECURITY), _runs, nothing="no analyser of security"),
        exists(
            _of(analyses, Aspect.INFRASTRUCTURE),
            _runs,
            when_none=Status.NOT_APPLICABLE,
            nothing="no infrastructure code",
        ),
    )


def _of(analyses: Evidence[CodeAnalysis], aspect: Aspect) -> Evidence[CodeAnalysis]:
    return Evidence(tuple(each for each in analyses.items if each.aspect is aspect), analyses.gaps)


def _runs(found: CodeAnalysis) -> Observation:
    if not found.present:
        fact = f"{found.practice.words} is not analysed"
        return Observation(found.practice.arn, Grade.MISSED, fact)
    return found.practice.observed()
