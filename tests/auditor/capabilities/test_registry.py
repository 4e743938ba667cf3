"""What serves as the registry knows it, where it comes from, and what reads the registry."""

from typing import Any

import pytest

from mlaudit.capabilities.fairness import fairness_reports
from mlaudit.capabilities.provenance import provenances, runs_of_models, training_records
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.capabilities.registry_use import baseline_uses, rollback_versions
from mlaudit.evidence import Evidence
from mlaudit.model import GapReason
from mlaudit.resources import (
    BatchJob,
    Container,
    Model,
    ModelPackage,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    Resource,
    RunStep,
    StateMachine,
    Step,
    TrainingJob,
    Trigger,
)
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
FOREIGN = "arn:aws:sagemaker:eu-west-1:999999999999:model-package/fraud/7"
RUN = f"{arn_of(Pipeline, 'train')}/execution/abc"


def package(number: int = 2, **values: Any) -> ModelPackage:
    usual = {
        "arn": arn_of(ModelPackage, f"fraud/{number}"),
        "group_name": "fraud",
        "version": number,
        "approval": "Approved",
        "containers": (build(Container, image="xgboost:1", model_data=ARTEFACT),),
        "baselines": {"ModelQuality": "s3://b/baseline/constraints.json"},
    }
    return build(ModelPackage, **{**usual, **values})


def deployed(**container: Any) -> tuple[Resource, ...]:
    named = container or {"package_arn": package().arn}
    return serving("e", build(Container, **named))


JOB = build(TrainingJob, "fraud-1", artifact=ARTEFACT, inputs=("s3://b/train",))
OLDER = package(1, created_at=OLD, containers=(build(Container, model_data="s3://b/old"),))
ALL = (*deployed(), package(), JOB)


def only(evidence: Evidence[Any]) -> Any:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


def version_of(*resources: Resource) -> ServedVersion:
    found: ServedVersion = only(served_versions(view_of(*resources)))
    return found


def test_a_model_is_the_version_it_names() -> None:
    found = version_of(*ALL, OLDER)
    assert (found.name, found.words) == ("fraud/2", "model e on endpoint e")
    assert found.jobs == (JOB,)
    assert {each.version for each in found.approved} == {1, 2}


def test_a_model_is_the_version_that_holds_its_artefact() -> None:
    assert version_of(*deployed(model_data=ARTEFACT), package(), JOB).name == "fraud/2"


def test_of_two_versions_with_one_artefact_the_approved_counts() -> None:
    newer = package(3, approval="Rejected")
    assert version_of(*deployed(model_data=ARTEFACT), package(), newer).name == "fraud/2"


def test_another_artefact_is_no_version() -> None:
    found = version_of(*deployed(model_data="s3://b/by-hand.tar.gz"), package())
    assert (found.name, found.records) == (None, frozenset())


def test_what_prepares_requests_needs_no_version_of_its_own() -> None:
    first, second = build(Container, image="prepare:1"), build(Container, model_data=ARTEFACT)
    chained = serving("e", first, second, model={"execution_mode": "Serial"})
    assert version_of(*chained, package()).name == "fraud/2"


def test_each_model_that_is_called_by_name_needs_a_version() -> None:
    other = build(Container, model_data="s3://b/other")
    direct = serving(
        "e", build(Container, model_data=ARTEFACT), other, model={"execution_mode": "Direct"}
    )
    found = served_versions(view_of(*direct, package()))
    assert [each.name for each in found.items] == ["fraud/2", None]


@pytest.mark.parametrize(
    ("container", "reason"),
    [
        ({"package_arn": FOREIGN}, GapReason.OTHER_ACCOUNT),
        ({"package_arn": arn_of(ModelPackage, "fraud/9")}, GapReason.GONE),
        ({"model_data": "s3://b/many/", "multi_model": True}, GapReason.CONTENT_NOT_READ),
    ],
)
def test_a_version_out_of_sight_is_a_gap(container: dict[str, Any], reason: GapReason) -> None:
    found = served_versions(view_of(*deployed(**container), package()))
    assert found.items == ()
    assert [(each.reason, each.subject) for each in found.gaps] == [(reason, arn_of(Model, "e"))]


