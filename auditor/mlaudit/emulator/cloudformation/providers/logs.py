"""Log groups and what is made of logs."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import Facet, Reading, Row, Tagging


def _switched_on(_: Account, properties: Record) -> Record:
    """Return a detector that is to change, for that has to say whether it is on."""
    return {**properties, "Enabled": True}


ROWS: Mapping[str, Row] = {
    "AWS::Logs::LogAnomalyDetector": Row(
        service="logs",
        ignored=("AccountId",),
        change=_switched_on,
    ),
    "AWS::Logs::LogGroup": Row(
        service="logs",
        reading=Reading(
            "DescribeLogGroups",
            {"logGroupNamePrefix": "logGroupName"},
            "logGroups[?logGroupName=='{id}'] | [0]",
        ),
        facets=(
            Facet(("RetentionInDays",), "PutRetentionPolicy", "DeleteRetentionPolicy", keep=True),
            Facet(("KmsKeyId",), "AssociateKmsKey", "DisassociateKmsKey", later=True, keep=True),
        ),
        attributes={
            "Arn": "arn",
            "TagArn": (
                "join('', ['arn:aws:logs:', \"AWS::Region\", ':', \"AWS::AccountId\", "
                "':log-group:', logGroupName])"
            ),
        },
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "TagArn"}),
    ),
    "AWS::Logs::MetricFilter": Row(
        service="logs",
        overwrites=True,
        create="PutMetricFilter",
        update="PutMetricFilter",
        name="FilterName",
        ref=("FilterName",),
        reading=Reading(
            "DescribeMetricFilters",
            {"logGroupName": "logGroupName", "filterNamePrefix": "filterName"},
            "metricFilters[?filterName=='{id}'] | [0]",
        ),
        whole=True,
    ),
    "AWS::Logs::QueryDefinition": Row(
        service="logs",
        create="PutQueryDefinition",
        update="PutQueryDefinition",
        keys=("queryDefinitionId",),
        whole=True,
    ),
    "AWS::Logs::ResourcePolicy": Row(
        service="logs",
        create="PutResourcePolicy",
        keys=("policyName",),
        update="PutResourcePolicy",
        whole=True,
    ),
}
