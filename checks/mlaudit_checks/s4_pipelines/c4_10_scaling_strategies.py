"""4.10 Horizontal and vertical scaling strategies: in number and in size, to train and to serve."""

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
    for_all,
)
from mlaudit.capabilities.serving import Scaling, VerticalPath
from mlaudit.capabilities.training import TrainingShapes

SEVERAL = 2


@check("4.10")
def scaling_strategies(
    scalings: Evidence[Scaling],
    sizes: Evidence[VerticalPath],
    shapes: Evidence[TrainingShapes],
) -> Verdict:
    """Load changes in amount and models change in size; both must fit without a rebuild.

    Exercised when every serving variant scales in number, another size was measured or is in use,
    and training of the window ran with more than one type or number of machines; partial where one
    of the three is missing. Serverless counts in number and in size. A workload that serves nothing
    is judged by its training, and one that trains nothing by its serving.
    """
    return decide(
        _joined,
        for_all(scalings, _scales_out, nothing="nothing serves on an endpoint"),
        exists(sizes, _scales_up, nothing="no other size of machine measured or in use"),
        exists(
            shapes,
            _varies,
            when_none=Status.NOT_APPLICABLE,
            nothing="nothing trained in the window",
        ),
    )


def _joined(parts: tuple[Status, ...]) -> Status:
    horizontal, vertical, training = parts
    if horizontal is Status.NOT_APPLICABLE:
        return training
    return every_part((horizontal, vertical, training))


def _scales_out(scaling: Scaling) -> Observation:
    if scaling.by is None:
        return scaling.placement.observed(Grade.MISSED, "fixed capacity")
    return scaling.placement.observed(Grade.EXERCISED, scaling.by)


def _scales_up(path: VerticalPath) -> Observation:
    return Observation(
        path.arn, Grade.EXERCISED if path.used else Grade.CONFIGURED, path.fact, path.at
    )


def _varies(found: TrainingShapes) -> Observation:
    if len(found.shapes) >= SEVERAL:
        fact = f"trained on {'; '.join(found.shapes)}"
        return Observation(found.arn, Grade.EXERCISED, fact, found.at)
    if found.parameters:
        fact = f"training takes parameters: {', '.join(found.parameters)}"
        return Observation(found.arn, Grade.CONFIGURED, fact, found.at)
    fact = f"trained on {'; '.join(found.shapes) or 'nothing in the window'} only"
    return Observation(found.arn, Grade.MISSED, fact, found.at)