PROVIDERS = [
    served_versions,
    provenances,
    runs_of_models,
    training_records,
    baseline_uses,
    rollback_versions,
    fairness_reports,
]
UNSEEN = [
    *((each, "sagemaker:ListModelPackages") for each in PROVIDERS),
    *((each, "sagemaker:DescribeTrainingJob") for each in PROVIDERS),
    (runs_of_models, "sagemaker:ListPipelineExecutionSteps"),
    (training_records, "sagemaker:ListPipelineExecutionSteps"),
    (fairness_reports, "sagemaker:DescribeProcessingJob"),
    (runs_of_models, "sagemaker:ListPipelines"),
    (baseline_uses, "sagemaker:ListMonitoringSchedules"),
    (baseline_uses, "sagemaker:DescribeProcessingJob"),
]


@pytest.mark.parametrize(("provider", "operation"), UNSEEN)
def test_what_cannot_be_seen_is_not_missing(provider: Any, operation: str) -> None:
    missing = gap(operation)
    found = provider(view_of(*ALL, gaps=[missing]))
    assert found.items == ()
    assert found.gaps == (missing,)


@pytest.mark.parametrize("operation", ["events:ListRules", "scheduler:ListSchedules"])
def test_without_rules_only_a_named_version_is_known_to_be_deployed(operation: str) -> None:
    missing = gap(operation)
    named = rollback_versions(view_of(*ALL, gaps=[missing]))
    assert len(named.items) == 1
    same = (*deployed(model_data=ARTEFACT), package(), JOB)
    assert rollback_versions(view_of(*same, gaps=[missing])).items == ()


@pytest.mark.parametrize("operation", ["stepfunctions:ListStateMachines", "mwaa:ListEnvironments"])
def test_a_model_without_a_pipeline_may_come_from_an_engine_unseen(operation: str) -> None:
    missing = gap(operation)
    assert runs_of_models(view_of(*ALL, gaps=[missing])).items == ()


def test_nothing_serves_nothing() -> None:
    for provider in PROVIDERS:
        assert provider(view_of(package(), JOB)) == Evidence()


def test_the_chain_of_a_served_model() -> None:
    found = only(provenances(view_of(*ALL)))
    assert (found.version, found.jobs, found.data) == ("fraud/2", ("fraud-1",), ("s3://b/train",))
    assert found.whole
    assert found.trained


def test_an_artefact_put_there_by_hand_has_no_job() -> None:
    found = only(provenances(view_of(*deployed(model_data="s3://b/by-hand.tar.gz"))))
    assert (found.version, found.jobs, found.whole) == (None, (), False)


@pytest.mark.parametrize("end", ["model.tar.gz", "model", "model/"])
def test_an_artefact_of_a_job_out_of_sight_is_a_gap(end: str) -> None:
    found = provenances(view_of(*deployed(model_data=f"s3://b/other-job/output/{end}")))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["OriginNotFound"]


def test_an_artefact_that_a_batch_job_may_have_written_is_a_gap() -> None:
    by_hand = deployed(model_data="s3://b/by-hand.tar.gz")
    found = provenances(view_of(*by_hand, build(BatchJob, "train")))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["OriginNotFound"]
    missing = gap("batch:DescribeJobs")
    assert provenances(view_of(*by_hand, gaps=[missing])) == Evidence((), (missing,))
    assert only(provenances(view_of(*ALL, gaps=[missing]))).whole


def test_a_model_that_aws_provides_was_not_trained() -> None:
    provided = "s3://jumpstart-private-cache-prod-eu-west-1/llm/artifacts/v1/"
    assert not only(provenances(view_of(*deployed(model_data=provided)))).trained


