"""The words every part of mlaudit shares: grades, statuses, gaps, observations and verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GLOBAL = "global"
"""The region of what belongs to no region, such as the list of S3 buckets."""


class Grade(StrEnum):
    """How strongly one thing that was seen speaks for an item."""

    EXERCISED = "exercised"
    """It ran with success, inside the evidence window, on what serves."""
    CONFIGURED = "configured"
    """It is set up, and nothing shows that it ran."""
    MISSED = "missed"
    """It is there and does not do what the item asks."""
    DECLARED = "declared"
    """A person says so; nothing was seen."""


class Status(StrEnum):
    """What is concluded about one checklist item. The values are public API."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


class Strength(StrEnum):
    """What a status rests on. The values are public API."""

    EXERCISED = "exercised"
    CONFIGURED = "configured"
    ATTESTED = "attested"
    NONE = "none"


class GapReason(StrEnum):
    """Why something could not be seen. The values are public API."""

    DENIED = "denied"
    THROTTLED = "throttled"
    REGION_OFF = "region_off"
    OTHER_ACCOUNT = "other_account"
    UNSUPPORTED = "unsupported"
    CONTENT_NOT_READ = "content_not_read"
    BUDGET = "budget"
    GONE = "gone"
    FAILED = "failed"
    NOT_ASKED = "not_asked"
    NO_CHECKOUT = "no_checkout"
    NO_CHECK = "no_check"
    CRASHED = "crashed"


FOR_A_PERSON = frozenset(
    {
        GapReason.NO_CHECK,
        GapReason.NO_CHECKOUT,
        GapReason.CONTENT_NOT_READ,
        GapReason.OTHER_ACCOUNT,
        GapReason.UNSUPPORTED,
    }
)
"""Gaps that no permission and no second try would close: here a person's word can count."""


