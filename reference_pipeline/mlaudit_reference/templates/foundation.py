"""The stack under all others: the key, the buckets, and the topic that people hear alarms by."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest, Reach
from mlaudit_reference.templates import network, shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Content,
    Properties,
    Stack,
    Value,
    att,
    policy,
    ref,
    resource,
    sub,
)

DAYS_OF_OLD_VERSIONS = 365
"""Snapshots of training data outlive the models trained on them (guide item 9.3)."""


def _content(manifest: Manifest) -> Content:
    resources = {
        **_key(manifest),
        **_bucket(manifest, "Log", logged=False),
        **_bucket(manifest, "Data"),
        **_bucket(manifest, "Artifact"),
        **_topic(manifest),
    }
    outputs: dict[str, Value] = {
        shared.LOG_BUCKET: ref("LogBucket"),
        shared.DATA_BUCKET: ref("DataBucket"),
        shared.ARTIFACT_BUCKET: ref("ArtifactBucket"),
        shared.ALERTS: ref("AlertsTopic"),
    }
    if manifest.encryption == "kms":
        outputs[shared.KEY] = att("Key")
    if manifest.network.reach is Reach.OWN:
        own = network.own(manifest)
        resources |= own.resources
        outputs |= own.outputs
    return Content(resources, outputs)


STACK = Stack(
    name="foundation",
    about="Key, buckets, network and the topic of alarms: what all other stacks stand on.",
    wanted=lambda _: True,
    content=_content,
    needs=(),
)


def _key(manifest: Manifest) -> dict[str, Properties]:
    """The key; services may use it for what they do on behalf of this account alone."""
    if manifest.encryption != "kms":
        return {}
    everything = {
        "Sid": "ManagedByTheAccount",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {
        "Key": resource(
            "AWS::KMS::Key",
            {
                "Description": f"Encrypts everything of {manifest.name}",
                "EnableKeyRotation": True,
                "KeyPolicy": policy([everything, *_used_by_services()]),
            },
            keep=manifest.data.retain,
        ),
        "KeyAlias": resource(
            "AWS::KMS::Alias",
            {"AliasName": f"alias/{manifest.name}", "TargetKeyId": ref("Key")},
        ),
    }


def _used_by_services() -> list[Properties]:
    """What services do with the key by themselves, each bound as its documentation tells.

    Logs are bound by what they encrypt; what alarms and rules publish by the policy of the topic.
    """
    use = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    publish = ["kms:Decrypt", "kms:GenerateDataKey*"]
    own_logs = sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*")
    logs = sub("logs.${AWS::Region}.amazonaws.com")
    bound = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": own_logs}}
    delivered = {"ArnLike": {"kms:EncryptionContext:SourceArn": own_logs}}
    return [
        _service("EncryptsLogs", logs, use, bound),
        _service("DeliversLogs", "delivery.logs.amazonaws.com", ["kms:Decrypt"], delivered),
        _service("PublishesBudgets", "budgets.amazonaws.com", publish, _OWN_ACCOUNT),
        _service("PublishesAlarms", "cloudwatch.amazonaws.com", publish),
        _service("PublishesEvents", "events.amazonaws.com", publish),
    ]


_OWN_ACCOUNT: Properties = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def _service(
    name: str, principal: Value, actions: list[str], where: Properties | None = None
) -> Properties:
    """A statement of a key's policy, whose resource is always the key."""
    statement: Properties = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": actions,
        "Resource": "*",
    }
    return {**statement, "Condition": where} if where else statement


def _bucket(manifest: Manifest, name: str, *, logged: bool = True) -> dict[str, Properties]:
    """A bucket with versions, encrypted, for TLS alone, closed to the public, with its policy."""
    bucket = resource(
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [_encryption(manifest, name)]
            },
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Id": "old-versions",
                        "Status": "Enabled",
                        "NoncurrentVersionExpiration": {"NoncurrentDays": DAYS_OF_OLD_VERSIONS},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                    }
                ]
            },
            "LoggingConfiguration": {
                "DestinationBucketName": ref("LogBucket"),
                "LogFilePrefix": f"s3/{name.lower()}/",
            }
            if logged
            else NOTHING,
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
            if name == "Data"
            else NOTHING,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "VersioningConfiguration": {"Status": "Enabled"},
        },
        depends=["LogBucketPolicy"] if logged else [],
        keep=manifest.data.retain,
    )
    rules = resource(
        "AWS::S3::BucketPolicy",
        {
            "Bucket": ref(f"{name}Bucket"),
            "PolicyDocument": policy(
                [*([] if logged else [_takes_access_logs()]), _only_over_tls(name)]
            ),
        },
    )
    return {f"{name}Bucket": bucket, f"{name}BucketPolicy": rules}


def _encryption(manifest: Manifest, name: str) -> Properties:
    """S3 writes access logs to buckets of its own key only (S3's documentation of access logs)."""
    if manifest.encryption != "kms" or name == "Log":
        return {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "BucketKeyEnabled": True,
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": att("Key")},
    }


def _only_over_tls(name: str) -> Properties:
    return {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [att(f"{name}Bucket"), sub(f"${{{name}Bucket.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _takes_access_logs() -> Properties:
    return {
        "Sid": "TakesAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": sub("${LogBucket.Arn}/*"),
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }


def _topic(manifest: Manifest) -> dict[str, Properties]:
    """The topic; each address confirms its subscription once, by the mail it gets."""
    topic = resource(
        "AWS::SNS::Topic",
        {
            "DisplayName": f"{manifest.name} alerts",
            # Alarms cannot publish to a topic under the key of SNS itself.
            "KmsMasterKeyId": ref("Key") if manifest.encryption == "kms" else NOTHING,
            "Subscription": [
                {"Protocol": "email", "Endpoint": address} for address in manifest.approvals.notify
            ],
        },
    )
    return {
        "AlertsTopic": topic,
        "AlertsTopicPolicy": resource(
            "AWS::SNS::TopicPolicy",
            {"Topics": [ref("AlertsTopic")], "PolicyDocument": policy(_publishers())},
        ),
    }


def _publishers() -> list[Properties]:
    """Who may publish alerts; EventBridge takes no condition in the policy of a topic."""
    publish: Properties = {
        "Effect": "Allow",
        "Action": "sns:Publish",
        "Resource": ref("AlertsTopic"),
    }
    watching = {"Service": ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]}
    return [
        {**publish, "Sid": "Alarms", "Principal": watching, "Condition": _OWN_ACCOUNT},
        {**publish, "Sid": "Events", "Principal": {"Service": "events.amazonaws.com"}},
    ]
