"""Buckets and their policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import tags_of
from mlaudit.emulator.cloudformation.rows import Facet, Reading, Row

_FIRST_REGION = "us-east-1"


def _created(account: Account, properties: Record) -> Record:
    shaped = dict(properties)
    if account.call.region != _FIRST_REGION:
        shaped["CreateBucketConfiguration"] = {"LocationConstraint": account.call.region}
    return shaped


def _encryption(value: Any, _: Record) -> Record:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule.get("ServerSideEncryptionByDefault"),
            "BucketKeyEnabled": rule.get("BucketKeyEnabled"),
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    kept = [{key: each for key, each in rule.items() if each is not None} for rule in rules]
    return {"ServerSideEncryptionConfiguration": {"Rules": kept}}


def _lifecycle(value: Any, _: Record) -> Record:
    return {"LifecycleConfiguration": {"Rules": [_rule(each) for each in value["Rules"]]}}


def _rule(rule: Record) -> Record:
    taken = ("ExpirationInDays", "ExpirationDate", "ExpiredObjectDeleteMarker", "Prefix")
    others = ("Transitions", "Transition", "NoncurrentVersionTransitions", "TagFilters")
    out = {key: each for key, each in rule.items() if key not in (*taken, *others)}
    expiration = {
        "Days": rule.get("ExpirationInDays"),
        "Date": rule.get("ExpirationDate"),
        "ExpiredObjectDeleteMarker": rule.get("ExpiredObjectDeleteMarker"),
    }
    out["Expiration"] = _stated(expiration)
    single = [rule["Transition"]] if "Transition" in rule else []
    out["Transitions"] = [_transition(each) for each in [*rule.get("Transitions", []), *single]]
    later = rule.get("NoncurrentVersionTransitions", [])
    out["NoncurrentVersionTransitions"] = [
        _renamed(each, {"TransitionInDays": "NoncurrentDays"}) for each in later
    ]
    days = out.pop("NoncurrentVersionExpirationInDays", None)
    if days is not None:
        out["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    out["Filter"] = _filter(rule)
    return {key: each for key, each in out.items() if each or key == "Filter"}


def _filter(rule: Record) -> Record:
    tags = rule.get("TagFilters", [])
    prefix = rule.get("Prefix")
    if tags and (prefix is not None or len(tags) > 1):
        return {"And": _stated({"Prefix": prefix, "Tags": tags})}
    return {"Tag": tags[0]} if tags else {"Prefix": prefix or ""}


def _transition(value: Record) -> Record:
    return _renamed(value, {"TransitionInDays": "Days", "TransitionDate": "Date"})


def _logging(value: Any, known: Record) -> Record:
    return {
        "BucketLoggingStatus": {
            "LoggingEnabled": {
                "TargetBucket": value.get("DestinationBucketName", known["Bucket"]),
                "TargetPrefix": value.get("LogFilePrefix", ""),
            }
        }
    }


def _notification(value: Any, _: Record) -> Record:
    lists = {
        "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
        "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
    }
    out: Record = {}
    for name, (member, target, arn) in lists.items():
        if name in value:
            out[member] = [_event(each, target, arn) for each in value[name]]
    if (value.get("EventBridgeConfiguration") or {}).get("EventBridgeEnabled", True) and (
        "EventBridgeConfiguration" in value
    ):
        out["EventBridgeConfiguration"] = {}
    return {"NotificationConfiguration": out}


def _event(value: Record, target: str, arn: str) -> Record:
    out: Record = {"Events": [value["Event"]], arn: value[target]}
    if "Filter" in value:
        out["Filter"] = {"Key": {"FilterRules": value["Filter"]["S3Key"]["Rules"]}}
    return out


def _cors(value: Any, _: Record) -> Record:
    names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    return {
        "CORSConfiguration": {"CORSRules": [_renamed(each, names) for each in value["CorsRules"]]}
    }


def _tagging(value: Any, _: Record) -> Record:
    tags = [{"Key": key, "Value": each} for key, each in tags_of(value).items()]
    return {"Tagging": {"TagSet": tags}}


def _canned(value: Any, _: Record) -> Record:
    words = "".join(f"-{each.lower()}" if each.isupper() else each for each in value)
    return {"ACL": words.lstrip("-")}


def _acceleration(value: Any, _: Record) -> Record:
    return {"AccelerateConfiguration": {"Status": value["AccelerationStatus"]}}


def _renamed(value: Record, names: Mapping[str, str]) -> Record:
    return {names.get(key, key): each for key, each in value.items()}


def _stated(value: Record) -> Record:
    return {key: each for key, each in value.items() if each is not None}


def _lower(name: str, _: Record) -> str:
    return name.lower()


_FACETS = (
    Facet(
        ("BucketEncryption",),
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        _encryption,
        read="GetBucketEncryption",
        keep=True,
    ),
    Facet(
        ("VersioningConfiguration",),
        "PutBucketVersioning",
        "PutBucketVersioning",
        taken=lambda *_: {"VersioningConfiguration": {"Status": "Suspended"}},
        read="GetBucketVersioning",
        keep=True,
    ),
    Facet(
        ("PublicAccessBlockConfiguration",),
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
        read="GetPublicAccessBlock",
        keep=True,
    ),
    Facet(
        ("OwnershipControls",),
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        read="GetBucketOwnershipControls",
        keep=True,
    ),
    Facet(
        ("LifecycleConfiguration",),
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        _lifecycle,
        read="GetBucketLifecycleConfiguration",
        keep=True,
    ),
    Facet(
        ("LoggingConfiguration",),
        "PutBucketLogging",
        "PutBucketLogging",
        _logging,
        taken=lambda *_: {"BucketLoggingStatus": {}},
        read="GetBucketLogging",
        keep=True,
    ),
    Facet(
        ("NotificationConfiguration",),
        "PutBucketNotificationConfiguration",
        "PutBucketNotificationConfiguration",
        _notification,
        taken=lambda *_: {"NotificationConfiguration": {}},
        read="GetBucketNotificationConfiguration",
        keep=True,
    ),
    Facet(
        ("ObjectLockConfiguration",),
        "PutObjectLockConfiguration",
        read="GetObjectLockConfiguration",
        keep=True,
    ),
    Facet(
        ("ReplicationConfiguration",),
        "PutBucketReplication",
        "DeleteBucketReplication",
        read="GetBucketReplication",
        keep=True,
    ),
    Facet(("CorsConfiguration",), "PutBucketCors", "DeleteBucketCors", _cors, keep=True),
    Facet(
        ("AccelerateConfiguration",),
        "PutBucketAccelerateConfiguration",
        "",
        _acceleration,
        keep=True,
    ),
    Facet(("AccessControl",), "PutBucketAcl", "", _canned, keep=True),
    Facet(
        ("Tags",),
        "PutBucketTagging",
        "DeleteBucketTagging",
        _tagging,
        read="GetBucketTagging",
        keep=True,
    ),
)

ROWS: Mapping[str, Row] = {
    "AWS::S3::Bucket": Row(
        service="s3",
        overwrites=True,
        names={"BucketName": "Bucket", "ObjectLockEnabled": "ObjectLockEnabledForBucket"},
        named=_lower,
        reshape=_created,
        reading=Reading("HeadBucket"),
        facets=_FACETS,
        ref=("Bucket",),
        attributes={
            "Arn": "join('', ['arn:aws:s3:::', Bucket])",
            "DomainName": "join('', [Bucket, '.s3.amazonaws.com'])",
            "DualStackDomainName": (
                "join('', [Bucket, '.s3.dualstack.', \"AWS::Region\", '.amazonaws.com'])"
            ),
            "RegionalDomainName": "join('', [Bucket, '.s3.', \"AWS::Region\", '.amazonaws.com'])",
        },
    ),
    "AWS::S3::BucketPolicy": Row(
        service="s3",
        overwrites=True,
        create="PutBucketPolicy",
        update="PutBucketPolicy",
        delete="DeleteBucketPolicy",
        names={"PolicyDocument": "Policy"},
        reading=Reading("GetBucketPolicy"),
        whole=True,
    ),
}
