"""CloudWatch metrics: what is kept back is a gap, and not silence."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import scaling
from mlaudit.collect.collector import Collector
from mlaudit.model import GapReason
from mlaudit.resources import (
    Endpoint,
    Fleet,
    InferenceComponent,
    TrainingJob,
)
from mlaudit.testing import build

REGION = "eu-west-1"
HERE = "eu-west-1:111122223333"
THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)

ENDPOINT = Endpoint(
    arn=f"arn:aws:sagemaker:{HERE}:endpoint/fraud",
    region=REGION,
    name="fraud",
    tags={},
    status="InService",
    config_name="fraud-2",
    variant_names=("main",),
    created_at=THEN,
    modified_at=THEN,
)
JOB = TrainingJob(
    arn=f"arn:aws:sagemaker:{HERE}:training-job/new-job",
    region=REGION,
    name="new-job",
    tags={},
    status="Completed",
    image=None,
    algorithm=None,
    fleets=(Fleet("ml.g5.12xlarge", 2),),
    hyperparameters={},
    inputs=(),
    artifact=None,
    tuning_job_arn=None,
    auto_ml_job_arn=None,
    spot=False,
    checkpoint_uri=None,
    other_data=True,
    shards=False,
    isolated=False,
    in_network=False,
    role=None,
    encrypts_volumes=False,
    encrypts_results=False,
    encrypts_traffic=False,
    debugger=False,
    experiment=None,
    mlflow_arn=None,
    metrics=(),
    created_at=THEN,
    ended_at=THEN,
)


def _subjects(reader: Any) -> list[tuple[str, str | None]]:
    return [(gap.operation.partition(":")[2], gap.subject) for gap in reader.ledger.gaps]


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


def _metric(status: str | None, *values: float, number: int = 0) -> dict[str, Any]:
    result = {"Id": f"m{number}", "Timestamps": [THEN] * len(values), "Values": list(values)}
    return result | ({"StatusCode": status} if status else {})


@pytest.mark.parametrize(
    ("results", "requests", "gap"),
    [
        ([_metric("Complete", 1, 2)], 3.0, None),
        ([_metric("Complete")], 0.0, None),
        ([_metric(None, 4)], 4.0, None),
        ([_metric("PartialData", 1), _metric("Complete", 2)], 3.0, None),
        ([_metric("PartialData", 1)], None, ("MetricPartialData", GapReason.FAILED)),
        ([_metric("InternalError")], None, ("MetricInternalError", GapReason.FAILED)),
        ([_metric("Forbidden")], None, ("MetricForbidden", GapReason.DENIED)),
        ([], None, ("MetricMissing", GapReason.FAILED)),
    ],
    ids=str,
)
def test_a_metric_that_is_kept_back_is_a_gap_and_not_silence(
    results: Any, requests: float | None, gap: Any, reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(GetMetricData={"MetricDataResults": results}))
    found = [each.requests for each in _run(scaling.traffic, reader, [ENDPOINT])]
    assert found == ([] if requests is None else [requests])
    assert all(isinstance(each, float) for each in found)
    assert [(each.code, each.reason) for each in reader.ledger.gaps] == ([gap] if gap else [])
    assert {each.subject for each in reader.ledger.gaps} <= {ENDPOINT.arn}


def test_the_requests_to_a_component_are_counted_by_its_name(reader_of: Any, answers: Any) -> None:
    component = build(InferenceComponent, "c")
    api = answers(GetMetricData={"MetricDataResults": [_metric("Complete", 4)]})
    (found,) = _run(scaling.component_traffic, reader_of(api), [component])
    assert (found.component_arn, found.requests) == (component.arn, 4.0)
    ((_, params),) = api.asked
    metric = params["MetricDataQueries"][0]["MetricStat"]["Metric"]
    assert metric["Dimensions"] == [{"Name": "InferenceComponentName", "Value": "c"}]


def test_metrics_are_asked_for_five_hundred_at_a_time(reader_of: Any, answers: Any) -> None:
    def metrics(params: Mapping[str, Any]) -> Any:
        numbers = range(len(params["MetricDataQueries"]))
        return {"MetricDataResults": [_metric("Complete", n, number=n) for n in numbers]}

    api = answers(GetMetricData=metrics)
    many = replace(ENDPOINT, variant_names=tuple(f"v{n}" for n in range(501)))
    found = list(_run(scaling.traffic, reader_of(api), [many]))
    assert [len(params["MetricDataQueries"]) for _, params in api.asked] == [500, 1]
    assert [each.requests for each in found] == [float(n % 500) for n in range(501)]


@pytest.mark.parametrize(
    ("kind", "metric", "percent"),
    [("ml.g5.12xlarge", "GPUUtilization", 75.0), ("ml.m5.xlarge", "CPUUtilization", 75.0)],
)
def test_use_of_a_host_is_per_device(
    kind: str, metric: str, percent: float, reader_of: Any, answers: Any
) -> None:
    def metrics(params: Mapping[str, Any]) -> Any:
        queries = params["MetricDataQueries"]
        assert {each["MetricStat"]["Metric"]["MetricName"] for each in queries} == {metric}
        return {
            "MetricDataResults": [
                _metric("Complete", 200, 400, number=0),
                _metric("Complete", number=1),
            ]
        }

    job = replace(JOB, fleets=(Fleet(kind, 2),))
    found = _run(scaling.host_use, reader_of(answers(GetMetricData=metrics)), [job])
    assert [(each.host, each.percent) for each in found] == [
        ("new-job/algo-1", percent),
        ("new-job/algo-2", None),
    ]


def test_a_machine_of_unknown_size_is_a_gap(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers())
    assert (
        list(_run(scaling.host_use, reader, [replace(JOB, fleets=(Fleet("ml.z9.metal", 2),))]))
        == []
    )
    assert _subjects(reader) == [("GetMetricData", JOB.arn)]


@pytest.mark.parametrize(
    "job",
    [
        replace(JOB, fleets=(Fleet("ml.g5.xlarge", 1),)),
        replace(JOB, ended_at=None),
        replace(JOB, fleets=()),
    ],
    ids=["alone", "running", "no machines"],
)
def test_hosts_of_other_jobs_are_not_asked_for(
    job: TrainingJob, reader_of: Any, answers: Any
) -> None:
    api = answers()
    assert list(_run(scaling.host_use, reader_of(api), [job])) == []
    assert api.asked == []
