"""Trials, the components in them, and the versions of model cards."""

from __future__ import annotations

from datetime import datetime

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.sagemaker import listing, records, verbs


def associate(call: Call) -> Record:
    """Put a component into a trial."""
    component, trial = _pair(call)
    if trial["TrialName"] not in component.setdefault("_trials", []):
        component["_trials"].append(trial["TrialName"])
    return {"TrialComponentArn": component["_arn"], "TrialArn": trial["_arn"]}


def track(call: Call, config: Record, job_arn: str, at: datetime) -> None:
    """Put a job of a pipeline run, or those that a tuning job tried, into a trial.

    What is no job is left out.
    """
    experiment, trial = config["ExperimentName"], config["TrialName"]
    if records.lookup(call, "Experiment", experiment) is None:
        call.invoke("CreateExperiment", {"ExperimentName": experiment}, now=at)
    if records.lookup(call, "Trial", trial) is None:
        params = {"TrialName": trial, "ExperimentName": experiment}
        call.invoke("CreateTrial", params, now=at)
    tried = [row for row in call.space.rows("TrainingJob") if row.get("TuningJobArn") == job_arn]
    for arn in [row["_arn"] for row in tried] or [job_arn]:
        kind, name = arn.rpartition(":")[2].split("/", 1)
        if kind not in _SOURCES:
            continue
        component = {"TrialComponentName": f"{name}-aws-{kind}", "DisplayName": name[:120]}
        source = {"SourceArn": arn, "SourceType": _SOURCES[kind]}
        call.invoke("CreateTrialComponent", component, now=at, becomes={"Source": source})
        pair = {"TrialComponentName": component["TrialComponentName"], "TrialName": trial}
        call.invoke("AssociateTrialComponent", pair, now=at)


_SOURCES = {
    "processing-job": "SageMakerProcessingJob",
    "training-job": "SageMakerTrainingJob",
    "transform-job": "SageMakerTransformJob",
}


def disassociate(call: Call) -> Record:
    """Take a component out of a trial."""
    component, trial = _pair(call)
    kept = [name for name in component.get("_trials", []) if name != trial["TrialName"]]
    component["_trials"] = kept
    return {"TrialComponentArn": component["_arn"], "TrialArn": trial["_arn"]}


def list_components(call: Call) -> Record:
    """List components, of one trial or one experiment when it is given."""
    rows = [_sourced(row) for row in call.space.rows("TrialComponent")]
    wanted = _wanted_trials(call)
    if wanted is not None:
        rows = [row for row in rows if wanted & set(row.get("_trials", []))]
    ignoring = frozenset({"TrialName", "ExperimentName"})
    return listing.answer(call, "TrialComponent", rows, ignoring=ignoring)


def list_trials(call: Call) -> Record:
    """List trials, of one experiment or with one component when it is given."""
    rows = call.space.rows("Trial")
    name = call.params.get("TrialComponentName")
    if name:
        component = records.find(call, "TrialComponent", {"TrialComponentName": name})
        rows = [row for row in rows if row["TrialName"] in component.get("_trials", [])]
    ignoring = frozenset({"TrialComponentName"})
    return listing.answer(call, "Trial", rows, ignoring=ignoring)


def card_created(call: Call, record: Record) -> None:
    """Remember the first version of a model card."""
    record["ModelCardVersion"] = 1
    _keep_version(call, record)


def update_card(call: Call) -> Record:
    """Change a model card; every change is a new version."""
    record = records.find(call, "ModelCard")
    verbs.update("ModelCard")(call)
    record["ModelCardVersion"] += 1
    _keep_version(call, record)
    return {"ModelCardArn": record["_arn"]}


def list_card_versions(call: Call) -> Record:
    """List the versions of a model card."""
    card = records.find(call, "ModelCard")
    rows = [
        row for row in call.space.rows("ModelCardVersion") if row["ModelCardArn"] == card["_arn"]
    ]
    ignoring = frozenset({"ModelCardName"})
    return listing.answer(call, "ModelCard", rows, ignoring=ignoring)


def _sourced(row: Record) -> Record:
    """Return a component with its source under the name that lists have for it."""
    return {**row, "TrialComponentSource": row["Source"]} if "Source" in row else row


def _pair(call: Call) -> tuple[Record, Record]:
    component = {"TrialComponentName": call.params["TrialComponentName"]}
    trial = {"TrialName": call.params["TrialName"]}
    return records.find(call, "TrialComponent", component), records.find(call, "Trial", trial)


def _wanted_trials(call: Call) -> set[str] | None:
    if "TrialName" in call.params:
        return {call.params["TrialName"]}
    if "ExperimentName" not in call.params:
        return None
    name = call.params["ExperimentName"]
    rows = call.space.rows("Trial")
    return {row["TrialName"] for row in rows if row["ExperimentName"] == name}


def _keep_version(call: Call, record: Record) -> None:
    key = f"{record['_arn']}/version/{record['ModelCardVersion']}"
    call.space.table("ModelCardVersion")[key] = {**record, "Tags": []}