def step(kind: str, made: str, **values: Any) -> RunStep:
    return build(RunStep, kind, run_arn=RUN, kind=kind, made_arn=made, **values)


@pytest.mark.parametrize(
    ("steps", "registered", "trained"),
    [
        ((), None, None),
        ((step("registermodel", package().arn),), RUN, None),
        ((step("training", JOB.arn),), None, RUN),
        ((step("registermodel", package().arn), step("training", JOB.arn)), RUN, RUN),
        ((step("registermodel", package().arn, status="Failed"),), None, None),
        ((step("registermodel", package(1).arn),), None, None),
    ],
)
def test_the_run_behind_a_served_model(
    steps: tuple[RunStep, ...], registered: str | None, trained: str | None
) -> None:
    found = only(runs_of_models(view_of(*ALL, build(Pipeline, "train"), *steps)))
    assert (found.registered_by, found.trained_by) == (registered, trained)


def test_a_tuned_model_was_trained_by_the_run_that_tuned() -> None:
    tuned = build(TrainingJob, "fraud-1", artifact=ARTEFACT, tuning_job_arn="arn:tuning")
    steps = (step("tuning", "arn:tuning"), build(Pipeline, "train"))
    found = only(runs_of_models(view_of(*deployed(), package(), tuned, *steps)))
    assert found.trained_by == RUN


@pytest.mark.parametrize(("kind", "codes"), [("training", ["RunNotTied"]), ("function", [])])
def test_a_state_machine_that_makes_models_hides_which(kind: str, codes: list[str]) -> None:
    machine = build(StateMachine, "train", steps=(build(Step, "work", kind=kind),))
    found = runs_of_models(view_of(*ALL, machine))
    assert [each.code for each in found.gaps] == codes
    assert len(found.items) == 1 - len(codes)


@pytest.mark.parametrize(
    ("values", "reads"),
    [
        ({"inputs": ("s3://b/baseline/constraints.json",)}, True),
        ({"inputs": ("s3://b/baseline/",)}, True),
        ({"inputs": ("s3://b/base",)}, False),
        ({"inputs": ("s3://b/baseline/",), "status": "Failed"}, False),
        ({"inputs": ("s3://b/baseline/",), "ended_at": OLD}, False),
    ],
)
def test_a_job_of_any_make_reads_the_baseline(values: dict[str, Any], reads: bool) -> None:  # noqa: FBT001 -- a column of the table
    job = build(ProcessingJob, "drift-1", **values)
    found = only(baseline_uses(view_of(*ALL, job)))
    assert found.read_by == ("drift-1" if reads else None)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"endpoint_name": "e", "status": "Scheduled"}, ("hourly",)),
        ({"endpoint_name": "e", "status": "Stopped"}, ()),
        ({"endpoint_name": "x", "status": "Scheduled"}, ()),
    ],
)
def test_schedules_watch_the_endpoints_of_the_workload(
    values: dict[str, Any], names: tuple[str, ...]
) -> None:
    schedule = build(MonitoringSchedule, "hourly", **values)
    assert only(baseline_uses(view_of(*ALL, schedule))).schedules == names


EVENT = '{"detail-type": ["SageMaker Model Package State Change"]%s}'
OF_FRAUD = EVENT % ', "detail": {"ModelPackageGroupName": ["fraud"]}'
OF_OTHERS = EVENT % ', "detail": {"ModelPackageGroupName": ["fraud-2"]}'


