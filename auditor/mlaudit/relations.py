"""Which resource leads to which: the one place that reads references between resources. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.resources import (
    Alarm,
    BatchJob,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    FeatureGroup,
    Function,
    InferenceComponent,
    LabelingJob,
    LogGroup,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    RecommendationJob,
    Resource,
    RunStep,
    ScalableTarget,
    ShadowTest,
    StateMachine,
    StateMachineRun,
    TrainingJob,
    TransformJob,
    Trigger,
    TuningJob,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation, read as *source words target*; the ends are ARNs or ``s3://`` locations."""

    source: str
    words: str
    target: str


Claim = tuple[str | None, str, str | None]
"""A reference as a resource states it; an end may be unknown or not exist."""


class _Known:
    """The resources at hand, by type, by name and by the artefact they hold."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.arns: set[str] = set()
        self._names: dict[tuple[type, str], str] = {}
        self.makers: dict[str, list[str]] = defaultdict(list)
        self.packages: dict[str, list[str]] = defaultdict(list)
        self.log_writers: dict[str, str] = {}
        self.machines_by_queue: dict[str, list[StateMachine]] = defaultdict(list)
        for each in resources:
            self.arns.add(each.arn)
            self._names[type(each), getattr(each, "name", "")] = each.arn
            self._index(each)

    def named(self, kind: type, name: str | None) -> str | None:
        return self._names.get((kind, name)) if name else None

    def _index(self, each: Resource) -> None:
        match each:
            case TrainingJob(artifact=str(artifact)):
                self.makers[artifact].append(each.arn)
            case ModelPackage():
                for data in {one.model_data for one in each.containers if one.model_data}:
                    self.packages[data].append(each.arn)
            case StateMachine():
                for arn in {arn for step in each.steps for arn in step.refers_to}:
                    self.machines_by_queue[arn].append(each)
            case _:
                pass
        self.log_writers.update(dict.fromkeys(_log_groups(each), each.arn))


def _log_groups(each: Resource) -> list[str]:
    """The names of the log groups a resource writes to."""
    match each:
        case Endpoint():
            return [f"/aws/sagemaker/Endpoints/{each.name}"]
        case InferenceComponent():
            return [f"/aws/sagemaker/InferenceComponents/{each.name}"]
        case Function():
            return [f"/aws/lambda/{each.name}"]
        case StateMachine():
            arns = (arn.removesuffix(":*") for arn in each.log_group_arns)
            return [arn.partition(":log-group:")[2] for arn in arns]
        case _:
            return []


def relations(resources: Iterable[Resource]) -> Iterator[Relation]:
    """Every relation between the resources, and between them and the data they read or write."""
    resources = tuple(resources)
    known = _Known(resources)
    for each in resources:
        claims = _CLAIMS.get(type(each))
        for source, words, target in claims(each, known) if claims else ():
            if _stands(source, known) and _stands(target, known) and source and target:
                yield Relation(source, words, target)


def _stands(end: str | None, known: _Known) -> bool:
    return end is not None and (end in known.arns or end.startswith("s3://"))


def _training_job(job: TrainingJob, _: _Known) -> Iterator[Claim]:
    yield from ((uri, "feeds", job.arn) for uri in job.inputs)
    yield job.tuning_job_arn, "tried", job.arn
    yield job.auto_ml_job_arn, "tried", job.arn


def _tuning_job(tuning: TuningJob, _: _Known) -> Iterator[Claim]:
    yield tuning.arn, "chose", tuning.best_training_job_arn


def _processing_job(job: ProcessingJob, _: _Known) -> Iterator[Claim]:
    yield from ((uri, "feeds", job.arn) for uri in job.inputs)
    yield from ((job.arn, "writes", uri) for uri in job.outputs)


def _labeling_job(job: LabelingJob, _: _Known) -> Iterator[Claim]:
    yield job.manifest, "feeds", job.arn
    yield job.arn, "writes", job.output


def _feature_group(features: FeatureGroup, _: _Known) -> Iterator[Claim]:
    yield features.arn, "writes", features.offline_uri


def _package(package: ModelPackage, known: _Known) -> Iterator[Claim]:
    yield known.named(ModelPackageGroup, package.group_name), "holds", package.arn
    yield _run_or_pipeline(package.generated_by, known), "registered", package.arn
    for each in package.containers:
        yield from (
            (job, "made", package.arn) for job in known.makers.get(each.model_data or "", ())
        )


def _model(model: Model, known: _Known) -> Iterator[Claim]:
    for each in model.containers:
        if each.package_arn:
            yield each.package_arn, "deployed as", model.arn
            continue
        data = each.model_data or ""
        same = (*known.makers.get(data, ()), *known.packages.get(data, ()))
        yield from ((source, "deployed as", model.arn) for source in same)


def _config(config: EndpointConfig, known: _Known) -> Iterator[Claim]:
    for variant in (*config.variants, *config.shadow_variants):
        yield known.named(Model, variant.model_name), "placed by", config.arn


def _endpoint(endpoint: Endpoint, known: _Known) -> Iterator[Claim]:
    yield known.named(EndpointConfig, endpoint.config_name), "serves on", endpoint.arn


def _component(component: InferenceComponent, known: _Known) -> Iterator[Claim]:
    yield known.named(Model, component.model_name), "placed by", component.arn
    yield component.arn, "serves on", component.endpoint_arn


def _recommendation(study: RecommendationJob, known: _Known) -> Iterator[Claim]:
    yield known.named(Model, study.model_name), "measured by", study.arn
    yield study.package_version_arn, "measured by", study.arn


def _shadow_test(test: ShadowTest, known: _Known) -> Iterator[Claim]:
    yield test.arn, "tests on", known.named(Endpoint, test.endpoint_name)
    for name in test.model_names:
        yield known.named(Model, name), "tried by", test.arn


def _transform_job(job: TransformJob, known: _Known) -> Iterator[Claim]:
    yield known.named(Model, job.model_name), "scores in", job.arn
    yield from ((uri, "feeds", job.arn) for uri in job.inputs)
    yield job.arn, "writes", job.output


def _pipeline_run(run: PipelineRun, _: _Known) -> Iterator[Claim]:
    yield run.pipeline_arn, "ran as", run.arn


def _run_step(step: RunStep, known: _Known) -> Iterator[Claim]:
    yield _run_or_pipeline(step.run_arn, known), "made", step.made_arn


def _run_or_pipeline(run_arn: str | None, known: _Known) -> str | None:
    """A run, or its pipeline when the run is older than the evidence window."""
    if run_arn is None or run_arn in known.arns:
        return run_arn
    return run_arn.partition("/execution/")[0]


def _machine_run(run: StateMachineRun, _: _Known) -> Iterator[Claim]:
    yield run.machine_arn, "ran as", run.arn


def _definition(holder: Pipeline | StateMachine, _: _Known) -> Iterator[Claim]:
    for arn in {arn for step in holder.steps for arn in step.refers_to}:
        yield holder.arn, "uses", arn


def _batch_job(job: BatchJob, known: _Known) -> Iterator[Claim]:
    yield job.queue_arn, "ran", job.arn
    for machine in known.machines_by_queue.get(job.queue_arn, ()):
        if _submits(machine, job):
            yield machine.arn, "submitted", job.arn


def _submits(machine: StateMachine, job: BatchJob) -> bool:
    """Whether a state machine with the job's queue names its definition too, if it names any."""
    named = {arn for step in machine.steps for arn in step.refers_to if ":job-definition/" in arn}
    return not named or bool(named & {job.definition_arn, job.definition_arn.rpartition(":")[0]})


