"""What keeps a record of changes, and of the reasons behind what serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import CallLog, ConfigRecorder, ModelCard
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Record:
    """Something that keeps a record.

    Attributes:
        arn: What keeps it.
        words: It in words.
        lacks: What keeps it from being whole, in words; empty where nothing does.
        at: When it last wrote, where it tells.
    """

    arn: str
    words: str
    lacks: tuple[str, ...]
    at: datetime | None

    def observed(self, what: str) -> Observation:
        """Whether it records something, or lacks what it takes to."""
        if self.lacks:
            fact = f"{self.words} is there for {what}, without {' and '.join(self.lacks)}"
            return Observation(self.arn, Grade.CONFIGURED, fact, self.at)
        return Observation(self.arn, Grade.EXERCISED, f"{self.words} records {what}", self.at)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What records the calls that change something."""

    record: Record


@dataclass(frozen=True, slots=True)
class StateRecord:
    """What records how resources are configured."""

    record: Record


@provider
def call_records(view: View) -> Evidence[CallRecord]:
    """Every trail and event data store of the region."""
    items = tuple(CallRecord(_of_calls(view, each)) for each in view.region.all(CallLog))
    return Evidence(items, view.gaps(CallLog))


def _of_calls(view: View, log: CallLog) -> Record:
    written = log.product != "trail" or view.window.covers(log.written_at)
    lacks = {
        "logging": not log.logging,
        "calls that change anything": not log.changes,
        "a delivery in the window": not written,
    }
    words = f"{log.product} {log.name}"
    return Record(
        log.arn, words, tuple(each for each, lack in lacks.items() if lack), log.written_at
    )


@provider
def state_records(view: View) -> Evidence[StateRecord]:
    """Every configuration recorder of the region."""
    found = view.region.all(ConfigRecorder)
    items = tuple(StateRecord(_of_states(each)) for each in found)
    return Evidence(items, view.gaps(ConfigRecorder))


def _of_states(recorder: ConfigRecorder) -> Record:
    lacks = {
        "recording": not recorder.recording,
        "resources of SageMaker": not recorder.records_ml,
    }
    words = f"configuration recorder {recorder.name}"
    return Record(recorder.arn, words, tuple(each for each, lack in lacks.items() if lack), None)


@dataclass(frozen=True, slots=True)
class DocumentedModel:
    """A model that serves and has a card.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        statuses: The statuses of the cards about it.
    """

    arn: str
    words: str
    statuses: tuple[str, ...]


@provider
def documented_models(view: View) -> Evidence[DocumentedModel]:
    """Every model that serves with its cards; one without any may be described elsewhere: a gap."""
    seen = view.once(served_versions)
    items = []
    gaps = [*seen.gaps]
    for version in seen.items:
        statuses = tuple(sorted(_cards(view, version)))
        if statuses and (APPROVED in statuses or view.sees(ModelCard)):
            items.append(DocumentedModel(version.arn, version.words, statuses))
        else:
            operation, region = "sagemaker:ListModelCards", view.region.name
            gaps += view.gaps(ModelCard)
            if not statuses:
                gaps.append(Gap.unread(operation, region, "DescribedElsewhere", version.arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


APPROVED = "Approved"


def _cards(view: View, version: ServedVersion) -> Iterator[str]:
    package = version.package
    named = {version.arn, version.arn.rpartition("/")[2]}
    if package:
        named |= {package.arn} | ({package.group_name} if package.group_name else set())
        if package.card_status:
            yield package.card_status
    for card in view.region.all(ModelCard):
        if named & {*card.about}:
            yield card.status
