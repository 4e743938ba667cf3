"""What AWS's error codes mean for sight: one table from code to the reason of a gap."""

from __future__ import annotations

import re

from mlaudit.model import Gap, GapReason

_UNKNOWN_OPERATION = frozenset(
    {"InvalidAction", "UnknownOperation", "UnknownOperationException", "UnrecognizedAction"}
)
_BY_CODE = {
    GapReason.DENIED: (
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ExpiredToken",
        "ExpiredTokenException",
        "Forbidden",
        "ForbiddenException",
        "KmsAccessDeniedException",
        "KMSAccessDeniedException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "NotAuthorizedException",
        "RequestExpired",
        "UnauthorizedException",
        "UnauthorizedOperation",
    ),
    GapReason.THROTTLED: (
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    ),
    GapReason.REGION_OFF: (
        "AuthFailure",
        "EndpointConnectionError",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "OptInRequired",
        "UnrecognizedClientException",
    ),
    GapReason.UNSUPPORTED: (
        *_UNKNOWN_OPERATION,
        "MethodNotAllowed",
        "NotImplemented",
        "OperationNotSupportedException",
        "StateMachineTypeNotSupported",
        "SubscriptionRequiredException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    ),
    GapReason.GONE: (
        "ExecutionDoesNotExist",
        "NoSuchBucket",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
    ),
}
_REASONS = {code: reason for reason, codes in _BY_CODE.items() for code in codes}
_SAYS_GONE = re.compile(
    r"(Could not|Cannot) find |Requested resource not found|.+ does not exist\.?$", re.DOTALL
)
_NOT_SWITCHED_ON = "Macie is not enabled"
"""What a service says that nobody uses, with the code of a denial: there is nothing to see."""
_MAY_SAY_GONE = frozenset({"ClientException", "ValidationException"})
_FORBIDDEN = (401, 403)
_NOT_SERVED = (404, 405, 501)
_TOO_MANY = 429
_BROKE = 500


def reason_of(code: str, message: str, http_status: int | None) -> GapReason:
    """Tell why a call failed.

    The code decides where it is known. SageMaker says "not found" with ``ValidationException`` and
    AWS Batch with ``ClientException``, so the message has a say there; an endpoint that does not
    know an operation often answers with no code at all, only an HTTP status and a page.
    """
    if message.startswith(_NOT_SWITCHED_ON):
        return GapReason.GONE
    if code in _REASONS:
        return _REASONS[code]
    if code in _MAY_SAY_GONE and _SAYS_GONE.match(message):
        return GapReason.GONE
    if "not yet implemented" in message.lower():
        return GapReason.UNSUPPORTED
    if code == str(http_status):
        return _reason_of_status(http_status, message)
    return GapReason.FAILED


def _reason_of_status(http_status: int | None, message: str) -> GapReason:
    if http_status in _FORBIDDEN:
        return GapReason.DENIED
    if http_status == _TOO_MANY:
        return GapReason.THROTTLED
    page = http_status == _BROKE and message.lstrip().startswith("<")
    return GapReason.UNSUPPORTED if page or http_status in _NOT_SERVED else GapReason.FAILED


def nobody_serves(gap: Gap) -> bool:
    """Tell whether the endpoint does not know the operation at all, whatever is asked of it.

    Other unsupported calls, such as versioning of an S3 directory bucket, are about one resource.
    """
    known_by_status = gap.code.isdigit()
    return gap.reason is GapReason.UNSUPPORTED and (
        known_by_status or gap.code in _UNKNOWN_OPERATION
    )
