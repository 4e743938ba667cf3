"""Roles and policies of IAM, keys of KMS and secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import Facet, Reading, Row, Tagging


def _attached(owner: str) -> tuple[Facet, Facet]:
    """Return the facets of policies that belong to a role or a user."""
    return (
        Facet(
            ("ManagedPolicyArns",),
            f"Attach{owner}Policy",
            f"Detach{owner}Policy",
            lambda item, _: {"PolicyArn": item},
            each=True,
        ),
        Facet(
            ("Policies",),
            f"Put{owner}Policy",
            f"Delete{owner}Policy",
            lambda item, _: item,
            each=True,
        ),
    )


def _inline(owner: str) -> Facet:
    """Return the facet of a policy put into roles, users or groups."""

    def given(item: Any, known: Record) -> Record:
        return {
            f"{owner}Name": item,
            "PolicyName": known["PolicyName"],
            "PolicyDocument": known["PolicyDocument"],
        }

    return Facet(
        (f"{owner}s", "PolicyDocument", "PolicyName"),
        f"Put{owner}Policy",
        f"Delete{owner}Policy",
        given,
        each=True,
    )


def _lent(owner: str) -> Facet:
    """Return the facet of a managed policy attached to roles, users or groups."""
    return Facet(
        (f"{owner}s",),
        f"Attach{owner}Policy",
        f"Detach{owner}Policy",
        lambda item, _: {f"{owner}Name": item},
        each=True,
    )


def _without_versions(account: Account, known: Record) -> None:
    """Delete the versions of a policy that are not in force, as has to be done before it."""
    arn = known["PolicyArn"]
    for each in account.ask("iam", "ListPolicyVersions", {"PolicyArn": arn})["Versions"]:
        if not each["IsDefaultVersion"]:
            params = {"PolicyArn": arn, "VersionId": each["VersionId"]}
            account.ask("iam", "DeletePolicyVersion", params)


def _next_version(_: Account, properties: Record) -> Record:
    return {**properties, "SetAsDefault": True}


def _secret(account: Account, properties: Record) -> Record:
    shaped = dict(properties)
    wish = shaped.pop("GenerateSecretString", None)
    if wish is not None:
        wish = dict(wish)
        template, key = wish.pop("SecretStringTemplate", None), wish.pop("GenerateStringKey", None)
        made = account.ask("secretsmanager", "GetRandomPassword", wish)["RandomPassword"]
        shaped["SecretString"] = (
            json.dumps({**json.loads(template), key: made}) if template and key else made
        )
    return shaped


def _same_secret(_: Account, properties: Record) -> Record:
    """Return a secret that is to change in something else: what was generated stays."""
    return properties


ROWS: Mapping[str, Row] = {
    "AWS::IAM::InstanceProfile": Row(
        service="iam",
        facets=(
            Facet(
                ("Roles",),
                "AddRoleToInstanceProfile",
                "RemoveRoleFromInstanceProfile",
                lambda item, _: {"RoleName": item},
                each=True,
            ),
        ),
    ),
    "AWS::IAM::ManagedPolicy": Row(
        service="iam",
        create="CreatePolicy",
        update="CreatePolicyVersion",
        delete="DeletePolicy",
        reading=Reading("GetPolicy"),
        names={"ManagedPolicyName": "PolicyName"},
        attributes={"PolicyArn": "Arn"},
        change=_next_version,
        clear=_without_versions,
        facets=(_lent("Role"), _lent("User"), _lent("Group")),
    ),
    "AWS::IAM::OIDCProvider": Row(
        service="iam",
        create="CreateOpenIDConnectProvider",
        update="",
        delete="DeleteOpenIDConnectProvider",
        reading=Reading("GetOpenIDConnectProvider"),
        attributes={"Arn": "OpenIDConnectProviderArn"},
        facets=(Facet(("ThumbprintList",), "UpdateOpenIDConnectProviderThumbprint", later=True),),
        tagging=Tagging(
            "TagOpenIDConnectProvider",
            "UntagOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": "OpenIDConnectProviderArn"},
        ),
    ),
    "AWS::IAM::Policy": Row(
        service="iam",
        create="",
        update="",
        delete="",
        name="PolicyName",
        facets=(_inline("Role"), _inline("User"), _inline("Group")),
    ),
    "AWS::IAM::Role": Row(
        service="iam",
        facets=(
            Facet(
                ("AssumeRolePolicyDocument",),
                "UpdateAssumeRolePolicy",
                given=lambda item, _: {"PolicyDocument": item},
                later=True,
            ),
            Facet(
                ("PermissionsBoundary",),
                "PutRolePermissionsBoundary",
                "DeleteRolePermissionsBoundary",
                later=True,
                keep=True,
            ),
            *_attached("Role"),
        ),
        tagging=Tagging("TagRole", "UntagRole", {"RoleName": "RoleName"}),
    ),
    "AWS::IAM::User": Row(
        service="iam",
        keys=("UserName",),
        facets=_attached("User"),
        tagging=Tagging("TagUser", "UntagUser", {"UserName": "UserName"}),
    ),
    "AWS::KMS::Alias": Row(service="kms"),
    "AWS::KMS::Key": Row(
        service="kms",
        delete="ScheduleKeyDeletion",
        names={"KeyPolicy": "Policy"},
        keys=("PendingWindowInDays",),
        ignored=("PendingWindowInDays",),
        facets=(
            Facet(
                ("EnableKeyRotation", "RotationPeriodInDays"),
                "EnableKeyRotation",
                "DisableKeyRotation",
                read="GetKeyRotationStatus",
                switch=True,
                keep=True,
            ),
            Facet(("Enabled",), "EnableKey", "DisableKey", switch=True, keep=True),
            Facet(
                ("KeyPolicy",),
                "PutKeyPolicy",
                given=lambda item, _: {"Policy": item, "PolicyName": "default"},
                later=True,
            ),
            Facet(("Description",), "UpdateKeyDescription", later=True),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"KeyId": "KeyId"}),
    ),
    "AWS::SecretsManager::Secret": Row(
        service="secretsmanager",
        names={"ReplicaRegions": "AddReplicaRegions"},
        attributes={"SecretId": "ARN", "Id": "ARN", "ForceDeleteWithoutRecovery": "`true`"},
        keys=("ForceDeleteWithoutRecovery",),
        reshape=_secret,
        change=_same_secret,
        tagging=Tagging("TagResource", "UntagResource", {"SecretId": "ARN"}),
    ),
}
