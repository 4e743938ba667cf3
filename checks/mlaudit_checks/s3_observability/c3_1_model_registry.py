"""3.1 Versioned model registry: what serves is a registered version that tells its own story."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.registered import RegisteredVersion
from mlaudit.capabilities.registry import RECORDS


@check("3.1")
def model_registry(versions: Evidence[RegisteredVersion]) -> Verdict:
    """A model that nobody can name by version can neither be compared nor brought back.

    Exercised when every model that serves is a version of a group in the registry, and the data it
    learned from, its image, its evaluation and its commit are on record; partial where one of them
    is missing. Fails where nothing that serves is registered, and all of it was made straight from
    the output of a training job or is provided by AWS. Any other model may come from a registry
    that AWS does not show, such as one of MLflow or of another account: attest it.
    """
    return for_all(versions, _tells_its_story, nothing="no model serves")


def _tells_its_story(found: RegisteredVersion) -> Observation:
    version = found.version
    package = version.package
    if package is None:
        return version.observed(Grade.MISSED, "is no version of a registry")
    if package.version is None:
        return version.observed(Grade.CONFIGURED, f"is registered as {version.name}, in no group")
    missing = [each for each in RECORDS if each not in version.records]
    if missing:
        fact = f"is version {version.name}, with nothing on record of its {', '.join(missing)}"
        return version.observed(Grade.CONFIGURED, fact)
    return version.observed(Grade.EXERCISED, f"is version {version.name}, with all on record")