_UNREAD = {
    "AirflowRunsAreInItsDatabase": "what {about} ran, which only its own database tells",
    "BoundaryNotRead": "what the permissions boundary of {about} leaves of its rights",
    "BucketNotDescribed": "the bucket that {about} uses",
    "CallerNotRead": "what ran before {about}, as no workflow tells",
    "CaptureNotTold": "whether {about} got requests of which records are missing",
    "CauseNotKnown": "why {about} goes off, which its names do not tell",
    "CatalogueElsewhere": "whether a catalogue that is not read lists {about}",
    "ColumnsTracedElsewhere": "whether a tool that is not read traces the columns of {about}",
    "ConstraintsNotTold": "which constraints apply in what watches {about}",
    "AnomaliesKeptElsewhere": "whether the requests and answers of {about} are kept elsewhere",
    "AttackedElsewhere": "whether anybody attacked {about} to test it",
    "CannotDecide": "whether the streaming gate is open",
    "CodeNotRead": "the code inside {about}",
    "DataNotInS3": "the data of {about} that is not in S3",
    "DashboardElsewhere": "whether a dashboard outside of CloudWatch shows {about}",
    "DeployedByUnknown": "what deployed {about}",
    "DescribedElsewhere": "whether {about} is described elsewhere than on a model card",
    "DefinitionNotUnderstood": "the definition of {about}",
    "EdgeNotTold": "what core device {about} runs",
    "EditorsOutsideAws": "whether people work with editors of their own",
    "ExpressRunsAreInLogs": "what {about} ran, which only its logs tell",
    "ImageElsewhere": "an image of {about}, which is in another account or region",
    "ImageOutsideEcr": "an image of {about}, which is in no registry of AWS",
    "FrontNotRead": "whether something public that is not read stands in front of {about}",
    "HostsShownElsewhere": "whether another tool shows how busy the hosts of training jobs are",
    "NoRepository": "the repository of the team, as no --repo was given",
    "RunUnderWay": "how the run of {about} that is under way ends",
    "QueryNotUnderstood": "which metrics {about} reads by its query",
    "ModelsNotListed": "which models {about} loads",
    "OtherEnvironmentNotSeen": "the environment beside that of {about}, which may be elsewhere",
    "LabelsFromElsewhere": "where the labels of {about} come from, if it has any",
    "PatchesNotTold": "until when an image of {about} is patched",
    "PersonalDataElsewhere": "whether another tool looks for personal data in {about}",
    "OriginNotFound": "the training job behind {about}",
    "QuotaNotTold": "how many instances of {about} may start",
    "RequestsCheckedInCode": "whether code in front of or inside {about} checks requests",
    "ResultsInTracker": "what a tracker holds of {about}, which only its own interface tells",
    "ReadsNotTold": "which baseline {about} reads",
    "RoutingNotRead": "whether a program shares requests between {about} and others",
    "RunNotTied": "which run made {about}",
    "RegistrarNotFound": "what registered {about}",
    "StarterNotKnown": "what starts {about}, or why",
    "RuleByTag": "which data of {about} a lifecycle rule by tag or size deletes",
    "RunsInTracker": "whether a tracker that AWS does not list knows {about}",
    "RegistryElsewhere": "whether a registry that AWS does not show holds {about}",
    "SearchNotRead": "whether the code of {about} searched for hyperparameters",
    "SeedNotOnRecord": "whether the code behind {about} fixes its seed",
    "SignOffNotOnRecord": "who signed off {about}, which is in no registry of AWS",
    "SourceNotOnRecord": "the commit that made {about}",
    "RunbookElsewhere": "whether a runbook for {about} is kept elsewhere",
    "StoreOutsideAws": "whether a store outside of AWS holds the features",
    "SwitchNotTold": "whether an update of {about} brought another version",
    "TestsNotNamed": "what the tests of {about} try, as no name tells",
    "UseNotTold": "whether somebody uses {about}",
    "VersionNotKnown": "which version {about} serves",
    "WeightsNotKnown": "how {about} shares its traffic",
    "TriggerNotInRepository": "what runs on each commit to {about}, which its files do not tell",
    "WidgetNotUnderstood": "what {about} shows by queries or functions",
}
"""What is there and not read, by the code of its gap."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be seen. A gap is evidence: it stays with every verdict it touches.

    Attributes:
        operation: The read that failed, as ``service:Operation``.
        region: The AWS region asked, or ``global``.
        code: The error code AWS answered, or a short code of ours.
        reason: Why, from a closed list.
        request_id: The id AWS gave the failed request, for support cases.
        subject: The ARN of the one resource concerned; ``None`` when the whole listing is.
    """

    operation: str
    region: str
    code: str
    reason: GapReason
    request_id: str | None = None
    subject: str | None = None

    @property
    def words(self) -> str:
        """The gap as a part of a sentence."""
        about = (self.subject or "").rpartition(":")[2].lstrip("/")
        if self.code in _UNREAD:
            return _UNREAD[self.code].format(about=about)
        of = f" of {about}" if about else ""
        return f"{self.operation}{of} ({self.reason.replace('_', ' ')})"

    @classmethod
    def unread(cls, operation: str, region: str, code: str, subject: str) -> Gap:
        """A gap for content that is there and that mlaudit does not read."""
        return cls(operation, region, code, GapReason.CONTENT_NOT_READ, None, subject)


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact about one resource, graded.

    Attributes:
        arn: What was looked at.
        grade: How strongly it speaks for the item.
        fact: What was seen, in words, lower case and in the present tense.
        at: When it was last true or last happened (UTC), where AWS tells.
    """

    arn: str
    grade: Grade
    fact: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waste:
    """What is paid for nothing.

    Attributes:
        usd_a_month: By list prices, for what has a known one; ``None`` where nothing has.
        unpriced: How many things have no known price.
    """

    usd_a_month: float | None
    unpriced: int

    @classmethod
    def of(cls, cents_a_month: Iterable[int | None]) -> Waste | None:
        """The sum of some costs, each of which may be unknown; ``None`` without any."""
        each = tuple(cents_a_month)
        known = [cents for cents in each if cents is not None]
        total = sum(known) / 100 if known else None
        return cls(total, len(each) - len(known)) if each else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion about one item, with all it rests on.

    Attributes:
        status: The conclusion.
        observations: Everything that was looked at.
        gaps: Everything that could not be looked at.
        summary: The conclusion in one sentence.
        critical: Whether it needs attention before anything else.
        settled: False for a failure next to gaps that more sight could turn into a partial.
        waste: What is paid for nothing, where it is about money.
    """

    status: Status
    observations: tuple[Observation, ...]
    gaps: tuple[Gap, ...]
    summary: str
    critical: bool = False
    settled: bool = True
    waste: Waste | None = None

    @property
    def strength(self) -> Strength:
        """What the status rests on: the best grade behind a pass or a partial."""
        if self.status is Status.PASS:
            return Strength.EXERCISED
        if self.status is Status.PARTIAL:
            return Strength.CONFIGURED
        return Strength.NONE


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time in which something must have happened to count as exercised.

    Attributes:
        end: When the scan started (UTC).
        days: Its length in days, at least 1.
    """

    end: datetime
    days: int

    @property
    def start(self) -> datetime:
        """The oldest moment that still counts (UTC)."""
        return self.end - timedelta(days=self.days)

    def covers(self, moment: datetime | None) -> bool:
        """Tell whether a moment counts; an event that never happened does not."""
        return moment is not None and self.start <= moment
