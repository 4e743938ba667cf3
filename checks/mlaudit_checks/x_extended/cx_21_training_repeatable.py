"""X.21 Training can be repeated: the same inputs can be had again, and give the same model."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.drill import Repeatability


@check("X.21")
def training_repeatable(models: Evidence[Repeatability]) -> Verdict:
    """Who cannot train a model again cannot tell whether a change made the difference.

    Exercised when, for every model that serves, the data keeps its versions, the images can be had
    again, the commit is on record and a hyperparameter names the seed; only configured where some
    of that is. One of which nothing is fixed misses. Does not apply to models that AWS provides. A
    seed that stands in the code cannot be seen here.
    """
    return for_all(models, _can_be_repeated, nothing="no model that was trained serves")


def _can_be_repeated(model: Repeatability) -> Observation:
    if not model.loose:
        return model.observed(Grade.EXERCISED, "has its data, image, commit and seed on record")
    grade = Grade.CONFIGURED if model.fixed else Grade.MISSED
    return model.observed(grade, f"lacks a fixed {', '.join(model.loose)}")
