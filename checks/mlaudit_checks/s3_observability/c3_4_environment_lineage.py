"""3.4 Lineage, environment information: the images of training and serving can be had again."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.environment import Environment


@check("3.4")
def environment_lineage(models: Evidence[Environment]) -> Verdict:
    """A model that can be trained again only somewhere else is another model.

    Exercised when every image that a model was trained in and serves in is known by its digest, or
    by a tag that cannot be moved, and is still in its repository; partial where a tag alone is
    known that may stand for another image by now, as with AWS's own images, which are patched under
    their tags, or where nothing tells what trained a model. Fails where the images of all models
    are gone. Images of other accounts and registries cannot be seen, and neither can what code
    installs when it starts: attest its lock file.
    """
    return for_all(models, _can_be_had_again, nothing="no model serves")


def _can_be_had_again(model: Environment) -> Observation:
    if model.gone:
        fact = f"has an image that is gone from its repository: {', '.join(model.gone)}"
        return model.observed(Grade.MISSED, fact)
    if not model.images:
        return model.observed(Grade.MISSED, "has no image on record")
    if model.loose:
        fact = f"has images known by a tag that can be moved: {', '.join(model.loose)}"
        return model.observed(Grade.CONFIGURED, fact)
    if model.trained and not model.whole:
        return model.observed(Grade.CONFIGURED, "has no record of what it was trained in")
    return model.observed(Grade.EXERCISED, f"has its images on record: {', '.join(model.images)}")
