"""Alarms on what serves, and the topic by which somebody hears of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from mlaudit.capabilities.alarms import (
    AlarmedPlace,
    AlarmReach,
    Place,
    Watch,
    alarm_reaches,
    alarmed_places,
    places,
    watched_places,
)
from mlaudit.capabilities.signals import (
    is_on_errors,
    is_on_saturation,
    is_on_traffic,
    latency_statistics,
)
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes import rules
from mlaudit.remediate.fixes.naming import name_for, tag_list_for
from mlaudit.resources import Alarm, Topic
from mlaudit.sight import View

_Signal = tuple[Callable[[Watch], bool], rules.Rules]

_PROTOCOLS = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+")),
    ("https", re.compile(r"https://\S+")),
    ("lambda", re.compile(r"arn:[\w-]+:lambda:\S+")),
    ("sqs", re.compile(r"arn:[\w-]+:sqs:\S+")),
    ("sms", re.compile(r"\+\d{6,15}")),
)
"""The protocols of SNS by what their addresses look like."""


def _is_on_slow_answers(watch: Watch) -> bool:
    return bool(latency_statistics(watch, high=True))


_ERRORS: _Signal = (is_on_errors, rules.errors)
_LATENCY: _Signal = (_is_on_slow_answers, rules.latency)
_SATURATION: _Signal = (is_on_saturation, rules.saturation)
_TRAFFIC: _Signal = (is_on_traffic, rules.traffic)


def alarms(sight: Sight) -> Iterator[Change]:
    """The alarms that each place lacks, the topic, and its subscribers."""
    alarmed = sight.view.once(alarmed_places).items
    watched = [each.place for each in sight.view.once(watched_places).items]
    changes = [
        *_lacking(sight, alarmed, (_SATURATION, _LATENCY, _ERRORS)),
        *_lacking(sight, watched, (_TRAFFIC,)),
        *_told(sight),
    ]
    yield from with_topic(sight, changes)


def guarding(sight: Sight, endpoint: str) -> tuple[tuple[str, ...], tuple[Change, ...]]:
    """What can tell that a new version is worse: alarms on errors and slow answers of an endpoint.

    Args:
        sight: The workload.
        endpoint: The ARN of the endpoint.

    Returns:
        The names of the alarms there are that do not ring now and of those to be made, and the
        changes that make these; nothing where alarms could not be seen.
    """
    alarmed = [each for each in sight.view.once(alarmed_places).items if each.arn == endpoint]
    new = tuple(_lacking(sight, alarmed, (_LATENCY, _ERRORS)))
    fitting = {
        watch.words.removeprefix("alarm ")
        for place in alarmed
        for watch in place.watches
        if is_on_errors(watch) or _is_on_slow_answers(watch)
    }
    known = sight.view.region.by(Alarm, "name")
    quiet = {name for name in fitting for each in known.get(name, ()) if each.state != "ALARM"}
    names = sorted(quiet | {each.key["AlarmName"] for each in new})
    return tuple(names), tuple(with_topic(sight, new)) if new else ()


def with_topic(sight: Sight, changes: Iterable[Change]) -> Iterator[Change]:
    """The topic and its subscribers before the alarms that notify it."""
    changes = tuple(changes)
    scope = next((each.scope for each in changes), None) or _first_endpoint(sight)
    if scope is None:
        return
    arn = topic_of(sight)
    notified = any(arn in (each.patch or {}).get("AlarmActions", ()) for each in changes)
    if notified and sight.view.region.get(Topic, arn) is None:
        yield Change(
            kind="sns.topic",
            key={"TopicArn": arn},
            region=sight.view.region.name,
            scope=scope,
            about=f"make the topic {arn.rpartition(':')[2]} that the alarms notify",
            patch={"Tags": tag_list_for(sight)},
        )
    if (changes and sight.choices.notify) or _lacks_subscribers(sight, arn):
        yield from (_subscription(sight, arn, scope, each) for each in sight.choices.notify)
    yield from changes


def topic_of(sight: Sight) -> str:
    """The ARN of the topic that the alarms of a workload notify."""
    region = sight.view.region.name
    parts = {each.placement.endpoint.arn.split(":")[1] for each in sight.view.once(places)}
    return f"arn:{min(parts, default='aws')}:sns:{region}:{sight.account}:{name_for(sight)}"


def _notified(sight: Sight) -> list[str]:
    """The topics that new alarms notify: one by which somebody hears already, and the own one.

    Where there is such a topic, or one whose listeners are out of sight, and nobody else is to
    hear, no other one is needed.
    """
    own = topic_of(sight)
    heard = [arn for arn in sight.view.once(_topics_in_use) if arn != own]
    return [*heard[:1], *[own][: bool(sight.choices.notify) or not heard]]


def _topics_in_use(view: View) -> list[str]:
    """The topics that alarms on what serves notify, without those that surely tell nobody."""
    shown = view.once(places)
    return sorted(
        {
            arn
            for alarm in view.region.all(Alarm)
            if any(place.has(metric) for metric in alarm.watches for place in shown)
            for arn in alarm.actions
            if ":sns:" in arn and _may_tell(view.region.get(Topic, arn))
        }
    )


def _may_tell(topic: Topic | None) -> bool:
    return topic is None or topic.confirmed > 0


def _first_endpoint(sight: Sight) -> str | None:
    endpoints = (each.placement.endpoint.arn for each in sight.view.once(places))
    return min(endpoints, default=None)


def _lacks_subscribers(sight: Sight, arn: str) -> bool:
    """Whether fewer listen to the topic than should; of addresses only the number is known."""
    topic = sight.view.region.get(Topic, arn)
    return topic is not None and topic.confirmed + topic.pending < len(sight.choices.notify)


def _subscription(sight: Sight, arn: str, scope: str, address: str) -> Change:
    protocol = next((name for name, like in _PROTOCOLS if like.fullmatch(address)), None)
    if protocol is None:
        raise MlauditError(
            f"Nobody can be notified at {address!r}: give an e-mail address, an https:// address, "
            "a telephone number such as +41441234567, or the ARN of a function or a queue."
        )
    return Change(
        kind="sns.subscription",
        key={"TopicArn": arn, "Protocol": protocol, "Endpoint": address},
        region=sight.view.region.name,
        scope=scope,
        about=f"let the topic tell {address}",
        patch={},
    )


def _lacking(
    sight: Sight, alarmed: Iterable[AlarmedPlace], signals: Iterable[_Signal]
) -> Iterator[Change]:
    """The alarms of some signals that places lack of which all alarms were seen."""
    signals = tuple(signals)
    for seen in alarmed:
        (place,) = (each for each in sight.view.once(places) if seen.is_of(each))
        for is_on, rules_for in signals:
            if not any(map(is_on, seen.watches)):
                found = rules_for(place, sight.choices)
                yield from (_alarm(sight, place, rule) for rule in found)


def _alarm(sight: Sight, place: Place, rule: rules.Rule) -> Change:
    return Change(
        kind="cloudwatch.alarm",
        key={"AlarmName": name_for(sight, *rules.own_dimensions(place).values(), rule.name)},
        region=sight.view.region.name,
        scope=place.placement.endpoint.arn,
        about=f"{place.words}: tell when {rule.when}",
        patch={
            **rule.members,
            "AlarmActions": _notified(sight),
            "AlarmDescription": f"{place.words}: {rule.when}.",
            "Tags": tag_list_for(sight),
        },
    )


def _told(sight: Sight) -> Iterator[Change]:
    """Alarms that are there and whose actions surely tell nobody: the topic is one more of them.

    One without actions is left alone: whether they are switched off on purpose is not known.
    """
    deaf = (each for each in sight.view.once(alarm_reaches).items if _is_deaf(each))
    topic = topic_of(sight)
    for reach in deaf:
        alarm = sight.view.region.get(Alarm, reach.arn)
        if alarm is None or not alarm.actions or topic in alarm.actions:
            continue
        if alarm.arn not in (sight.view.members or ()):
            continue
        yield Change(
            kind="cloudwatch.alarm",
            key={"AlarmName": alarm.name},
            region=sight.view.region.name,
            scope=alarm.arn,
            about=f"let {reach.words}, whose actions tell nobody, notify the topic too",
            patch={"AlarmActions": [*alarm.actions, topic]},
        )


def _is_deaf(reach: AlarmReach) -> bool:
    return reach.alarmed and not reach.reaches and not reach.pending
