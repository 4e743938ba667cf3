"""The results of an audit as a flat list, which is how machine formats want them.

What is judged once for a region comes once, however many workloads inherit it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from mlaudit.audit import Audit, ItemResult, ItemText, Scope
from mlaudit.model import Status

_REPOSITORY = "repo://"
OPEN = (Status.FAIL, Status.PARTIAL, Status.NOT_ASSESSED)
"""The statuses that leave something to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result with all that a reader of it alone must know.

    Attributes:
        account: The AWS account.
        region: Where it was judged.
        workload: The workload it was judged for; empty for the region as a whole.
        item: The result.
        text: What the catalogue says of the item.
        fingerprint: The same in every scan for the same item of the same workload.
    """

    account: str
    region: str
    workload: str
    item: ItemResult
    text: ItemText
    fingerprint: str

    @property
    def subject(self) -> str:
        """What was judged, in words."""
        return self.workload or f"platform in {self.region}"

    @property
    def resources(self) -> tuple[str, ...]:
        """The ARNs that facts name, without parts of code; the first is the most telling."""
        arns = dict.fromkeys(each.arn for each in self.item.observations)
        return tuple(arn for arn in arns if arn.startswith("arn:"))


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a repository.

    Attributes:
        path: The file, from the root of the repository, percent-encoded.
        line: The line, from 1.
    """

    path: str
    line: int


def findings(audit: Audit) -> Iterator[Finding]:
    """List all results: those of the platform, then workload by workload."""
    texts = {text.id: text for text in audit.catalogue}
    for placed in audit.platform.items:
        yield _finding(audit, placed.region, "", placed.item, texts)
    for workload in audit.workloads:
        for item in workload.items:
            if item.scope is Scope.WORKLOAD:
                yield _finding(audit, workload.region, workload.name, item, texts)


def places(finding: Finding) -> list[Place]:
    """Tell the lines of repositories that the facts of a result name."""
    found = (_place(each.arn) for each in finding.item.observations)
    return list(dict.fromkeys(each for each in found if each))


def partition_of(region: str) -> str:
    """Name the partition of a region, for ARNs of our own."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso"}
    return next((name for each, name in prefixes.items() if region.startswith(each)), "aws")


def _finding(
    audit: Audit, region: str, workload: str, item: ItemResult, texts: dict[str, ItemText]
) -> Finding:
    unknown = ItemText(item.id, item.title, item.section, "", "", "", "")
    key = f"{audit.account}\n{region}\n{workload}\n{item.id}"
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
    return Finding(audit.account, region, workload, item, texts.get(item.id, unknown), digest)


def _place(arn: str) -> Place | None:
    """Take apart what facts of a repository are called: ``repo://name/path#Lline:…``."""
    if not arn.startswith(_REPOSITORY):
        return None
    whole, _, mark = arn.removeprefix(_REPOSITORY).partition("#L")
    _, _, path = whole.partition("/")
    line = mark.partition(":")[0]
    if not (path and line.isdecimal() and line.isascii()):
        return None
    return Place(quote(path, errors="surrogatepass"), max(int(line), 1))
