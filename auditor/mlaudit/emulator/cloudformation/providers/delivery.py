"""Repositories, builds, pipelines of delivery and connections."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, Facet, Reading, Row, Tagging


def _lower(name: str, _: Record) -> str:
    return name.lower()


def _pipeline(_: Account, properties: Record) -> Record:
    """Return a pipeline of delivery as its service spells it."""
    shaped = {key: each for key, each in properties.items() if key not in {"Tags", NAME}}
    shaped["Stages"] = [
        {
            **{key: each for key, each in stage.items() if key not in {"Actions", "Blockers"}},
            "Actions": [_action(each) for each in stage["Actions"]],
        }
        for stage in shaped["Stages"]
    ]
    if "ArtifactStores" in shaped:
        stores = shaped.pop("ArtifactStores")
        shaped["ArtifactStores"] = {each["Region"]: each["ArtifactStore"] for each in stores}
    shaped.pop("RestartExecutionOnUpdate", None)
    shaped.pop("DisableInboundStageTransitions", None)
    return {"pipeline": shaped, "Tags": properties.get("Tags", []), "Name": properties["Name"]}


def _action(action: Record) -> Record:
    return {**action, "RunOrder": action.get("RunOrder", 1)}


def _emptied(_: Account, known: Record) -> None:
    """Say that a repository goes with its images where the template says so."""
    if str(known.get("EmptyOnDelete")).lower() == "true":
        known["force"] = True


_CONNECTION = Tagging("TagResource", "UntagResource", {"ResourceArn": "ConnectionArn"})

ROWS: Mapping[str, Row] = {
    "AWS::CodeBuild::Project": Row(
        service="codebuild",
        ref=("Name",),
        attributes={"Arn": "project.arn || arn"},
        reading=Reading("BatchGetProjects", {"names": "[name]"}, "projects[0]"),
        ignored=("Visibility",),
        facets=(
            Facet(
                ("Triggers",),
                "CreateWebhook",
                "DeleteWebhook",
                lambda item, known: {
                    "projectName": known["name"],
                    "filterGroups": item.get("FilterGroups"),
                    "buildType": item.get("BuildType"),
                },
                keep=True,
            ),
        ),
    ),
    "AWS::CodeConnections::Connection": Row(service="codeconnections", tagging=_CONNECTION),
    "AWS::CodePipeline::Pipeline": Row(
        service="codepipeline",
        reshape=_pipeline,
        ref=("Name",),
        attributes={"Arn": "metadata.pipelineArn", "Version": "to_string(pipeline.version)"},
        ignored=("Name", "RestartExecutionOnUpdate", "DisableInboundStageTransitions"),
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "metadata.pipelineArn"}),
    ),
    "AWS::CodeStarConnections::Connection": Row(
        service="codestar-connections", tagging=_CONNECTION
    ),
    "AWS::GreengrassV2::ComponentVersion": Row(
        service="greengrassv2",
        update="",
        delete="DeleteComponent",
        reading=Reading("DescribeComponent"),
        ref=("arn",),
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "arn"}),
    ),
    "AWS::ECR::Repository": Row(
        service="ecr",
        named=_lower,
        reading=Reading(
            "DescribeRepositories", {"repositoryNames": "[repositoryName]"}, "repositories[0]"
        ),
        attributes={"Arn": "repositoryArn"},
        keys=("force",),
        ignored=("EmptyOnDelete",),
        clear=_emptied,
        facets=(
            Facet(
                ("ImageScanningConfiguration",),
                "PutImageScanningConfiguration",
                later=True,
                keep=True,
            ),
            Facet(("ImageTagMutability",), "PutImageTagMutability", later=True, keep=True),
            Facet(
                ("LifecyclePolicy",),
                "PutLifecyclePolicy",
                "DeleteLifecyclePolicy",
                lambda item, _: {"lifecyclePolicyText": item["LifecyclePolicyText"]},
                keep=True,
            ),
            Facet(
                ("RepositoryPolicyText",),
                "SetRepositoryPolicy",
                "DeleteRepositoryPolicy",
                lambda item, _: {"policyText": item},
                keep=True,
            ),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "repositoryArn"}),
    ),
}
