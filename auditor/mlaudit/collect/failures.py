"""What AWS's error codes mean for sight: one table from code to the reason of a gap."""

from __future__ import annotations

from mlaudit.model import GapReason

_BY_CODE = {
    GapReason.DENIED: (
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ExpiredToken",
        "ExpiredTokenException",
        "Forbidden",
        "ForbiddenException",
        "NotAuthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
    ),
    GapReason.THROTTLED: (
        "BandwidthLimitExceeded",
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
        "InvalidClientTokenId",
        "OptInRequired",
        "UnrecognizedClientException",
    ),
    GapReason.UNSUPPORTED: (
        "InvalidAction",
        "NotImplemented",
        "OperationNotSupportedException",
        "SubscriptionRequiredException",
        "UnknownOperationException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    ),
    GapReason.GONE: (
        "NoSuchBucket",
        "NotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
    ),
}
_REASONS = {code: reason for reason, codes in _BY_CODE.items() for code in codes}
_NOT_FOUND = 404
_FORBIDDEN = (401, 403)
_TOO_MANY = 429


def reason_of(code: str, message: str, http_status: int | None) -> GapReason:
    """Tell why a call failed.

    The code decides where it is known. SageMaker says "not found" with ``ValidationException``, so
    the message has a say there; an endpoint that does not know an operation often answers with no
    code at all, only an HTTP status.
    """
    if code in _REASONS:
        return _REASONS[code]
    if code == "ValidationException" and message.startswith(("Could not find", "Cannot find")):
        return GapReason.GONE
    if "not yet implemented" in message.lower():
        return GapReason.UNSUPPORTED
    if code == str(http_status):
        return _reason_of_status(http_status)
    return GapReason.FAILED


def _reason_of_status(http_status: int | None) -> GapReason:
    if http_status in _FORBIDDEN:
        return GapReason.DENIED
    if http_status == _TOO_MANY:
        return GapReason.THROTTLED
    return GapReason.UNSUPPORTED
