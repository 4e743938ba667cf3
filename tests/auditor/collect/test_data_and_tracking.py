"""What is on record about data, and what tracks experiments."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import data, jobs, tracking
from mlaudit.collect.collector import Collector
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Bucket, ProcessingJob, TrainingJob
from mlaudit.testing import build

DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
LAKE = build(Bucket, "lake")


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


def _subjects(reader: Any) -> list[tuple[str, str | None]]:
    return [(gap.operation.partition(":")[2], gap.subject) for gap in reader.ledger.gaps]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"StorageDescriptor": {"Location": "s3://lake/a"}}, ("s3://lake/a", False, False)),
        ({"StorageDescriptor": {"Location": "s3a://lake/a"}}, ("s3://lake/a", False, False)),
        (
            {
                "StorageDescriptor": {"Location": "s3://lake/a"},
                "Description": "what it is",
                "Parameters": {"table_type": "ICEBERG"},
            },
            ("s3://lake/a", True, True),
        ),
        (
            {
                "StorageDescriptor": {"Location": "s3://lake/a"},
                "Parameters": {"spark.sql.sources.provider": "delta"},
            },
            ("s3://lake/a", False, True),
        ),
        ({"StorageDescriptor": {"Location": "s3://other/a"}}, None),
        ({"StorageDescriptor": {"Location": "jdbc:x"}}, None),
        ({}, None),
    ],
    ids=str,
)
def test_tables_in_buckets_of_work_are_kept(
    table: dict[str, Any], expected: Any, reader_of: Any, answers: Any
) -> None:
    api = answers(
        GetDatabases={"DatabaseList": [{"Name": "raw", "CatalogId": "1"}]},
        GetTables={"TableList": [{"Name": "a", **table}]},
    )
    found = _run(data.catalog_tables, reader_of(api), [LAKE])
    facts = [(each.location, each.described, each.snapshots) for each in found]
    assert facts == ([expected] if expected else [])
    assert all(each.arn == "arn:aws:glue:eu-west-1:1:table/raw/a" for each in found)


def test_a_description_of_the_database_speaks_for_its_tables(reader_of: Any, answers: Any) -> None:
    api = answers(
        GetDatabases={"DatabaseList": [{"Name": "raw", "Description": "all of it"}]},
        GetTables={"TableList": [{"Name": "a", "StorageDescriptor": {"Location": "s3://lake"}}]},
    )
    (found,) = _run(data.catalog_tables, reader_of(api), [LAKE])
    assert found.described


def test_without_buckets_the_catalogue_is_not_asked(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert _run(data.catalog_tables, reader_of(api), []) == []
    assert api.asked == []


@pytest.mark.parametrize(
    ("queried", "expected"),
    [
        ("athena:AwsDataCatalog/crm", [("crm", True), ("hr", False)]),
        ("athena:federated/crm", []),
        ("redshift:main/crm", []),
    ],
)
def test_databases_are_read_where_a_job_queries_one(
    queried: str, expected: list[tuple[str, bool]], reader_of: Any, answers: Any
) -> None:
    databases = [{"Name": "crm", "Description": "customers"}, {"Name": "hr"}]
    api = answers(GetDatabases={"DatabaseList": databases})
    job = build(ProcessingJob, queried=(queried,))
    found = _run(data.catalog_databases, reader_of(api), [job])
    assert [(each.name, each.described) for each in found] == expected
    assert bool(api.asked) == bool(expected)


def test_only_data_that_no_job_made_is_looked_up(reader_of: Any, answers: Any) -> None:
    def listed(params: Mapping[str, Any]) -> Any:
        if params["SourceUri"].endswith("denied"):
            return DENIED
        return {"ArtifactSummaries": [{"ArtifactArn": "arn:artifact"}]}

    api = answers(ListArtifacts=listed)
    prepare = build(ProcessingJob, inputs=("s3://lake/raw",), outputs=("s3://lake/made",))
    fit = build(TrainingJob, inputs=("s3://lake/made", "s3://lake/denied"))
    reader = reader_of(api)
    found = _run(data.data_artifacts, reader, [fit], [prepare], [])
    assert [(each.arn, each.uri) for each in found] == [("arn:artifact", "s3://lake/raw")]
    assert _subjects(reader) == [("ListArtifacts", "s3://lake/denied")]


def test_runs_of_every_experiment_are_read(reader_of: Any, answers: Any) -> None:
    def runs(params: Mapping[str, Any]) -> Any:
        assert params["CreatedAfter"]
        if params["ExperimentName"] == "one":
            return DENIED
        source = {"SourceArn": "arn:job"}
        return {
            "TrialComponentSummaries": [
                {"TrialComponentArn": "arn:run", "TrialComponentSource": source},
                {"TrialComponentArn": "arn:by-hand"},
            ]
        }

    experiments = [{"ExperimentName": name} for name in ("one", "two")]
    api = answers(ListExperiments={"ExperimentSummaries": experiments}, ListTrialComponents=runs)
    reader = reader_of(api)
    found = _run(tracking.tracked_runs, reader)
    assert [(each.arn, each.experiment, each.job_arn) for each in found] == [
        ("arn:run", "two", "arn:job")
    ]
    assert _subjects(reader) == [("ListTrialComponents", None)]


def test_trackers_that_are_up_are_kept(reader_of: Any, answers: Any) -> None:
    servers = [
        {"TrackingServerArn": f"arn:{state}", "TrackingServerName": "s", "IsActive": state}
        for state in ("Active", "Inactive")
    ]
    apps = [{"Arn": f"arn:{s}", "Name": "a", "Status": s} for s in ("Created", "Deleted")]
    partners = [
        {"Arn": f"arn:{kind}:{status}", "Name": "p", "Type": kind, "Status": status}
        for kind in ("comet", "fiddler")
        for status in ("Available", "Deleted")
    ]
    reader = reader_of(
        answers(
            ListMlflowTrackingServers={"TrackingServerSummaries": servers},
            ListMlflowApps={"Summaries": apps},
            ListPartnerApps={"Summaries": partners},
        )
    )
    collectors = (tracking.mlflow_servers, tracking.mlflow_apps, tracking.partner_trackers)
    found = [each for collector in collectors for each in _run(collector, reader)]
    assert [(each.arn, each.product) for each in found] == [
        ("arn:Active", "MLflow server"),
        ("arn:Created", "MLflow app"),
        ("arn:comet:Available", "Comet app"),
    ]


def test_the_code_of_a_job_is_no_data(reader_of: Any, answers: Any) -> None:
    record = {
        "ProcessingJobName": "p",
        "ProcessingJobArn": "arn:p",
        "ProcessingJobStatus": "Completed",
        "CreationTime": datetime(2026, 5, 20, tzinfo=UTC),
        "ProcessingInputs": [
            {"InputName": name, "S3Input": {"S3Uri": f"s3://lake/{name}"}}
            for name in ("code", "entrypoint", "raw")
        ],
    }
    api = answers(
        ListProcessingJobs={"ProcessingJobSummaries": [record]}, DescribeProcessingJob=record
    )
    (found,) = _run(jobs.processing_jobs, reader_of(api), [])
    assert found.inputs == ("s3://lake/raw",)


def test_the_code_of_a_training_job_is_no_data(reader_of: Any, answers: Any) -> None:
    made = datetime(2026, 5, 20, tzinfo=UTC)
    record = {
        "TrainingJobArn": "arn:j",
        "TrainingJobName": "j",
        "TrainingJobStatus": "Completed",
        "CreationTime": made,
        "LastModifiedTime": made,
        "InputDataConfig": [
            {"ChannelName": name, "DataSource": {"S3DataSource": {"S3Uri": f"s3://lake/{name}"}}}
            for name in ("code", "sm_drivers", "train")
        ],
    }
    api = answers(
        Search={"Results": [{"TrainingJob": record}]},
        ListTrainingJobs={"TrainingJobSummaries": [record]},
    )
    (found,) = _run(jobs.training_jobs, reader_of(api), [], [])
    assert (found.inputs, found.other_data) == (("s3://lake/train",), False)


def test_of_a_query_the_database_is_kept(reader_of: Any, answers: Any) -> None:
    made = datetime(2026, 5, 20, tzinfo=UTC)
    athena = {"Catalog": "AwsDataCatalog", "Database": "crm", "QueryString": "SELECT 'hunter2'"}
    redshift = {"ClusterId": "main", "Database": "sales", "QueryString": "SELECT 1"}
    record = {
        "ProcessingJobName": "p",
        "ProcessingJobArn": "arn:p",
        "ProcessingJobStatus": "Completed",
        "CreationTime": made,
        "ProcessingInputs": [
            {"S3Input": {"S3Uri": "s3://lake/raw"}},
            {"DatasetDefinition": {"AthenaDatasetDefinition": athena}},
            {"DatasetDefinition": {"RedshiftDatasetDefinition": redshift}},
        ],
    }
    api = answers(
        ListProcessingJobs={"ProcessingJobSummaries": [record]}, DescribeProcessingJob=record
    )
    (found,) = _run(jobs.processing_jobs, reader_of(api), [])
    assert found.inputs == ("s3://lake/raw",)
    assert found.queried == ("athena:AwsDataCatalog/crm", "redshift:main/sales")
    assert "hunter2" not in repr(found)
