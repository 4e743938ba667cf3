"""Managed Workflows for Apache Airflow: environments."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "airflow:Environment"


def create(call: Call) -> Record:
    """Create an environment."""
    name = call.params["Name"]
    arn = call.arn(f"environment/{name}", "airflow")
    if arn in call.space.table(_KIND):
        raise Refusal("ValidationException", f"Environment {name} already exists.")
    defaults: Record = {
        "AirflowVersion": "2.10.3",
        "EnvironmentClass": "mw1.small",
        "MaxWorkers": 10,
        "MinWorkers": 1,
        "Schedulers": 2,
        "WebserverAccessMode": "PRIVATE_ONLY",
        "Tags": {},
    }
    record = defaults | call.params
    record |= {
        "Arn": arn,
        "Status": "AVAILABLE",
        "CreatedAt": call.now,
        "LoggingConfiguration": _logging(call, name),
    }
    call.space.table(_KIND)[arn] = record
    return {"Arn": arn}


def update(call: Call) -> Record:
    """Change an environment."""
    record = _find(call)
    record |= {key: value for key, value in call.params.items() if key != "LoggingConfiguration"}
    if "LoggingConfiguration" in call.params:
        record["LoggingConfiguration"] = _logging(call, record["Name"])
    return {"Arn": record["Arn"]}


def delete(call: Call) -> Record:
    """Delete an environment."""
    del call.space.table(_KIND)[_find(call)["Arn"]]
    return {}


def get(call: Call) -> Record:
    """Describe an environment."""
    record = _find(call)
    return {"Environment": {key: value for key, value in record.items() if value != {}}}


def list_(call: Call) -> Record:
    """List the names of the environments."""
    names = [row["Name"] for row in call.space.rows(_KIND)]
    page = pages.cut(call, [{"Name": name} for name in names], member="rows", size="MaxResults")
    page["Environments"] = [row["Name"] for row in page.pop("rows")]
    return page


def list_tags(call: Call) -> Record:
    """List the tags of an environment."""
    return {"Tags": _tagged(call)["Tags"]}


def tag(call: Call) -> Record:
    """Add tags to an environment."""
    _tagged(call)["Tags"].update(call.params["Tags"])
    return {}


def untag(call: Call) -> Record:
    """Remove tags from an environment."""
    for key in call.params["tagKeys"]:
        _tagged(call)["Tags"].pop(key, None)
    return {}


def _find(call: Call) -> Record:
    name = call.params["Name"]
    for row in call.space.rows(_KIND):
        if row["Name"] == name:
            return row
    raise Refusal("ResourceNotFoundException", f"Environment {name} not found.", status=404)


def _tagged(call: Call) -> Record:
    return pages.tagged_record(call, call.params["ResourceArn"], "ResourceNotFoundException")


def _logging(call: Call, name: str) -> Record:
    asked = call.params.get("LoggingConfiguration", {})
    return {
        module: {
            **settings,
            "CloudWatchLogGroupArn": call.arn(
                f"log-group:airflow-{name}-{module.removesuffix('Logs')}", "logs"
            ),
        }
        for module, settings in asked.items()
    }


HANDLERS: Mapping[str, Handler] = {
    "CreateEnvironment": create,
    "DeleteEnvironment": delete,
    "GetEnvironment": get,
    "ListEnvironments": list_,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdateEnvironment": update,
}
