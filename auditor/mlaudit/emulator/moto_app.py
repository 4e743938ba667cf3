"""moto's own server application, made to refuse what it does not know and to keep our clock."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import moto.core.utils
from flask import Flask
from moto.backend_index import backend_url_patterns
from moto.backends import list_of_moto_modules
from moto.core.config import default_user_config
from moto.core.request import Request
from moto.core.utils import camelcase_to_underscores
from moto.iam.access_control import IAMPolicy
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket, S3Backend
from moto.s3.responses import S3Response
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from mlaudit.emulator import clock
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.wire import Target, unknown_operation

_original_utcnow = moto.core.utils.utcnow
_original_notification = S3Response.get_bucket_notification
_MODULES = frozenset([*list_of_moto_modules(), "moto_api"])
# Sub-resources of buckets whose handlers in moto are not named after the operation.
_S3_OTHERWISE_NAMED = frozenset(
    [
        "CompleteMultipartUpload",
        "CreateBucket",
        "CreateMultipartUpload",
        "DeleteObjects",
        "GetBucketLifecycleConfiguration",
        "GetBucketNotificationConfiguration",
        "GetBucketTagging",
        "GetObjectRetention",
        "ListBuckets",
        "PutBucketAccelerateConfiguration",
        "PutBucketAcl",
        "PutBucketCors",
        "PutBucketEncryption",
        "PutBucketInventoryConfiguration",
        "PutBucketLifecycleConfiguration",
        "PutBucketLogging",
        "PutBucketNotificationConfiguration",
        "PutBucketOwnershipControls",
        "PutBucketPolicy",
        "PutBucketReplication",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutBucketWebsite",
        "PutObjectLockConfiguration",
        "PutPublicAccessBlock",
        "SelectObjectContent",
        "RestoreObject",
    ]
)


def application() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return moto as a WSGI application."""
    S3Backend.log_incoming_request = _deliver_later
    # Roles can have policies that AWS manages, so those are there.
    default_user_config.setdefault("iam", {})["load_aws_managed_policies"] = True
    FakeBucket.get_permission = _permission
    FakeBucket._log_permissions_enabled_policy = staticmethod(_takes_logs)  # noqa: SLF001
    S3Response.get_bucket_notification = _notification
    return _Dispatcher(_create_app)


def forward(
    app: Callable[[dict[str, Any], Any], Iterable[bytes]],
    request: Request,
    target: Target,
    account: str,
) -> Response:
    """Let moto answer.

    Raises:
        Refusal: moto has no such operation, or failed.
    """
    if target.service == "s3" and not s3_serves(target):
        raise unknown_operation(target)
    environ = dict(request.environ)
    environ["wsgi.input"] = BytesIO(request.get_data())
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    response = Response.from_app(app, environ, buffered=True)
    keep_time()
    if _is_page(response, target):
        if response.status_code == 500:  # noqa: PLR2004 - the plain HTTP code
            raise Refusal("InternalFailure", "The emulated service failed.", status=500)
        raise unknown_operation(target)
    return response


def s3_serves(target: Target) -> bool:
    """Tell whether moto has a real handler for an operation on buckets or objects."""
    if target.operation is None:
        return False
    name = target.operation.name
    return name in _S3_OTHERWISE_NAMED or hasattr(S3Response, camelcase_to_underscores(name))


def keep_time() -> None:
    """Let every loaded moto module that asks for the time ask our clock."""
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is _original_utcnow:
            module.__dict__["utcnow"] = clock.naive_now


class _Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]  # moto is untyped
    """Find the backend of a request, silently and soon.

    moto prints when there is none, and lists its own folder for each request.
    """

    def get_backend_for_host(self, host: str | None) -> str | None:
        if host is None or host in _MODULES:
            return host
        url = f"http://{host}"
        return next((name for name, pattern in backend_url_patterns if pattern.match(url)), None)


def _create_app(service: str | None) -> Any:
    if service is None:
        return NotFound()
    app: Flask = create_backend_app(service)
    keep_time()
    app.debug = False
    app.register_error_handler(NotImplementedError, _not_implemented)
    return app


def _deliver_later(_backend: S3Backend, _request: Any, _bucket: str) -> None:
    """Write no access log yet: S3 takes hours to, and a bucket it lies in cannot be deleted."""


def _notification(response: S3Response) -> Any:
    """Tell that a bucket sends its events to EventBridge, which moto keeps to itself."""
    told = _original_notification(response)
    kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if kept is None or kept.event_bridge is None:
        return told
    status, headers, body = told
    end = "</NotificationConfiguration>"
    start = body.removesuffix(end) if body.endswith(end) else f"{body.removesuffix('/>')}>"
    return status, headers, f"{start}<EventBridgeConfiguration/>{end}"


def _permission(bucket: FakeBucket, action: str, resource: str) -> Any:
    """Judge by the policy of a bucket; moto takes a statement with a condition to hold always."""
    statements = [each for each in _statements(bucket) if "Condition" not in each]
    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return policy.is_action_permitted(action, resource)


def _takes_logs(target_bucket: FakeBucket, target_prefix: str | None) -> bool:  # noqa: ARG001 - moto's names
    """Whether a bucket lets S3 write access logs; moto fails on statements about everybody."""
    return any(
        each.get("Effect") == "Allow"
        and isinstance(each.get("Principal"), dict)
        and LOGGING_SERVICE_PRINCIPAL in each["Principal"].get("Service", "")
        and "s3:PutObject" in each.get("Action", "")
        for each in _statements(target_bucket)
    )


def _statements(bucket: FakeBucket) -> list[dict[str, Any]]:
    if not bucket.policy:
        return []
    found = json.loads(bucket.policy).get("Statement", [])
    return found if isinstance(found, list) else [found]


def _not_implemented(_: Exception) -> tuple[str, int, dict[str, str]]:
    return "not implemented", 404, {"Content-Type": "text/html"}


def _is_page(response: Response, target: Target) -> bool:
    if response.status_code < 400 or response.status_code not in {404, 405, 500, 501}:  # noqa: PLR2004
        return False
    if target.service == "s3":
        return response.status_code in {405, 500} and not response.data.startswith(b"<?xml")
    return (response.mimetype or "").startswith(
        "text/html"
    ) and not response.data.lstrip().startswith((b"{", b"<?xml", b"<ErrorResponse"))