def _trigger(trigger: Trigger, known: _Known) -> Iterator[Claim]:
    yield from ((trigger.arn, "starts", target) for target in trigger.targets)
    delivering = [target for target in trigger.targets if ":codepipeline:" in target]
    for name in _groups_named(trigger.pattern) if delivering else ():
        group = known.named(ModelPackageGroup, name)
        yield from ((group, "is promoted by", target) for target in delivering)


def _groups_named(pattern: str | None) -> list[str]:
    """The model package groups whose changes of state a rule is about."""
    try:
        detail = json.loads(pattern or "{}").get("detail", {})
        named = detail.get("ModelPackageGroupName", [])
    except (AttributeError, RecursionError, ValueError):
        return []
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []


def _mapping(mapping: EventSourceMapping, _: _Known) -> Iterator[Claim]:
    yield mapping.source_arn, "feeds", mapping.arn
    yield mapping.arn, "invokes", mapping.function_arn


def _function(function: Function, known: _Known) -> Iterator[Claim]:
    for name in function.endpoint_names:
        yield function.arn, "calls", known.named(Endpoint, name)


def _scalable_target(target: ScalableTarget, known: _Known) -> Iterator[Claim]:
    kind, _, rest = target.resource_id.partition("/")
    holder: type = InferenceComponent if kind == "inference-component" else Endpoint
    yield target.arn, "scales", known.named(holder, rest.partition("/")[0])


def _monitor(schedule: MonitoringSchedule, known: _Known) -> Iterator[Claim]:
    yield schedule.arn, "monitors", known.named(Endpoint, schedule.endpoint_name)


def _alarm(alarm: Alarm, known: _Known) -> Iterator[Claim]:
    yield alarm.arn, "watches", known.named(Endpoint, alarm.dimensions.get("EndpointName"))


def _log_group(group: LogGroup, known: _Known) -> Iterator[Claim]:
    yield known.log_writers.get(group.name), "logs to", group.arn


_CLAIMS: Mapping[type, Callable[[Any, _Known], Iterator[Claim]]] = {
    Alarm: _alarm,
    BatchJob: _batch_job,
    Endpoint: _endpoint,
    EndpointConfig: _config,
    EventSourceMapping: _mapping,
    FeatureGroup: _feature_group,
    Function: _function,
    InferenceComponent: _component,
    LabelingJob: _labeling_job,
    LogGroup: _log_group,
    Model: _model,
    ModelPackage: _package,
    MonitoringSchedule: _monitor,
    Pipeline: _definition,
    PipelineRun: _pipeline_run,
    ProcessingJob: _processing_job,
    RecommendationJob: _recommendation,
    RunStep: _run_step,
    ScalableTarget: _scalable_target,
    ShadowTest: _shadow_test,
    StateMachine: _definition,
    StateMachineRun: _machine_run,
    TrainingJob: _training_job,
    TransformJob: _transform_job,
    Trigger: _trigger,
    TuningJob: _tuning_job,
}
