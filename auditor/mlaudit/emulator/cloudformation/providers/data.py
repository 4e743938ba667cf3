"""Tables, clusters of brokers, catalogues, queries and parameters."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, NAMELESS, Facet, Reading, Row, Tagging


def _table(_: Account, properties: Record) -> Record:
    """Return a table as its service spells it."""
    shaped = dict(properties)
    if "SSESpecification" in shaped:
        given = dict(shaped["SSESpecification"])
        given["Enabled"] = given.pop("SSEEnabled", True)
        shaped["SSESpecification"] = given
    if "StreamSpecification" in shaped:
        given = {
            key: each
            for key, each in shaped["StreamSpecification"].items()
            if key == "StreamViewType"
        }
        shaped["StreamSpecification"] = {"StreamEnabled": True, **given}
    if "BillingMode" not in shaped and "ProvisionedThroughput" not in shaped:
        shaped["BillingMode"] = "PAY_PER_REQUEST"
    return shaped


def _serverless(_: Account, properties: Record) -> Record:
    networks = [
        {"SubnetIds": each["SubnetIds"], "SecurityGroupIds": each.get("SecurityGroups", [])}
        for each in properties["VpcConfigs"]
    ]
    shaped = {key: each for key, each in properties.items() if key in {"ClusterName", "Tags", NAME}}
    shaped["Serverless"] = {
        "VpcConfigs": networks,
        "ClientAuthentication": properties["ClientAuthentication"],
    }
    return shaped


def _database(account: Account, properties: Record) -> Record:
    given = dict(properties["DatabaseInput"])
    given["Name"] = given.get("Name") or properties.get("DatabaseName") or properties[NAME].lower()
    return {
        **properties,
        "DatabaseInput": given,
        "Name": given["Name"],
        "CatalogId": account.call.account,
    }


def _catalogued(account: Account, properties: Record) -> Record:
    given = dict(properties["TableInput"])
    given["Name"] = given.get("Name") or properties.get("Name") or properties[NAME].lower()
    shaped = {key: each for key, each in properties.items() if key != "Name"}
    return {**shaped, "TableInput": given, "Name": given["Name"], "CatalogId": account.call.account}


def _glue(kind: str) -> Tagging:
    parts = f"'arn:aws:glue:', \"AWS::Region\", ':', \"AWS::AccountId\", ':{kind}/', Name"
    return Tagging("TagResource", "UntagResource", {"ResourceArn": f"join('', [{parts}])"})


def _overwritten(_: Account, properties: Record) -> Record:
    shaped = {key: each for key, each in properties.items() if key != "Tags"}
    return {**shaped, "Overwrite": True}


def _changed_group(_: Account, properties: Record) -> Record:
    shaped = dict(properties)
    changes = dict(shaped.pop("WorkGroupConfiguration", {}))
    if "ResultConfiguration" in changes:
        changes["ResultConfigurationUpdates"] = changes.pop("ResultConfiguration")
    return {**shaped, "ConfigurationUpdates": changes}


def _newest(_: Account, properties: Record) -> Record:
    return {**properties, "DocumentVersion": "$LATEST"}


ROWS: Mapping[str, Row] = {
    "AWS::Athena::NamedQuery": Row(service="athena", name="Name", shared=True),
    "AWS::Athena::WorkGroup": Row(
        service="athena",
        names={"WorkGroupConfiguration": "Configuration"},
        change=_changed_group,
        attributes={"WorkGroup": "Name"},
        keys=("RecursiveDeleteOption",),
        ignored=("RecursiveDeleteOption",),
        reading=Reading("GetWorkGroup", {"WorkGroup": "Name"}, "WorkGroup"),
        tagging=Tagging(
            "TagResource",
            "UntagResource",
            {
                "ResourceARN": (
                    "join('', ['arn:aws:athena:', \"AWS::Region\", ':', \"AWS::AccountId\", "
                    "':workgroup/', Name])"
                )
            },
        ),
    ),
    "AWS::DynamoDB::Table": Row(
        service="dynamodb",
        reshape=_table,
        reading=Reading("DescribeTable", {"TableName": "TableName"}, "Table"),
        attributes={"Arn": "TableArn", "StreamArn": "LatestStreamArn"},
        facets=(
            Facet(
                ("PointInTimeRecoverySpecification",),
                "UpdateContinuousBackups",
                "UpdateContinuousBackups",
                taken=lambda *_: {
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}
                },
                read="DescribeContinuousBackups",
                keep=True,
            ),
            Facet(
                ("TimeToLiveSpecification",),
                "UpdateTimeToLive",
                read="DescribeTimeToLive",
                keep=True,
            ),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"ResourceArn": "TableArn"}),
    ),
    "AWS::Glue::Crawler": Row(
        service="glue",
        tagging=_glue("crawler"),
    ),
    "AWS::Glue::DataQualityRuleset": Row(service="glue", tagging=_glue("dataQualityRuleset")),
    "AWS::Glue::Database": Row(
        service="glue",
        name=NAMELESS,
        reshape=_database,
        keys=("CatalogId",),
        ref=("Name",),
        ignored=("DatabaseName",),
        reading=Reading("GetDatabase", {"Name": "Name"}, "Database"),
        whole=True,
    ),
    "AWS::Glue::Table": Row(
        service="glue",
        name=NAMELESS,
        reshape=_catalogued,
        keys=("CatalogId",),
        ref=("Name",),
        ignored=("Name",),
        reading=Reading("GetTable", {"DatabaseName": "DatabaseName", "Name": "Name"}, "Table"),
        whole=True,
    ),
    "AWS::MSK::Cluster": Row(
        service="kafka",
        update="",
        reading=Reading("DescribeCluster", {"ClusterArn": "ClusterArn"}, "ClusterInfo"),
        ref=("ClusterArn",),
        attributes={"Arn": "ClusterArn"},
        tagging=Tagging("TagResource", "UntagResource", {"ResourceArn": "ClusterArn"}),
    ),
    "AWS::MSK::ServerlessCluster": Row(
        service="kafka",
        create="CreateClusterV2",
        update="",
        delete="DeleteCluster",
        name="ClusterName",
        reading=Reading("DescribeClusterV2", {"ClusterArn": "ClusterArn"}, "ClusterInfo"),
        reshape=_serverless,
        ref=("ClusterArn",),
        attributes={"Arn": "ClusterArn"},
        ignored=("ClientAuthentication", "VpcConfigs"),
    ),
    "AWS::SSM::Document": Row(
        service="ssm",
        reading=Reading("DescribeDocument", {"Name": "Name"}, "Document"),
        ignored=("UpdateMethod",),
        facets=(),
        change=_newest,
        tagging=Tagging(
            "AddTagsToResource",
            "RemoveTagsFromResource",
            {"ResourceType": "'Document'", "ResourceId": "Name"},
        ),
    ),
    "AWS::SSM::Parameter": Row(
        service="ssm",
        create="PutParameter",
        update="PutParameter",
        change=_overwritten,
        reading=Reading("GetParameter", {"Name": "Name"}, "Parameter"),
        tagging=Tagging(
            "AddTagsToResource",
            "RemoveTagsFromResource",
            {"ResourceType": "'Parameter'", "ResourceId": "Name"},
        ),
        whole=True,
    ),
}
