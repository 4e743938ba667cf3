"""4.4 AutoML option: AutoML can be used where it is sensible."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.workflows import AutoMLOption

NOTHING = "no AutoML run in the window and no pipeline with an AutoML step"


@check("4.4")
def automl_option(options: Evidence[AutoMLOption]) -> Verdict:
    """AutoML gives a fast baseline, and a model where there is no time for a better one.

    Exercised by an AutoML run that completed in the window, with SageMaker or with an AutoML
    library; only configured by one that is older, or by a pipeline step that never ran.
    """
    return exists(options, _completed, nothing=NOTHING)


def _completed(option: AutoMLOption) -> Observation:
    if option.completed:
        return Observation(option.arn, Grade.EXERCISED, option.what, option.at)
    failed = option.tried and option.what.endswith(("failed", "stopped"))
    grade = Grade.MISSED if failed else Grade.CONFIGURED
    return Observation(option.arn, grade, option.what, option.at)
