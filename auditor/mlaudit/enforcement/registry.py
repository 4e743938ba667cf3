"""Withdraw the approval of one version: the only call of mlaudit to AWS that is not a read."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import ClientError

from mlaudit.capabilities.registry import APPROVED
from mlaudit.collect.failures import reason_of
from mlaudit.model import GapReason

PENDING, REJECTED = "PendingManualApproval", "Rejected"


class Version:
    """One version in the model registry, by its ARN."""

    def __init__(self, arn: str) -> None:
        """Call SageMaker where the version is."""
        self.arn = arn
        self.region = arn.split(":")[3]
        self._client: Any = boto3.client("sagemaker", region_name=self.region)

    def is_approved(self) -> bool:
        """Whether it is approved; one that cannot be read may be, one that is gone is not."""
        try:
            found = self._client.describe_model_package(ModelPackageName=self.arn)
        except ClientError as error:
            return not _is_gone(error)
        return bool(found.get("ModelApprovalStatus") == APPROVED)

    def withdraw(self, status: str, reason: str) -> bool:
        """Take the approval back, unless somebody already did; tell whether it was changed here."""
        if not self.is_approved():
            return False
        self._client.update_model_package(
            ModelPackageArn=self.arn, ModelApprovalStatus=status, ApprovalDescription=reason
        )
        return True


def _is_gone(error: ClientError) -> bool:
    told = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))
    return reason_of(code, message, status) is GapReason.GONE
