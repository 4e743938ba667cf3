"""6.5 System captures, input schemas: what the data looked like is kept, and used."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.captures import CapturedSchema


@check("6.5")
def input_schemas(models: Evidence[CapturedSchema]) -> Verdict:
    """Only a schema that was kept tells what a live request must look like.

    Exercised when, for every model that serves, statistics and constraints of its data are
    registered with its version, or were calculated by a check step of the run that registered it,
    and a monitor or a job of the window read them; only configured where nothing read them, or
    where live data is watched by something that is not registered with the version. Does not apply
    where no model serves. A schema in a tracker, and what a function reads, cannot be seen.
    """
    return for_all(models, _is_used, nothing="no model serves")


def _is_used(schema: CapturedSchema) -> Observation:
    if schema.used_by:
        fact = f"has the schema of its data on record, and {schema.used_by} read it"
        return schema.observed(Grade.EXERCISED, fact)
    if schema.stored:
        fact = "has the schema of its data on record, and nothing of the window read it"
        return schema.observed(Grade.CONFIGURED, fact)
    if schema.watched_by:
        fact = f"has no schema on record with its version, though {schema.watched_by} watches data"
        return schema.observed(Grade.CONFIGURED, fact)
    return schema.observed(Grade.MISSED, "has no schema of its data on record")