@pytest.mark.parametrize(
    ("values", "tied"),
    [
        ({"pattern": EVENT % "", "targets": ("arn:f",)}, True),
        ({"pattern": OF_FRAUD, "targets": ("arn:f",)}, True),
        ({"pattern": OF_OTHERS, "targets": ("arn:f",)}, False),
        ({"pattern": EVENT % "", "targets": ()}, False),
        ({"pattern": EVENT % "", "targets": ("arn:f",), "enabled": False}, False),
        ({"pattern": '{"source": ["aws.s3"]}', "targets": ("arn:f",)}, False),
    ],
)
def test_a_rule_on_approval_ties_deployment_to_the_registry(
    values: dict[str, Any],
    tied: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    rule = build(Trigger, "on-approval", **values)
    found = only(rollback_versions(view_of(*deployed(model_data=ARTEFACT), package(), JOB, rule)))
    assert (found.deployed_from is not None) is tied


@pytest.mark.parametrize(
    ("other", "earlier"),
    [
        (OLDER, 1),
        (package(1, created_at=OLD, approval="Rejected"), 0),
        (package(1, created_at=OLD, status="Failed"), 0),
        (package(1, created_at=OLD, group_name="other"), 0),
        (package(3), 0),
    ],
)
def test_older_approved_versions_are_there_to_go_back_to(other: ModelPackage, earlier: int) -> None:
    found = only(rollback_versions(view_of(*ALL, other)))
    assert (found.deployed_from, found.earlier) == ("names its version", earlier)


REGISTERED = step("registermodel", package().arn)
TRAINED = step("training", JOB.arn)
PIPELINE = build(Pipeline, "train")
TOLD = build(
    TrainingJob, "fraud-1", artifact=ARTEFACT, image="xgboost:1", hyperparameters={"eta": "0.1"}
)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ((TOLD, REGISTERED, TRAINED), (True, True, True)),
        ((TOLD, REGISTERED), (True, True, False)),
        ((TOLD, TRAINED), (True, True, False)),
        ((JOB, REGISTERED, TRAINED), (True, False, True)),
        (
            (TOLD, build(TrainingJob, "fraud-2", artifact=ARTEFACT), REGISTERED, TRAINED),
            (False, False, True),
        ),
    ],
)
def test_what_is_on_record_of_the_training(
    resources: tuple[Resource, ...], expected: tuple[bool, bool, bool]
) -> None:
    found = only(training_records(view_of(*deployed(), package(), PIPELINE, *resources)))
    assert (found.single, found.described, found.tied) == expected


def test_only_what_was_trained_has_a_training_on_record() -> None:
    provided = "s3://jumpstart-cache-prod-eu-west-1/llm/artifacts/v1/"
    assert training_records(view_of(*deployed(model_data=provided))) == Evidence()
    by_hand = only(training_records(view_of(*deployed(model_data="s3://b/by-hand"))))
    assert (by_hand.jobs, by_hand.single, by_hand.tied) == ((), False, False)


def test_a_training_out_of_sight_is_not_missing() -> None:
    found = training_records(view_of(*deployed(model_data="s3://b/x/output/model.tar.gz")))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["OriginNotFound"]


CLARIFY = "123.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0"


def test_reports_are_those_of_the_version_that_serves() -> None:
    reported = package(explainability_uri="s3://b/e", bias_uri="s3://b/b")
    found = only(fairness_reports(view_of(*deployed(), reported, JOB)))
    assert (found.explained, found.bias, found.data_bias) == (True, True, False)
    assert not found.explained_before


def test_reports_of_other_versions_of_the_group_are_told_apart() -> None:
    older = package(1, created_at=OLD, explainability_uri="s3://b/e", data_bias_uri="s3://b/b")
    found = only(fairness_reports(view_of(*ALL, older)))
    assert (found.explained, found.explained_before, found.bias_before) == (False, True, True)
    elsewhere = package(1, group_name="other", explainability_uri="s3://b/e")
    assert not only(fairness_reports(view_of(*ALL, elsewhere))).explained_before


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"image": CLARIFY}, ("bias-1",)),
        ({"image": CLARIFY, "status": "Failed"}, ()),
        ({"image": CLARIFY, "ended_at": OLD}, ()),
        ({"image": "own:1"}, ()),
    ],
)
def test_jobs_that_analyse_are_known_by_their_image(
    values: dict[str, Any], names: tuple[str, ...]
) -> None:
    job = build(ProcessingJob, "bias-1", **values)
    assert only(fairness_reports(view_of(*ALL, job))).analysed_by == names
