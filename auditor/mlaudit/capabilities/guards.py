"""What guards: rollouts by their alarms, models by their monitors, and whom these reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.alarms import AlarmReach, alarm_reaches
from mlaudit.capabilities.detectors import (
    ControlledEndpoint,
    concept_drift_controls,
    data_drift_controls,
    data_quality_controls,
    hiding_detectors,
    model_quality_controls,
)
from mlaudit.capabilities.rollouts import Rollout, rollouts
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import Alarm
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class GuardedRollout:
    """A rollout, with those of its alarms that have no data.

    Attributes:
        rollout: The rollout.
        silent: The names of the alarms that have no data.
    """

    rollout: Rollout
    silent: tuple[str, ...]


@provider
def guarded_rollouts(view: View) -> Evidence[GuardedRollout]:
    """Everything that serves on an endpoint; none where alarms could not be seen."""
    seen = view.once(rollouts)
    gaps = tuple(dict.fromkeys((*seen.gaps, *view.gaps(Alarm))))
    silent = {each.name for each in view.region.all(Alarm) if each.state == "INSUFFICIENT_DATA"}
    items = (
        GuardedRollout(each, tuple(name for name in each.alarms if name in silent))
        for each in seen.items
    )
    return Evidence(tuple(items) if view.sees(Alarm) else (), gaps)


@dataclass(frozen=True, slots=True)
class Monitor:
    """Something that watches the data or the results of an endpoint.

    Attributes:
        arn: The endpoint.
        words: The endpoint and what watches it, in words.
        lacks: What keeps it from working, in words; empty where it works.
        ran_at: When it last ran with success.
    """

    arn: str
    words: str
    lacks: tuple[str, ...]
    ran_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.ran_at)


@provider
def monitors(view: View) -> Evidence[Monitor]:
    """All there are, of any make; while something may be hidden, only those that work.

    One monitor may be asked for several things: it counts once, with the least that it lacks.
    """
    controlled, gaps = _controlled(view)
    gaps = tuple(dict.fromkeys((*gaps, *hiding_detectors(view))))
    found: dict[str, Monitor] = {}
    for endpoint in controlled:
        for each in endpoint.detectors:
            monitor = Monitor(
                endpoint.arn, f"{endpoint.words}: {each.words}", each.lacks, each.ran_at
            )
            known = found.get(monitor.words)
            if known is None or len(monitor.lacks) < len(known.lacks):
                found[monitor.words] = monitor
    items = tuple(each for each in found.values() if not (gaps and each.lacks))
    return Evidence(items, gaps)


def _controlled(view: View) -> tuple[list[ControlledEndpoint], tuple[Gap, ...]]:
    drift, concept = view.once(data_drift_controls), view.once(concept_drift_controls)
    quality, results = view.once(data_quality_controls), view.once(model_quality_controls)
    controlled = [each.endpoint for each in quality.items]
    controlled += [each.endpoint for each in drift.items]
    controlled += [each.endpoint for each in results.items]
    controlled += [each.endpoint for each in concept.items]
    gaps = dict.fromkeys((*quality.gaps, *drift.gaps, *results.gaps, *concept.gaps))
    return controlled, tuple(gaps)


@dataclass(frozen=True, slots=True)
class WatchedEndpoint:
    """An endpoint that serves, with all that watches its data or results.

    Attributes:
        arn: The endpoint.
        words: It in words.
        works: What watches it and works, in words.
        lacks: What watches it and does not work, in words.
    """

    arn: str
    words: str
    works: tuple[str, ...]
    lacks: tuple[str, ...]


@provider
def watched_endpoints(view: View) -> Evidence[WatchedEndpoint]:
    """Every serving endpoint on which something works, and the others where all could be seen."""
    controlled, gaps = _controlled(view)
    working: dict[str, dict[str, bool]] = {}
    words: dict[str, str] = {}
    for endpoint in controlled:
        words[endpoint.arn] = endpoint.words
        known = working.setdefault(endpoint.arn, {})
        for each in endpoint.detectors:
            known[each.words] = known.get(each.words, False) or not each.lacks
    found = (
        WatchedEndpoint(
            arn=arn,
            words=words[arn],
            works=tuple(sorted(each for each, works in known.items() if works)),
            lacks=tuple(sorted(each for each, works in known.items() if not works)),
        )
        for arn, known in working.items()
    )
    return Evidence(tuple(each for each in found if each.works or not gaps), gaps)


@dataclass(frozen=True, slots=True)
class ModelAlarmReach:
    """Whom an alarm reaches that watches a metric of one's own."""

    reach: AlarmReach


@provider
def model_alarm_reaches(view: View) -> Evidence[ModelAlarmReach]:
    """Those of the alarms on what serves that watch what no service of AWS measures."""
    seen = view.once(alarm_reaches)
    items = (ModelAlarmReach(each) for each in seen.items if _is_own(view, each))
    return Evidence(tuple(items), seen.gaps)


def _is_own(view: View, reach: AlarmReach) -> bool:
    alarm = view.region.get(Alarm, reach.arn)
    spaces = [each.namespace for each in alarm.watches] if alarm else []
    return any(not each.startswith(_OF_THE_SYSTEM) for each in spaces)


_OF_THE_SYSTEM = ("AWS/", "/aws/sagemaker/")
