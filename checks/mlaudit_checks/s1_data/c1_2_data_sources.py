"""1.2 Diverse data source integration: what data there is can be looked up."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.sources import DataSource


@check("1.2")
def data_sources(sources: Evidence[DataSource]) -> Verdict:
    """Data that nobody knows of is bought twice, or used for what it does not say.

    Exercised when every source that jobs of the window read has an entry with a description in the
    Glue data catalogue or the feature store; partial where an entry has no description, or only
    some of the sources have one. Fails where none is listed. Does not apply where jobs read nothing
    from outside. A catalogue outside of AWS and how the sources relate cannot be seen: attest them.
    What a workload with a single source needs no list for is for a person to declare.
    """
    return for_all(sources, _is_listed, nothing="no job of the window reads data from outside")


def _is_listed(source: DataSource) -> Observation:
    if source.entry is None:
        return Observation(source.arn, Grade.MISSED, f"no catalogue lists {source.place}")
    if not source.described:
        fact = f"{source.entry} lists {source.place} without a description"
        return Observation(source.arn, Grade.CONFIGURED, fact)
    return Observation(source.arn, Grade.EXERCISED, f"{source.entry} describes {source.place}")
