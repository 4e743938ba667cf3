"""Collect what tracks experiments: SageMaker experiments, managed MLflow, partner trackers."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import TrackedRun, Tracker

LIST_EXPERIMENTS = lists("sagemaker", "ListExperiments", "ExperimentSummaries")
LIST_RUNS = lists("sagemaker", "ListTrialComponents", "TrialComponentSummaries")
LIST_SERVERS = lists("sagemaker", "ListMlflowTrackingServers", "TrackingServerSummaries")
LIST_APPS = lists("sagemaker", "ListMlflowApps", "Summaries")
LIST_PARTNERS = lists("sagemaker", "ListPartnerApps", "Summaries")

_UP = frozenset({"Created", "Updating", "Updated", "UpdateFailed"})
_PARTNER_UP = frozenset({"Available", "Updating", "UpdateFailed"})


@collector(LIST_EXPERIMENTS, LIST_RUNS)
def tracked_runs(reader: Reader) -> Iterator[TrackedRun]:
    """The runs of the window in every experiment that a job made."""

    def runs_of(experiment: Record) -> list[TrackedRun]:
        name = experiment["ExperimentName"]
        listed = reader.items(LIST_RUNS, ExperimentName=name, CreatedAfter=reader.window.start)
        return [
            TrackedRun(
                arn=each["TrialComponentArn"],
                region=reader.region,
                experiment=name,
                job_arn=each["TrialComponentSource"]["SourceArn"],
            )
            for each in listed
            if each.get("TrialComponentSource")
        ]

    for some in reader.each(list(reader.items(LIST_EXPERIMENTS)), runs_of):
        yield from some


@collector(LIST_SERVERS)
def mlflow_servers(reader: Reader) -> Iterator[Tracker]:
    """MLflow tracking servers that are up."""
    for each in reader.items(LIST_SERVERS):
        if each["IsActive"] == "Active":
            arn, name = each["TrackingServerArn"], each["TrackingServerName"]
            yield Tracker(arn=arn, region=reader.region, name=name, product="MLflow server")


@collector(LIST_APPS)
def mlflow_apps(reader: Reader) -> Iterator[Tracker]:
    """Serverless MLflow apps that are up."""
    for each in reader.items(LIST_APPS):
        if each["Status"] in _UP:
            yield Tracker(
                arn=each["Arn"], region=reader.region, name=each["Name"], product="MLflow app"
            )


@collector(LIST_PARTNERS)
def partner_trackers(reader: Reader) -> Iterator[Tracker]:
    """Partner apps that track experiments."""
    for each in reader.items(LIST_PARTNERS):
        if each["Type"] == "comet" and each["Status"] in _PARTNER_UP:
            yield Tracker(
                arn=each["Arn"], region=reader.region, name=each["Name"], product="Comet app"
            )
