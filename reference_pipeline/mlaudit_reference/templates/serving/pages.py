"""Pages of files: how a state machine finds what is new, has it scored, and keeps record of it.

A file is known by its name and its ETag, so that one that was replaced is scored again. What is
recorded was scored; a run that fails leaves its page to the next run, which writes the same results
again. Expressions are JSONata, which Step Functions evaluates.
"""

from __future__ import annotations

from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.machines import (
    RETRY,
    State,
    States,
    call,
    caught,
    choose,
    fail,
    tell,
)

PAGE = 100
"""Files of a page: the most items of BatchGetItem and of TransactWriteItems."""

FILES = "Files"
"""The logical id of the table of files that are scored."""

RECORDED = "Record"
"""The state after the last job of a page."""

RUN = "$states.context.Execution.Name & '-' & $string($page)"
"""What names one page of one run."""


def states(manifest: Manifest, mode: Mode, jobs: States) -> States:
    """What a machine does that scores new files page by page.

    Args:
        manifest: The manifest.
        mode: The mode, whose name its prefixes end in.
        jobs: The states that score a page, the first of them first; the last of them is followed
            by ``RECORDED``.
    """
    prefix = f"{names.TO_SCORE}{mode}/"
    cause = "{% 'Execution ' & $states.context.Execution.Id & ' failed: ' & $cause %}"
    return {
        "Start": {"Type": "Pass", "Assign": {"last": prefix, "page": 0}, "Next": "ListFiles"},
        **_find_new(prefix),
        "WriteManifest": _write_manifest(mode, next(iter(jobs))),
        **jobs,
        RECORDED: _record(),
        "AnyMore": choose(("$more", "ListFiles"), otherwise="Done"),
        "Done": {"Type": "Succeed"},
        "TellFailure": tell(f"{manifest.name}: {mode} scoring failed", cause, "Failed"),
        "Failed": fail("NotScored"),
    }


def _task(resource_name: str, arguments: State, then: str, **more: Any) -> State:
    """A quick call, tried again; people hear of it when that fails for good."""
    return call(
        resource_name, arguments, Retry=RETRY, Catch=caught("TellFailure"), **more, Next=then
    )


def _find_new(prefix: str) -> States:
    listed = "$states.result.Contents"
    return {
        "ListFiles": _task(
            "aws-sdk:s3:listObjectsV2",
            {
                "Bucket": "${DataBucket}",
                "Prefix": prefix,
                "MaxKeys": PAGE,
                "StartAfter": "{% $last %}",
            },
            "AnyFiles",
            Assign={
                "files": f"{{% [{listed}[Size > 0].{{'key': Key, 'id': Key & '#' & ETag}}] %}}",
                "more": "{% $states.result.IsTruncated = true %}",
                "last": f"{{% $exists({listed}) ? {listed}[-1].Key : $last %}}",
                "page": "{% $page + 1 %}",
            },
        ),
        "AnyFiles": choose(("$count($files) > 0", "LookUp"), otherwise="AnyMore"),
        "LookUp": _task(
            "aws-sdk:dynamodb:batchGetItem",
            {
                "RequestItems": {
                    f"${{{FILES}}}": {
                        "ConsistentRead": True,
                        "Keys": "{% [$files.{'id': {'S': id}}] %}",
                    }
                }
            },
            "AnyNew",
            Assign={
                "new": (
                    "{% ($known := $states.result.Responses.*.id.S;"
                    " [$files[$not(id in $known)]]) %}"
                )
            },
        ),
        "AnyNew": choose(("$count($new) > 0", "WriteManifest"), otherwise="AnyMore"),
    }


def _write_manifest(mode: Mode, then: str) -> State:
    """Write down the files of the page as a job takes them (S3DataType ``ManifestFile``)."""
    return _task(
        "aws-sdk:s3:putObject",
        {
            "Bucket": "${DataBucket}",
            "Key": f"{{% '{names.SCORED}{mode}/manifests/' & {RUN} & '.json' %}}",
            "ContentType": "application/json",
            "Body": "{% $append([{'prefix': 's3://${DataBucket}/'}], $new.key) %}",
        },
        then,
    )


def _record() -> State:
    item = "{'id': {'S': id}, 'scored_at': {'S': $now()}, 'run': {'S': $run}}"
    return _task(
        "aws-sdk:dynamodb:transactWriteItems",
        {
            "TransactItems": (
                f"{{% ($run := {RUN};"
                f" [$new.{{'Put': {{'TableName': '${{{FILES}}}', 'Item': {item}}}}}]) %}}"
            )
        },
        "AnyMore",
    )
