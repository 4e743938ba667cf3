"""What deploying stacks and undoing it calls of AWS: the policies of plans derive from these."""

from __future__ import annotations

from mlaudit.collect.logs import LIST_STREAMS
from mlaudit.collect.operation import Operation, lists
from mlaudit.remediate.hands import Declared

_CLOUDFORMATION = "cloudformation"

DESCRIBE_STACKS = Operation(_CLOUDFORMATION, "DescribeStacks", "Stacks")
GET_TEMPLATE = Operation(_CLOUDFORMATION, "GetTemplate")
DESCRIBE_CHANGE_SET = Operation(_CLOUDFORMATION, "DescribeChangeSet", "Changes")
DESCRIBE_EVENTS = Operation(_CLOUDFORMATION, "DescribeStackEvents", "StackEvents")
LIST_RESOURCES = Operation(_CLOUDFORMATION, "ListStackResources", "StackResourceSummaries")
LIST_EXPORTS = Operation(_CLOUDFORMATION, "ListExports", "Exports")
LIST_IMPORTS = Operation(_CLOUDFORMATION, "ListImports", "Imports")
DETECT_DRIFT = Operation(_CLOUDFORMATION, "DetectStackDrift")
DESCRIBE_DETECTION = Operation(_CLOUDFORMATION, "DescribeStackDriftDetectionStatus")
DESCRIBE_DRIFTS = lists(_CLOUDFORMATION, "DescribeStackResourceDrifts", "StackResourceDrifts")
GET_OBJECT = Operation("s3", "GetObject")

CREATE_CHANGE_SET = Operation(_CLOUDFORMATION, "CreateChangeSet")
EXECUTE_CHANGE_SET = Operation(_CLOUDFORMATION, "ExecuteChangeSet")
DELETE_CHANGE_SET = Operation(_CLOUDFORMATION, "DeleteChangeSet")
DELETE_STACK = Operation(_CLOUDFORMATION, "DeleteStack")
PUT_OBJECT = Operation("s3", "PutObject")
DELETE_OBJECTS = Operation("s3", "DeleteObjects", iam="s3:DeleteObjectVersion")

LIST_VERSIONS = Operation("s3", "ListObjectVersions", iam="s3:ListBucketVersions")
LIST_PACKAGES = lists("sagemaker", "ListModelPackages", "ModelPackageSummaryList")
DESCRIBE_FEATURES = Operation("sagemaker", "DescribeFeatureGroup")
SCAN_TABLE = Operation("dynamodb", "Scan")
LIST_SHARDS = Operation("kinesis", "ListShards", "Shards")
GET_ITERATOR = Operation("kinesis", "GetShardIterator")
GET_RECORDS = Operation("kinesis", "GetRecords")
LIST_IMAGES = Operation("ecr", "ListImages", "imageIds", "nextToken", "nextToken")
DESCRIBE_QUEUE = Operation("sqs", "GetQueueAttributes")

DELETE_PACKAGE = Operation("sagemaker", "DeleteModelPackage")
DELETE_IMAGES = Operation("ecr", "BatchDeleteImage")
DELETE_BUCKET = Operation("s3", "DeleteBucket")
DELETE_GROUP = Operation("logs", "DeleteLogGroup")
DELETE_PACKAGE_GROUP = Operation("sagemaker", "DeleteModelPackageGroup")
DELETE_FEATURES = Operation("sagemaker", "DeleteFeatureGroup")
DELETE_TABLE = Operation("dynamodb", "DeleteTable")
DELETE_STREAM = Operation("kinesis", "DeleteStream")
DELETE_REPOSITORY = Operation("ecr", "DeleteRepository")
DELETE_QUEUE = Operation("sqs", "DeleteQueue")
END_KEY = Operation("kms", "ScheduleKeyDeletion")

DEPLOYING = Declared(
    reads=(
        DESCRIBE_STACKS,
        GET_TEMPLATE,
        DESCRIBE_CHANGE_SET,
        DESCRIBE_EVENTS,
        LIST_EXPORTS,
        DETECT_DRIFT,
        DESCRIBE_DETECTION,
        DESCRIBE_DRIFTS,
        GET_OBJECT,
    ),
    writes=(
        CREATE_CHANGE_SET,
        EXECUTE_CHANGE_SET,
        DELETE_CHANGE_SET,
        DELETE_STACK,
        PUT_OBJECT,
    ),
)
"""What looking at stacks and deploying them calls. It deletes only what could not be created."""

UNDOING = DEPLOYING + Declared(
    reads=(
        LIST_RESOURCES,
        LIST_IMPORTS,
        LIST_VERSIONS,
        LIST_STREAMS,
        LIST_PACKAGES,
        DESCRIBE_FEATURES,
        SCAN_TABLE,
        LIST_SHARDS,
        GET_ITERATOR,
        GET_RECORDS,
        LIST_IMAGES,
        DESCRIBE_QUEUE,
    ),
    writes=(
        DELETE_OBJECTS,
        DELETE_PACKAGE,
        DELETE_IMAGES,
        DELETE_BUCKET,
        DELETE_GROUP,
        DELETE_PACKAGE_GROUP,
        DELETE_FEATURES,
        DELETE_TABLE,
        DELETE_STREAM,
        DELETE_REPOSITORY,
        DELETE_QUEUE,
        END_KEY,
    ),
)
"""What taking deployments back calls: it also looks whether what goes holds data."""
