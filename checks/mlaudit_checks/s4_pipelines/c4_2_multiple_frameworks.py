"""4.2 Support for multiple frameworks: the system does not depend on one of them."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.frameworks import FrameworkRange

SEVERAL = 2


@check("4.2")
def multiple_frameworks(ranges: Evidence[FrameworkRange]) -> Verdict:
    """A team must be able to change framework without rebuilding its system.

    Exercised by two frameworks, or two major versions, each trained by a pipeline run of the window
    and serving; only configured where they are trained by hand or not all served, or where one
    framework runs in an image of one's own. Does not apply where nothing is trained or served.
    """
    return exists(
        ranges,
        _has_several,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing is trained or served here",
    )


def _has_several(found: FrameworkRange) -> Observation:
    routine = set(found.trained_in_pipeline) & set(found.served)
    if len(routine) >= SEVERAL:
        fact = f"pipelines train and endpoints or batches serve {', '.join(sorted(routine))}"
        return Observation(found.arn, Grade.EXERCISED, fact)
    every = sorted({*found.trained, *found.served})
    if len(every) >= SEVERAL:
        fact = f"{', '.join(every)} in use, not each of them trained by a pipeline and served"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    if found.custom:
        fact = f"{', '.join(every) or 'no known framework'}, and images of one's own: "
        fact += ", ".join(found.custom)
        return Observation(found.arn, Grade.CONFIGURED, fact)
    return Observation(found.arn, Grade.MISSED, f"{', '.join(every)} is the only framework")
