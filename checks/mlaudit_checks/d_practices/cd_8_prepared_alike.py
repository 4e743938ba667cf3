"""D.8 Training and inference prepare data alike: by one image."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.transforms import SharedPreparation


@check("D.8")
def prepared_alike(models: Evidence[SharedPreparation]) -> Verdict:
    """What is written twice differs sooner or later, and answers get worse without an error.

    Exercised when every model that serves gets its requests prepared by an image that prepares
    training data; partial where one of several does not. Does not apply where no model serves. Code
    inside a single container of one's own cannot be seen.
    """
    return for_all(models, _is_alike, nothing="no model serves")


def _is_alike(found: SharedPreparation) -> Observation:
    return Observation(found.arn, Grade.EXERCISED if found.shared else Grade.MISSED, found.words)
