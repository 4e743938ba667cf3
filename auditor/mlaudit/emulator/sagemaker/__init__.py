"""SageMaker, served from botocore's model of it and a little hand-written meaning."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Handler
from mlaudit.emulator.sagemaker import (
    candidates,
    experiments,
    features,
    jobs,
    lineage,
    monitoring,
    naming,
    portfolio,
    registry,
    search,
    serving,
    tags,
    tuning,
    verbs,
)
from mlaudit.emulator.sagemaker.pipelines import definition, executions

# Operations that a verb and a noun do not explain; unless written below, they are refused.
_NOT_GENERIC = [
    # The model wants regions without a digit in the ARNs of the edge services.
    "CreateDeviceFleet",
    "CreateEdgePackagingJob",
    "CreateEdgeDeploymentPlan",
    "CreateEdgeDeploymentStage",
    "CreateHubContentPresignedUrls",
    "CreateHubContentReference",
    "CreatePartnerAppPresignedUrl",
    "CreatePresignedDomainUrl",
    "CreatePresignedMlflowAppUrl",
    "CreatePresignedMlflowTrackingServerUrl",
    "CreatePresignedNotebookInstanceUrl",
    "CreateModelCardExportJob",
    "CreateClusterExtension",
    "StartSession",
    "StartClusterHealthCheck",
    "DescribeDevice",
    "DescribeStudioLifecycleConfigs",
    "UpdateDevices",
    "UpdateClusterSoftware",
    "UpdateMonitoringAlert",
    "UpdateFeatureMetadata",
    "DescribeFeatureMetadata",
    "ListModelMetadata",
    "ListResourceCatalogs",
    "ListStageDevices",
    "ListAliases",
    "ListClusterNodes",
    "DescribeClusterNode",
]

_WRITTEN: Mapping[str, Handler] = {
    "AddAssociation": lineage.add,
    "AddTags": tags.add_tags,
    "AssociateTrialComponent": experiments.associate,
    "BatchDescribeModelPackage": registry.batch_describe,
    "CreateAutoMLJob": verbs.create("AutoMLJob", after=jobs.automl),
    "CreateAutoMLJobV2": verbs.create("AutoMLJob", after=jobs.automl),
    "CreateCompilationJob": verbs.create("CompilationJob", after=jobs.generic),
    "CreateDataQualityJobDefinition": monitoring.create_definition("DataQualityJobDefinition"),
    "CreateEndpoint": verbs.create("Endpoint", before=serving.endpoint_refers),
    "CreateEndpointConfig": verbs.create("EndpointConfig", before=serving.config_refers),
    "CreateHyperParameterTuningJob": verbs.create("HyperParameterTuningJob", after=tuning.run),
    "CreateInferenceComponent": verbs.create("InferenceComponent", before=serving.component_refers),
    "CreateInferenceRecommendationsJob": verbs.create(
        "InferenceRecommendationsJob", after=jobs.recommendation
    ),
    "CreateModel": verbs.create("Model", before=serving.model_refers),
    "CreateModelBiasJobDefinition": monitoring.create_definition("ModelBiasJobDefinition"),
    "CreateModelExplainabilityJobDefinition": monitoring.create_definition(
        "ModelExplainabilityJobDefinition"
    ),
    "CreateModelCard": verbs.create("ModelCard", before=experiments.card_created),
    "CreateModelPackage": registry.create_package,
    "CreateModelPackageGroup": verbs.create("ModelPackageGroup", before=registry.group_created),
    "CreateModelQualityJobDefinition": monitoring.create_definition("ModelQualityJobDefinition"),
    "CreateMonitoringSchedule": verbs.create(
        "MonitoringSchedule", before=monitoring.schedule_refers, after=monitoring.schedule_created
    ),
    "CreatePipeline": verbs.create("Pipeline", before=definition.accept),
    "CreateProcessingJob": verbs.create("ProcessingJob", after=jobs.processing),
    "CreateTrainingJob": verbs.create("TrainingJob", after=jobs.training),
    "CreateTransformJob": verbs.create(
        "TransformJob", before=serving.transform_refers, after=jobs.transform
    ),
    "DeleteArtifact": lineage.delete_artifact,
    "DeleteAssociation": lineage.remove,
    "DeleteEndpointConfig": serving.delete_in_use,
    "DeleteModelPackageGroup": registry.delete_group,
    "DeleteModelPackageGroupPolicy": registry.delete_policy,
    "DeleteTags": tags.delete_tags,
    "DescribeAutoMLJobV2": verbs.describe("AutoMLJob"),
    "DescribePipelineDefinitionForExecution": executions.describe_definition,
    "DescribePipelineExecution": executions.describe,
    "DisableSagemakerServicecatalogPortfolio": portfolio.disable,
    "DisassociateTrialComponent": experiments.disassociate,
    "EnableSagemakerServicecatalogPortfolio": portfolio.enable,
    "GetSagemakerServicecatalogPortfolioStatus": portfolio.status,
    "GetModelPackageGroupPolicy": registry.get_policy,
    "ListCandidatesForAutoMLJob": candidates.list_,
    "ListAssociations": lineage.list_associations,
    "ListModelCardVersions": experiments.list_card_versions,
    "ListModelPackages": registry.list_packages,
    "ListMonitoringExecutions": monitoring.list_executions,
    "ListPipelineExecutionSteps": executions.list_steps,
    "ListPipelineExecutions": executions.list_,
    "ListPipelineParametersForExecution": executions.list_parameters,
    "ListPipelineVersions": definition.list_versions,
    "ListTags": tags.list_tags,
    "ListTrainingJobsForHyperParameterTuningJob": tuning.children_of,
    "ListTrialComponents": experiments.list_components,
    "ListTrials": experiments.list_trials,
    "PutModelPackageGroupPolicy": registry.put_policy,
    "QueryLineage": lineage.query,
    "Search": search.search,
    "StartPipelineExecution": executions.start,
    "StopPipelineExecution": executions.stop,
    "UpdateEndpoint": serving.update_endpoint,
    "UpdateInferenceComponent": serving.update_component,
    "UpdateEndpointWeightsAndCapacities": serving.update_weights,
    "UpdateFeatureGroup": features.update,
    "UpdateModelCard": experiments.update_card,
    "UpdateModelPackage": registry.update_package,
    "UpdatePipeline": definition.update,
    "UpdatePipelineExecution": executions.update,
}


def _handlers() -> dict[str, Handler]:
    found: dict[str, Handler] = {}
    names = naming.MODEL.operation_names if naming.MODEL else []
    for name in names:
        handler = _WRITTEN.get(name) or _generic(name)
        if handler is not None:
            found[name] = handler
    return found


def _generic(operation: str) -> Handler | None:
    if operation in _NOT_GENERIC:
        return None
    if operation.startswith("List"):
        kind = naming.listed_kind(operation)
        return verbs.list_(kind) if _created(kind) and naming.summary(operation) else None
    for verb, make in verbs.GENERIC.items():
        kind = operation.removeprefix(verb)
        if kind != operation and _created(kind):
            return make(naming.SAME.get(kind, kind))
    return None


def _created(kind: str) -> bool:
    return naming.exists(f"Create{kind}") and f"Create{kind}" not in _NOT_GENERIC


HANDLERS: Mapping[str, Handler] = _handlers()
