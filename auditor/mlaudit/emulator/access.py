"""Who calls, and what the auditor may not do or may not do so often."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from moto.iam.models import get_account_id_from, iam_backends

from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.wire import Target

AUDITOR_KEY = "AKIAMLAUDITREADONLY0"
SEEDER_KEY = "AKIAMLAUDITSCENARIO0"
SECRET = "emulated-account-has-no-secrets"

# What IAM calls an action differs from the name of the operation for these.
_IAM_ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
}
_NAMESPACES = {"monitoring": "cloudwatch", "tagging": "tag"}


@dataclass(frozen=True, slots=True)
class Access:
    """The account of the scenario and what its auditor is refused."""

    account: str
    denied: tuple[str, ...]
    throttled: tuple[str, ...]

    def account_of(self, access_key: str) -> str:
        """Return the account a request belongs to: the scenario's, or that of an assumed role."""
        if access_key in {AUDITOR_KEY, SEEDER_KEY}:
            return self.account
        account = str(get_account_id_from(access_key))
        assumed = access_key in iam_backends[account]["aws"].access_keys
        return account if assumed else self.account

    def admit(self, target: Target) -> None:
        """Let the request pass.

        Raises:
            Refusal: the auditor's policy denies the action, or the action is throttled.
        """
        if target.access_key != AUDITOR_KEY:
            return
        action = action_name(target)
        if _listed(action, self.denied):
            raise self._denial(target, action)
        if _listed(action, self.throttled):
            raise _throttling(target)

    def identity(self) -> dict[str, str]:
        """Return what the auditor is told about itself."""
        return {"UserId": "AIDAMLAUDITREADONLY0", "Account": self.account, "Arn": self._user}

    @property
    def _user(self) -> str:
        return f"arn:aws:iam::{self.account}:user/mlaudit"

    def _denial(self, target: Target, action: str) -> Refusal:
        message = (
            f"User: {self._user} is not authorized to perform: {action} "
            "because no identity-based policy allows the action"
        )
        if target.service == "s3":
            return Refusal("AccessDenied", message, status=403)
        if target.protocol in {"query", "ec2"}:
            return Refusal("AccessDenied", message, status=403)
        status = 403 if target.protocol.startswith("rest") else 400
        return Refusal("AccessDeniedException", message, status=status)


def action_name(target: Target) -> str:
    """Return the action a policy would have to allow."""
    namespace, _, operation = target.action.partition(":")
    action = f"{_NAMESPACES.get(namespace, namespace)}:{operation}"
    return _IAM_ACTIONS.get(action, action)


def _listed(action: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def _throttling(target: Target) -> Refusal:
    if target.service == "s3":
        return Refusal("SlowDown", "Please reduce your request rate.", status=503)
    code = "Throttling" if target.protocol in {"query", "ec2"} else "ThrottlingException"
    status = 429 if target.protocol.startswith("rest") else 400
    return Refusal(code, "Rate exceeded", status=status)
