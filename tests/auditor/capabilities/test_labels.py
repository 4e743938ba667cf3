"""How labels come about, and what crosses one answer with another."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.labels import labelings
from mlaudit.resources import LabelingJob, TrainingJob
from mlaudit.testing import OLD, build, gap, view_of

OUT = "s3://lake/labels"


def labeling(name: str = "faces", **values: Any) -> LabelingJob:
    usual = {"status": "Completed", "workers": 1, "labeled": 9, "output": OUT, **values}
    return build(LabelingJob, name, **usual)


REVIEW = labeling("review", manifest=f"{OUT}/faces/manifests/output/output.manifest")


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ((labeling(workers=3),), (True, "3 people for each object")),
        ((labeling(learns=True),), (True, "a model that learns along")),
        ((labeling(),), (True, None)),
        ((labeling(), REVIEW), (True, "labelling job review, which reviews them")),
        ((labeling(), labeling("other", manifest=f"{OUT}/faces-2/x")), (True, None)),
        ((labeling(status="Failed"),), (False, None)),
        ((labeling(changed_at=OLD),), (False, None)),
    ],
)
def test_answers_are_crossed_or_not(
    jobs: tuple[LabelingJob, ...], expected: tuple[bool, str | None]
) -> None:
    evidence = labelings(view_of(*jobs))
    first = evidence.items[0]
    assert (first.completed, first.crossed_by) == expected
    assert evidence.gaps == ()


def test_a_function_of_ones_own_may_check_single_answers() -> None:
    evidence = labelings(view_of(labeling(consolidates=True)))
    assert evidence.items == ()
    assert [each.code for each in evidence.gaps] == ["CodeNotRead"]
    assert labelings(view_of(labeling(consolidates=True, workers=2))).gaps == ()


@pytest.mark.parametrize(
    ("uri", "count"),
    [(f"{OUT}/faces/manifests/output/output.manifest", 1), (OUT, 1), ("s3://lake/raw", 0)],
)
def test_a_job_counts_whose_labels_training_reads(uri: str, count: int) -> None:
    job = build(TrainingJob, "fit", inputs=(uri,))
    evidence = labelings(view_of(job, others=[labeling()]))
    assert len(evidence.items) == count
    codes = [] if count else ["LabelsFromElsewhere"]
    assert [each.code for each in evidence.gaps] == codes


@pytest.mark.parametrize(
    "missing",
    [gap("sagemaker:ListLabelingJobs"), gap("sagemaker:ListTrainingJobs")],
    ids=lambda each: each.operation,
)
def test_what_hides_a_job_is_a_gap(missing: Any) -> None:
    assert labelings(view_of(labeling(), gaps=[missing])).gaps == (missing,)
