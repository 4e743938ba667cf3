"""Who the steps of training are: a role for each, that reaches what the step reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

from mlaudit_reference import names
from mlaudit_reference.definitions import images, places
from mlaudit_reference.manifest import Manifest, Platform
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    Properties,
    allow,
    arn,
    att,
    policy,
    ref,
    resource,
    role,
    sub,
)

PIPELINE_ROLE = "PipelineRole"
SAGEMAKER = "sagemaker.amazonaws.com"
CODE = "code/"


def steps(manifest: Manifest) -> tuple[str, ...]:
    """The steps that have a role, by the names that definitions give them."""
    return ("Validate", "Preprocess", "Train", "Evaluate", *_automl(manifest))


def of_steps(manifest: Manifest) -> dict[str, Properties]:
    """The roles of the steps, by logical id."""
    data, prefix = shared.data_bucket(manifest), manifest.data.prefix
    raw = shared.read_objects(data, prefix)
    found = {
        "Validate": [*raw, *_writes(manifest, places.VALIDATION)],
        "Preprocess": [*raw, *_writes(manifest, places.PREPARED)],
        "Train": [
            *_reads(manifest, places.PREPARED, places.MODELS, places.CHECKPOINTS),
            *_writes(manifest, places.MODELS, places.CHECKPOINTS),
        ],
        "Evaluate": [
            *_reads(manifest, places.PREPARED, places.MODELS),
            *_writes(manifest, places.EVALUATION),
        ],
        "AutoML": [
            *raw,
            *_reads(manifest, places.AUTOML),
            *_writes(manifest, places.AUTOML),
            *_automl_jobs(),
            *_encrypts_volumes(manifest),
        ],
    }
    roles = {
        f"{name}Role": role(
            _runs(manifest, name), [*found[name], *_job(manifest)], about=f"What step {name} may do"
        )
        for name in steps(manifest)
    }
    return {**roles, **(_passes_itself("AutoMLRole") if manifest.automl.enabled else {})}


def _runs(manifest: Manifest, name: str) -> str:
    """The service that takes on the role of a step: jobs of AWS Batch are tasks of ECS."""
    on_batch = manifest.platform is Platform.BATCH and name != "AutoML"
    return "ecs-tasks.amazonaws.com" if on_batch else SAGEMAKER


def of_pipeline(manifest: Manifest) -> Properties:
    """The role that starts the steps and registers versions; it can approve none (9.4)."""
    may = [*_runs_steps(manifest), *_tracks(manifest), *shared.use_key(manifest)]
    return role(SAGEMAKER, may, about="Runs the training pipeline")


def of_machine(manifest: Manifest) -> Sequence[Properties]:
    """What the state machine may do that runs the steps instead.

    Step Functions is told of the end of a job by rules that it makes for itself.
    """
    rules = [
        arn("events", f"rule/StepFunctionsGetEventsForSageMaker{kind}JobsRule")
        for kind in ("Processing", "Training", "HyperParameterTuning")
    ]
    rules.append(arn("events", "rule/StepFunctionsGetEventsForBatchJobsRule"))
    waits = ("events:DescribeRule", "events:PutRule", "events:PutTargets")
    on_batch = manifest.platform is Platform.BATCH
    submits = _submits(manifest) if on_batch else ()
    jobs = [arn("sagemaker", f"{path}/*") for path in _JOBS.values()]
    looks = allow(("sagemaker:ListTags",), jobs)
    return (*_runs_steps(manifest), *submits, allow(waits, rules), looks)


def _submits(manifest: Manifest) -> Sequence[Properties]:
    """Permission to submit jobs to AWS Batch; those that look at jobs know no resource."""
    mine = [
        arn("batch", f"job-definition/{manifest.name}-*"),
        arn("batch", f"job-queue/{manifest.name}-*"),
    ]
    return (
        allow(("batch:SubmitJob", "batch:TagResource"), mine),
        allow(("batch:DescribeJobs",), ["*"]),
        allow(("batch:TerminateJob",), [arn("batch", "job/*")]),
    )


def _runs_steps(manifest: Manifest) -> Sequence[Properties]:
    """Permission to run the jobs as their roles, to read reports, and to register what is good."""
    group = names.model_group(manifest)
    return (
        *(allow(_actions(kind), [arn("sagemaker", f"{path}/*")]) for kind, path in _JOBS.items()),
        *((_runs_automl(),) if manifest.automl.enabled else ()),
        allow(
            ("sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"),
            [
                arn("sagemaker", f"model-package-group/{group}"),
                arn("sagemaker", f"model-package/{group}/*"),
            ],
        ),
        allow(
            (
                "sagemaker:AddAssociation",
                "sagemaker:CreateAction",
                "sagemaker:CreateArtifact",
                "sagemaker:DescribeAction",
                "sagemaker:DescribeArtifact",
            ),
            [arn("sagemaker", f"{kind}/*") for kind in ("action", "artifact", "context")],
        ),
        *_reads(manifest, places.VALIDATION, places.EVALUATION),
        *_experiments(manifest),
        *_encrypts_volumes(manifest),
        _passes(manifest),
        _approves_nothing(),
    )


_JOBS = {
    "ProcessingJob": "processing-job",
    "TrainingJob": "training-job",
    "HyperParameterTuningJob": "hyper-parameter-tuning-job",
}


def _actions(kind: str) -> tuple[str, ...]:
    verbs = ("Create", "Describe", "Stop")
    return ("sagemaker:AddTags", *(f"sagemaker:{verb}{kind}" for verb in verbs))


def _runs_automl() -> Properties:
    return allow(
        (
            "sagemaker:AddTags",
            "sagemaker:CreateAutoMLJob",
            "sagemaker:CreateAutoMLJobV2",
            "sagemaker:DescribeAutoMLJob",
            "sagemaker:DescribeAutoMLJobV2",
            "sagemaker:StopAutoMLJob",
        ),
        [arn("sagemaker", "automl-job/*")],
    )


def _passes(manifest: Manifest) -> Properties:
    roles = [att(f"{name}Role") for name in steps(manifest)]
    return allow(("iam:PassRole",), roles, {"StringEquals": {"iam:PassedToService": SAGEMAKER}})


def _encrypts_volumes(manifest: Manifest) -> Sequence[Properties]:
    """Permission to let EC2 use the key for the volumes of jobs (``VolumeKmsKeyId``)."""
    if manifest.encryption != "kms":
        return ()
    only = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return (allow(("kms:CreateGrant",), [shared.key(manifest)], only),)


def _approves_nothing() -> Properties:
    return {
        "Effect": "Deny",
        "Action": "sagemaker:UpdateModelPackage",
        "Resource": "*",
    }


def _experiments(manifest: Manifest) -> Sequence[Properties]:
    """Permission to keep runs as experiments, which SageMaker Pipelines does with this role too."""
    experiment = names.training_pipeline(manifest)
    return (
        allow(
            ("sagemaker:AddTags", "sagemaker:CreateExperiment", "sagemaker:DescribeExperiment"),
            [arn("sagemaker", f"experiment/{experiment}")],
        ),
        allow(
            (
                "sagemaker:AddTags",
                "sagemaker:AssociateTrialComponent",
                "sagemaker:CreateTrial",
                "sagemaker:CreateTrialComponent",
                "sagemaker:DescribeTrial",
                "sagemaker:DescribeTrialComponent",
                "sagemaker:UpdateTrialComponent",
            ),
            [
                arn("sagemaker", "experiment-trial/*"),
                arn("sagemaker", "experiment-trial-component/*"),
            ],
        ),
    )


def _tracks(manifest: Manifest) -> Sequence[Properties]:
    """Permission to keep runs in the MLflow app, whose whole interface is one action."""
    if not manifest.training.tracking:
        return ()
    actions = ("sagemaker:CallMlflowAppApi", "sagemaker:DescribeMlflowApp")
    return (allow(actions, [att("TrackingApp")]),)


def _job(manifest: Manifest) -> Sequence[Properties]:
    """What every job needs: its code, its image, its log, its metrics, key and network."""
    return (
        *_reads(manifest, CODE, places.SETTINGS),
        *_pulls(manifest),
        *_logs(),
        *shared.put_metrics("/aws/sagemaker/ProcessingJobs"),
        *shared.put_metrics("/aws/sagemaker/TrainingJobs"),
        *shared.use_key(manifest),
        *shared.use_network(manifest),
    )


def _pulls(manifest: Manifest) -> Sequence[Properties]:
    """Permission to get the images; the token for it knows no resource."""
    owner = images.owner(manifest)
    account: Properties = (
        {"Fn::FindInMap": ["Registries", {"Ref": "AWS::Region"}, owner]}
        if owner
        else {"Ref": "AWS::AccountId"}
    )
    repositories = sub(
        "arn:${AWS::Partition}:ecr:${AWS::Region}:${Account}:repository/*", {"Account": account}
    )
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    return (allow(("ecr:GetAuthorizationToken",), ["*"]), allow(pull, [repositories]))


def _logs() -> Sequence[Properties]:
    group = arn("logs", "log-group:/aws/sagemaker/*")
    actions = (
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    )
    return (allow(actions, [group]),)


def _reads(manifest: Manifest, *prefixes: str) -> Sequence[Properties]:
    bucket = shared.artifact_bucket(manifest)
    return tuple(each for prefix in prefixes for each in shared.read_objects(bucket, prefix))


def _writes(manifest: Manifest, *prefixes: str) -> Sequence[Properties]:
    bucket = shared.artifact_bucket(manifest)
    return tuple(each for prefix in prefixes for each in shared.write_objects(bucket, prefix))


def _automl(manifest: Manifest) -> tuple[str, ...]:
    return ("AutoML",) if manifest.automl.enabled else ()


def _automl_jobs() -> Sequence[Properties]:
    """An AutoML job makes jobs for its parts."""
    jobs = ("processing-job", "training-job", "transform-job", "hyper-parameter-tuning-job")
    kinds = ("ProcessingJob", "TrainingJob", "TransformJob", "HyperParameterTuningJob")
    actions = tuple(action for kind in kinds for action in _actions(kind))
    parts = [arn("sagemaker", f"{job}/*") for job in jobs]
    return (allow(tuple(sorted(set(actions))), parts),)


def _passes_itself(name: str) -> dict[str, Properties]:
    """The parts of an AutoML job run as the role of the whole; apart, as no role knows its ARN."""
    passing = allow(
        ("iam:PassRole",), [att(name)], {"StringEquals": {"iam:PassedToService": SAGEMAKER}}
    )
    properties = {
        "PolicyName": "passes-itself",
        "PolicyDocument": policy([passing]),
        "Roles": [ref(name)],
    }
    return {f"{name}PassesItself": resource("AWS::IAM::Policy", properties)}
