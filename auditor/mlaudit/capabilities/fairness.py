"""How the predictions of a served model are explained, and its bias is measured."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import ModelPackage, ProcessingJob
from mlaudit.sight import View

ANALYSES = "sagemaker-clarify-processing"


@dataclass(frozen=True, slots=True)
class FairnessReports:
    """The reports that are registered with the version a model serves.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        explained: Whether a report explains its predictions.
        data_bias: Whether the bias of its training data is reported.
        bias: Whether the bias of its predictions is reported.
        explained_before: Whether another version of its group was explained.
        bias_before: Whether the bias of another version was reported.
        analysed_by: Jobs of the window that analysed models or data of the workload, by name.
    """

    arn: str
    words: str
    explained: bool
    data_bias: bool
    bias: bool
    explained_before: bool
    bias_before: bool
    analysed_by: tuple[str, ...]

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}")


@provider
def fairness_reports(view: View) -> Evidence[FairnessReports]:
    """Every model that serves; what a job found and nobody registered is not told by kind."""
    seen = view.once(served_versions)
    jobs = tuple(
        job.name
        for job in view.items(ProcessingJob)
        if ANALYSES in (job.image or "")
        and job.status == "Completed"
        and view.window.covers(job.ended_at)
    )
    visible = view.sees(ProcessingJob)
    items = []
    for version in seen.items if visible else ():
        package = version.package
        others = _others(view, package)
        items.append(
            FairnessReports(
                arn=version.arn,
                words=version.words,
                explained=bool(package and package.explainability_uri),
                data_bias=bool(package and package.data_bias_uri),
                bias=bool(package and package.bias_uri),
                explained_before=any(each.explainability_uri for each in others),
                bias_before=any(each.bias_uri or each.data_bias_uri for each in others),
                analysed_by=jobs,
            )
        )
    gaps = dict.fromkeys((*seen.gaps, *view.gaps(ProcessingJob)))
    return Evidence(tuple(items), tuple(gaps))


def _others(view: View, package: ModelPackage | None) -> tuple[ModelPackage, ...]:
    if package is None or package.group_name is None:
        return ()
    group = view.region.by(ModelPackage, "group_name").get(package.group_name, ())
    return tuple(each for each in group if each.arn != package.arn)
