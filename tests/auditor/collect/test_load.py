"""What load tests measured, and of what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import load
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Endpoint, LoadRun, RecommendationJob
from mlaudit.testing import build

THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)
LONG_AGO = datetime(2025, 5, 20, 10, tzinfo=UTC)
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
STUDY = build(RecommendationJob, "load", job_type="Advanced", completed_at=THEN)


def result(kind: str, rate: int | None) -> dict[str, Any]:
    metrics = {} if rate is None else {"MaxInvocations": rate}
    return {"Metrics": metrics, "EndpointConfiguration": {"InstanceType": kind}}


def test_the_best_rate_of_each_machine_is_kept(reader_of: Any, answers: Any) -> None:
    tried = [result("a", 5), result("a", 9), result("a", 7), result("b", 3), result("c", None)]
    record = {
        "InputConfig": {"ModelName": "m", "ModelPackageVersionArn": "arn:p"},
        "InferenceRecommendations": [*tried, {"Metrics": {"MaxInvocations": 1}}],
        "EndpointPerformances": [
            {"Metrics": {"MaxInvocations": 4}, "EndpointInfo": {"EndpointName": "e"}}
        ],
        "CompletionTime": THEN,
    }
    reader = reader_of(answers(DescribeInferenceRecommendationsJob=record))
    (found,) = load.load_runs.run(reader, [STUDY])
    assert isinstance(found, LoadRun)
    assert (found.arn, found.name, found.ended_at) == (f"{STUDY.arn}#load", "load", THEN)
    assert (found.model_name, found.package_version_arn) == ("m", "arn:p")
    assert (found.rates, found.endpoint_rates) == ({"a": 9, "b": 3}, {"e": 4})


@pytest.mark.parametrize(
    "other",
    [{"job_type": "Default"}, {"status": "FAILED"}, {"completed_at": LONG_AGO}],
    ids=str,
)
def test_what_measured_nothing_of_late_is_not_described(
    other: dict[str, Any], reader_of: Any, answers: Any
) -> None:
    api = answers()
    values = {"job_type": "Advanced", "completed_at": THEN, **other}
    assert list(load.load_runs.run(reader_of(api), [build(RecommendationJob, **values)])) == []
    assert api.asked == []


def test_a_study_that_is_denied_is_a_gap_of_its_own(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(DescribeInferenceRecommendationsJob=DENIED))
    assert list(load.load_runs.run(reader, [STUDY])) == []
    assert [each.subject for each in reader.ledger.gaps] == [STUDY.arn]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ({"Endpoint": {"Identifier": "e"}}, ["e"]),
        ({"Endpoint": {"Identifier": "arn:aws:sagemaker:eu-west-1:1:endpoint/e"}}, ["e"]),
        ({}, []),
    ],
)
def test_a_benchmark_tells_its_endpoint(
    target: dict[str, Any], names: list[str], reader_of: Any, answers: Any
) -> None:
    def listed(params: Any) -> Any:
        assert params["StatusEquals"] == "Completed"
        assert params["CreationTimeAfter"]
        return {"AIBenchmarkJobs": [{"AIBenchmarkJobName": "b", "AIBenchmarkJobArn": "arn:b"}]}

    api = answers(
        ListAIBenchmarkJobs=listed,
        DescribeAIBenchmarkJob={"BenchmarkTarget": target, "EndTime": THEN},
    )
    found = list(load.benchmarks.run(reader_of(api), [build(Endpoint, "e")]))
    assert [(each.endpoint_name, each.ended_at) for each in found] == [  # type: ignore[attr-defined]
        (name, THEN) for name in names
    ]


def test_without_an_endpoint_benchmarks_are_not_asked_for(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert list(load.benchmarks.run(reader_of(api), [build(Endpoint, status="Failed")])) == []
    assert api.asked == []
