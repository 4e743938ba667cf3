"""The drift jobs: a small pipeline that a schedule starts, one step for each mode that is recorded.

Realtime, multi-model and serial endpoints keep requests and answers by data capture; batches and
asynchronous endpoints leave them as files. What a serverless endpoint, components, or a stream to
one of them are asked is kept nowhere: for these the scores of batches stand in, or nothing does,
and the pipeline does not claim to control them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions import images, jobs, places
from mlaudit_reference.definitions.expressions import Parameter, Value
from mlaudit_reference.definitions.pipeline import VERSION, in_words
from mlaudit_reference.definitions.processing import processing
from mlaudit_reference.manifest import Manifest, Mode, Reach
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.language import (
    Properties,
    allow,
    arn,
    att,
    ref,
    resource,
    role,
    sub,
)
from mlaudit_reference.templates.network import ZONES

PIPELINE = "Pipeline"
PIPELINE_ROLE = "PipelineRole"
JOB_ROLE = "DriftRole"
SCHEDULE_ROLE = "ScheduleRole"

CAPTURED = (Mode.REALTIME, Mode.MULTI_MODEL, Mode.SERIAL)
_ANSWERS = {Mode.ASYNC: "answers/", Mode.BATCH: "results/"}
FILED = tuple(_ANSWERS)

UNSEEN = frozenset({Mode.SERVERLESS, Mode.COMPONENTS})
"""Modes with an endpoint whose requests nobody keeps."""

CONTROL_TAG = "mlaudit:control"
CONTROLS = "data-quality data-drift concept-drift model-quality"
"""What the pipeline controls on every endpoint, as a scan of the account reads it."""

REPORTS = "monitoring/"
"""Where reports lie in the artifact bucket."""

OF_VERSION: Mapping[str, str] = {
    "BaselineUri": "The folder with the baseline of the version that serves: that of "
    "DriftCheckBaselines.ModelDataQuality.",
    "ExplainabilityUri": "The folder with what moved its answers in training: that of "
    "DriftCheckBaselines.Explainability.",
    "ModelUri": "Its model.tar.gz: ModelDataUrl of its container.",
}
"""What monitoring has to know of the version that serves; promotion keeps it up to date."""


def recorded(manifest: Manifest) -> tuple[Mode, ...]:
    """The modes whose requests and answers are kept."""
    return tuple(mode for mode in (*CAPTURED, *FILED) if mode in manifest.targets)


def control_tags(manifest: Manifest) -> list[Properties]:
    """What the pipeline controls; it does not claim to where it cannot see one of the endpoints.

    Its jobs say nothing of it: several run at once, and only the pipeline has a schedule.
    """
    return [] if manifest.targets & UNSEEN else [{"Key": CONTROL_TAG, "Value": CONTROLS}]


def parameters() -> dict[str, Properties]:
    """The parameters of the stack that tell of the version that serves."""
    return {
        name: {"Type": "String", "Description": about, "AllowedPattern": "^s3://.+[^/]$"}
        for name, about in OF_VERSION.items()
    }


def resources(manifest: Manifest) -> dict[str, Properties]:
    """The pipeline, its schedule, and the roles of both and of its jobs."""
    body = sub(json.dumps(_definition(manifest), separators=(",", ":")), _deployed(manifest))
    pipeline = resource(
        "AWS::SageMaker::Pipeline",
        {
            "PipelineName": names.monitoring_pipeline(manifest),
            "PipelineDescription": f"Looks for drift in what {manifest.name} was asked and said",
            "PipelineDefinition": {"PipelineDefinitionBody": body},
            "RoleArn": att(PIPELINE_ROLE),
            "Tags": control_tags(manifest),
        },
    )
    return {
        PIPELINE: pipeline,
        PIPELINE_ROLE: role(
            "sagemaker.amazonaws.com", _runs(manifest), about="Runs the drift jobs"
        ),
        JOB_ROLE: role("sagemaker.amazonaws.com", _measures(manifest), about="What drift jobs do"),
        "Schedule": _schedule(manifest),
        SCHEDULE_ROLE: _schedule_role(manifest),
    }


def _definition(manifest: Manifest) -> dict[str, Any]:
    image = in_words(images.training_image(manifest))
    found = {"TrainingImage": image, "DataVersion": "as-it-is"}
    defaults = {**found, **{name: f"${{{name}}}" for name in OF_VERSION}}
    return {
        "Version": VERSION,
        "Metadata": {},
        "Parameters": [
            {"Name": name, "Type": "String", "DefaultValue": value}
            for name, value in sorted(defaults.items())
        ],
        "Steps": [_step(manifest, mode) for mode in recorded(manifest)],
    }


def _step(manifest: Manifest, mode: Mode) -> dict[str, Any]:
    inputs: dict[str, Value] = {
        "baseline": Parameter("BaselineUri"),
        "explainability": Parameter("ExplainabilityUri"),
        "model": Parameter("ModelUri"),
    }
    request = processing(
        manifest,
        program="monitor.py",
        role="Drift",
        inputs=inputs,
        outputs={"report": places.of_run(REPORTS, mode.value)},
    )
    request |= {
        # It reads what was recorded since a moment that only it knows, and sends metrics.
        "NetworkConfig": {"EnableNetworkIsolation": False, **jobs.network(manifest)},
    }
    request["AppSpecification"] |= {"ContainerArguments": _arguments(manifest, mode)}
    return {
        "Name": f"Drift-{mode}",
        "Type": "Processing",
        "Description": f"Compares what {mode} was asked and said with training and with labels.",
        "Arguments": in_words(request),
    }


def _arguments(manifest: Manifest, mode: Mode) -> list[str]:
    endpoint, watch = names.endpoint(manifest, mode), manifest.monitoring
    if mode in CAPTURED:
        kept = ["--captured", f"{names.CAPTURED}{endpoint}/"]
    else:
        answers = f"{names.SCORED}{mode}/{_ANSWERS[mode]}"
        kept = ["--requests", f"{names.TO_SCORE}{mode}/", "--answers", answers]
    return [
        *("--bucket", "${DataBucket}"),
        *kept,
        *("--labels", names.LABELS),
        *("--hours", str(watch.window_hours)),
        *("--days", str(watch.truth_days)),
        *("--endpoint", endpoint),
        *("--model-name", names.model_group(manifest)),
        "--emit",
    ]


def _deployed(manifest: Manifest) -> dict[str, Any]:
    """What the ``${…}`` of the definition stand for."""
    found: dict[str, Any] = {
        "ArtifactBucket": shared.artifact_bucket(manifest),
        "DataBucket": shared.data_bucket(manifest),
        "DriftRole": att(JOB_ROLE),
        **{name: ref(name) for name in OF_VERSION},
    }
    if manifest.encryption == "kms":
        found["Key"] = shared.key(manifest)
    owner = images.owner(manifest)
    if owner:
        account = {"Fn::FindInMap": ["Registries", ref("AWS::Region"), owner]}
        host = "${Account}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
        found[images.REGISTRY] = sub(host, {"Account": account})
    if manifest.network.reach is Reach.OWN:
        subnets = shared.subnets(manifest)
        found |= {
            f"Subnet{zone}": {"Fn::Select": [number, subnets]} for number, zone in enumerate(ZONES)
        }
        found["SecurityGroup"] = shared.security_groups(manifest)[0]
    return found


def _runs(manifest: Manifest) -> list[Properties]:
    verbs = ("AddTags", "CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob")
    return [
        allow([f"sagemaker:{verb}" for verb in verbs], [arn("sagemaker", "processing-job/*")]),
        allow(
            ("iam:PassRole",),
            [att(JOB_ROLE)],
            {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        *shared.use_key(manifest),
    ]


def _measures(manifest: Manifest) -> list[Properties]:
    data, artifacts = shared.data_bucket(manifest), shared.artifact_bucket(manifest)
    kept = (names.CAPTURED, names.TO_SCORE, names.SCORED, names.LABELS)
    ours = ("code/", places.SETTINGS, places.PREPARED, places.MODELS, places.EVALUATION)
    return [
        *(each for prefix in kept for each in shared.read_objects(data, prefix)),
        *(each for prefix in ours for each in shared.read_objects(artifacts, prefix)),
        *shared.write_objects(artifacts, REPORTS),
        *shared.put_metrics(shared.metric_namespace(manifest)),
        *shared.write_logs("/aws/sagemaker/ProcessingJobs"),
        *shared.use_key(manifest),
        *shared.use_network(manifest),
        *_pull_images(),
    ]


def _pull_images() -> list[Properties]:
    """Images of AWS are in registries of other accounts; the token knows no resource."""
    pull = (
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    )
    repositories = sub("arn:${AWS::Partition}:ecr:${AWS::Region}:*:repository/*")
    return [allow(pull, [repositories]), allow(("ecr:GetAuthorizationToken",), ["*"])]


def _schedule(manifest: Manifest) -> Properties:
    """The schedule says which baseline: that of the version that serves when it fires."""
    listed = [{"Name": name, "Value": ref(name)} for name in OF_VERSION]
    target = {
        "Arn": arn("sagemaker", f"pipeline/{names.monitoring_pipeline(manifest)}"),
        "RoleArn": att(SCHEDULE_ROLE),
        "SageMakerPipelineParameters": {"PipelineParameterList": listed},
    }
    about = "Looks for drift"
    made = events.schedule(manifest, about, manifest.monitoring.schedule, target)
    made["DependsOn"] = [PIPELINE]
    return made


def _schedule_role(manifest: Manifest) -> Properties:
    pipeline = arn("sagemaker", f"pipeline/{names.monitoring_pipeline(manifest)}")
    may = [
        allow(("sagemaker:StartPipelineExecution",), [pipeline]),
        *events.to_dead_letters(manifest),
    ]
    return role("scheduler.amazonaws.com", may, about="Lets a schedule look for drift")
