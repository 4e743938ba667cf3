"""Stack ``serving-batch``: new files are scored on a schedule (guide item 4.7).

Files of JSON lines under ``to-score/batch/`` in the data bucket; results under
``scored/batch/results/``, as a table for Athena. See ``pages`` for how each file is scored once.
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Content,
    Properties,
    Stack,
    att,
    ref,
    resource,
    sub,
)
from mlaudit_reference.templates.serving import jobs, models, scoring
from mlaudit_reference.templates.serving.pages import RECORDED

MOST_SCANNED = 10 * 1024**3
"""Bytes after which a query is stopped: queries are billed by what they read."""

COLUMNS = {
    "record_id": "string",
    "probability": "double",
    "decision": "int",
    "reasons": "array<struct<feature:string,contribution:double>>",
    "trace_id": "string",
}
"""What a prediction holds, as inference answers it in JSON lines."""


def _content(manifest: Manifest) -> Content:
    arguments = jobs.job(
        manifest,
        Mode.BATCH,
        model="${ModelName}",
        source=jobs.manifest_file(Mode.BATCH),
        target=jobs.results(Mode.BATCH),
    )
    states = {"Score": jobs.score(arguments, RECORDED)}
    model_name = {"ModelName": att("Model", "ModelName")}
    resources = {
        "Model": models.model(manifest, [models.container()]),
        **scoring.scheduled(manifest, Mode.BATCH, states, model_name),
        **_catalogue(manifest),
    }
    about = "The version that scores"
    return Content(resources, parameters={models.PACKAGE: models.package_parameter(about)})


STACK = Stack(
    name="serving-batch",
    about="A state machine that scores new files on a schedule, and a table of the results.",
    wanted=lambda manifest: Mode.BATCH in manifest.targets,
    content=_content,
)


def _catalogue(manifest: Manifest) -> dict[str, Properties]:
    return {
        "ResultsDatabase": resource(
            "AWS::Glue::Database",
            {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseInput": {
                    "Name": f"{manifest.name.replace('-', '_')}_scored",
                    "Description": f"What {manifest.name} predicted. Owner {manifest.owner}.",
                },
            },
        ),
        "ResultsTable": resource(
            "AWS::Glue::Table",
            {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseName": ref("ResultsDatabase"),
                "TableInput": _table(manifest),
            },
        ),
        "Queries": resource("AWS::Athena::WorkGroup", _work_group(manifest)),
    }


def _table(manifest: Manifest) -> Properties:
    return {
        "Name": "predictions",
        "Description": f"Predictions of files. Owner {manifest.owner}.",
        "Owner": manifest.owner,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "json"},
        "StorageDescriptor": {
            "Location": _uri(manifest, f"{names.SCORED}batch/results/"),
            "Columns": [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()],
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
        },
    }


def _work_group(manifest: Manifest) -> Properties:
    own = manifest.encryption == "kms"
    encryption = {
        "EncryptionOption": "SSE_KMS" if own else "SSE_S3",
        "KmsKey": shared.key(manifest) if own else NOTHING,
    }
    return {
        "Name": manifest.name,
        "Description": f"Queries on what {manifest.name} predicted",
        "RecursiveDeleteOption": not manifest.data.retain,
        "WorkGroupConfiguration": {
            "EnforceWorkGroupConfiguration": True,
            "PublishCloudWatchMetricsEnabled": True,
            "BytesScannedCutoffPerQuery": MOST_SCANNED,
            "ResultConfiguration": {
                "OutputLocation": _uri(manifest, "queries/"),
                "EncryptionConfiguration": encryption,
            },
        },
    }


def _uri(manifest: Manifest, prefix: str) -> Properties:
    return sub(f"s3://${{Bucket}}/{prefix}", {"Bucket": shared.data_bucket(manifest)})
