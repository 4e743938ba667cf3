"""Records in the words of the SDK: registered versions and lineage."""

from __future__ import annotations

from typing import Any

from sagemaker.core.drift_check_baselines import DriftCheckBaselines
from sagemaker.core.lineage.action import Action
from sagemaker.core.lineage.artifact import Artifact
from sagemaker.core.metadata_properties import MetadataProperties
from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.shapes import ModelPackageModelCard
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.lineage_step import LineageAssociation, LineageEntityReference
from sagemaker.serve.model_builder import ModelBuilder

from mlaudit_reference.authoring.values import Words
from mlaudit_reference.definitions.expressions import Request


class Records:
    """Makes the arguments of steps that put something on record."""

    def __init__(self, words: Words, session: PipelineSession, role: str) -> None:
        """Remember with which words, and as whom the SDK is to believe it works."""
        self._words = words
        self._session = session
        self._role = role

    def package(self, request: Request) -> Any:
        """A version in the registry."""
        say = self._words.each
        (container,) = request["InferenceSpecification"]["Containers"]
        served = request["InferenceSpecification"]
        builder = ModelBuilder(
            s3_model_data_url=self._words.say(container["ModelDataUrl"]),
            image_uri=self._words.say(container["Image"]),
            env_vars=dict(container["Environment"]),
            dependencies={},
            role_arn=self._role,
            sagemaker_session=self._session,
        )
        metadata = say(request["MetadataProperties"])
        return builder.register(
            model_package_group_name=request["ModelPackageGroupName"],
            content_types=served["SupportedContentTypes"],
            response_types=served["SupportedResponseMIMETypes"],
            inference_instances=served["SupportedRealtimeInferenceInstanceTypes"],
            transform_instances=served["SupportedTransformInstanceTypes"],
            model_metrics=self._metrics(request["ModelMetrics"]),
            drift_check_baselines=self._baselines(request["DriftCheckBaselines"]),
            metadata_properties=MetadataProperties(
                commit_id=metadata["CommitId"],
                repository=metadata["Repository"],
                project_id=metadata["ProjectId"],
            ),
            customer_metadata_properties=say(request["CustomerMetadataProperties"]),
            approval_status=self._words.say(request["ModelApprovalStatus"]),
            description=request["ModelPackageDescription"],
            model_card=ModelPackageModelCard(
                model_card_content=request["ModelCard"]["ModelCardContent"],
                model_card_status=request["ModelCard"]["ModelCardStatus"],
            ),
        )

    def lineage(self, request: Request) -> dict[str, Any]:
        """What a Lineage step records."""
        return {
            "actions": [self._action(each) for each in request["Actions"]],
            "artifacts": [self._artifact(each) for each in request["Artifacts"]],
            "associations": [
                LineageAssociation(
                    source=self._end(each["Source"]),
                    destination=self._end(each["Destination"]),
                    association_type=each["AssociationType"],
                )
                for each in request["Associations"]
            ],
        }

    def _action(self, request: Request) -> Any:
        return Action.create(
            action_name=self._words.say(request["ActionName"]),
            action_type=request["ActionType"],
            source_uri=self._words.say(request["Source"]["SourceUri"]),
            source_type=request["Source"]["SourceType"],
            properties=self._words.each(request["Properties"]),
            sagemaker_session=self._session,
        )

    def _artifact(self, request: Request) -> Any:
        properties = request.get("Properties")
        return Artifact.create(
            artifact_name=self._words.say(request["ArtifactName"]),
            artifact_type=request["ArtifactType"],
            source_uri=self._words.say(request["Source"]["SourceUri"]),
            properties=self._words.each(properties) if properties else None,
            sagemaker_session=self._session,
        )

    def _end(self, end: Request) -> Any:
        return LineageEntityReference(name=self._words.say(end["Name"]), type=end["Type"])

    def _metrics(self, request: Request) -> Any:
        return ModelMetrics(
            bias_pre_training=self._file(request["Bias"]["PreTrainingReport"]),
            bias_post_training=self._file(request["Bias"]["PostTrainingReport"]),
            explainability=self._file(request["Explainability"]["Report"]),
            **self._measured(request),
        )

    def _baselines(self, request: Request) -> Any:
        return DriftCheckBaselines(
            bias_pre_training_constraints=self._file(request["Bias"]["PreTrainingConstraints"]),
            bias_post_training_constraints=self._file(request["Bias"]["PostTrainingConstraints"]),
            explainability_constraints=self._file(request["Explainability"]["Constraints"]),
            **self._measured(request),
        )

    def _measured(self, request: Request) -> dict[str, Any]:
        data, quality = request["ModelDataQuality"], request["ModelQuality"]
        return {
            "model_data_constraints": self._file(data["Constraints"]),
            "model_data_statistics": self._file(data["Statistics"]),
            "model_constraints": self._file(quality["Constraints"]),
            "model_statistics": self._file(quality["Statistics"]),
        }

    def _file(self, file: Request) -> Any:
        place = self._words.say(file["S3Uri"])
        return MetricsSource(content_type=file["ContentType"], s3_uri=place)
