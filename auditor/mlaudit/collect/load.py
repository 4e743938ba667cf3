"""Collect the load tests that AWS ran in the window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc
from mlaudit.resources import Benchmark, Endpoint, LoadRun, RecommendationJob

DESCRIBE_RECOMMENDATION = Operation("sagemaker", "DescribeInferenceRecommendationsJob")
LIST_BENCHMARKS = lists("sagemaker", "ListAIBenchmarkJobs", "AIBenchmarkJobs")
DESCRIBE_BENCHMARK = Operation("sagemaker", "DescribeAIBenchmarkJob")


@collector(DESCRIBE_RECOMMENDATION)
def load_runs(reader: Reader, studies: Sequence[RecommendationJob]) -> Iterator[LoadRun]:
    """What recommendation jobs with traffic of one's own measured."""

    def fetch(study: RecommendationJob) -> LoadRun:
        record = reader.one(DESCRIBE_RECOMMENDATION, study.arn, JobName=study.name)
        asked = record.get("InputConfig") or {}
        tried = record.get("InferenceRecommendations") or ()
        tested = record.get("EndpointPerformances") or ()
        return LoadRun(
            arn=f"{study.arn}#load",
            region=reader.region,
            name=study.name,
            model_name=asked.get("ModelName"),
            package_version_arn=asked.get("ModelPackageVersionArn"),
            rates=_most(tried, "EndpointConfiguration", "InstanceType"),
            endpoint_rates=_most(tested, "EndpointInfo", "EndpointName"),
            ended_at=utc(record["CompletionTime"]),
        )

    done = [
        each
        for each in studies
        if each.job_type == "Advanced"
        and each.status == "COMPLETED"
        and reader.window.covers(each.completed_at)
    ]
    yield from reader.each(done, fetch)


def _most(results: Iterable[Record], about: str, name: str) -> dict[str, int]:
    """The highest rate of each thing that was measured."""
    found: dict[str, int] = {}
    for each in results:
        subject = (each.get(about) or {}).get(name)
        rate = (each.get("Metrics") or {}).get("MaxInvocations")
        if subject and rate is not None:
            found[subject] = max(rate, found.get(subject, 0))
    return found


@collector(LIST_BENCHMARKS, DESCRIBE_BENCHMARK)
def benchmarks(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[Benchmark]:
    """Benchmarks that completed in the window; asked only where anything serves."""

    def fetch(summary: Record) -> Benchmark | None:
        name, arn = summary["AIBenchmarkJobName"], summary["AIBenchmarkJobArn"]
        record = reader.one(DESCRIBE_BENCHMARK, arn, AIBenchmarkJobName=name)
        target = record["BenchmarkTarget"].get("Endpoint")
        if target is None:
            return None
        return Benchmark(
            arn=arn,
            region=reader.region,
            name=name,
            endpoint_name=target["Identifier"].rpartition("/")[2],
            ended_at=utc(record["EndTime"]),
        )

    if any(each.serving for each in endpoints):
        listed = reader.items(
            LIST_BENCHMARKS, StatusEquals="Completed", CreationTimeAfter=reader.window.start
        )
        for found in reader.each(list(listed), fetch):
            if found:
                yield found
