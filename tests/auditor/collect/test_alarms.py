"""Alarms of all kinds, the metrics they read, and who hears of them."""

from typing import Any

import pytest

from mlaudit.collect import monitoring
from mlaudit.resources import Alarm, Bucket, CompositeAlarm, Topic, Trigger, WatchedMetric
from mlaudit.testing import build, gap

TOPIC = "arn:aws:sns:eu-west-1:111122223333:on-call"
ON_ENDPOINT = {"EndpointName": "fraud"}
ALL = {"EndpointName": "*"}
RECORD = {
    "AlarmName": "a",
    "AlarmArn": "arn:alarm:a",
    "StateValue": "OK",
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
}


def one_alarm(reader_of: Any, answers: Any, **members: Any) -> Alarm:
    reply = {"MetricAlarms": [{**RECORD, **members}]}
    found = list(monitoring.alarms.run(reader_of(answers(DescribeAlarms=reply)), []))
    assert len(found) == 1
    assert isinstance(found[0], Alarm)
    return found[0]


def stat(name: str, statistic: str) -> dict[str, Any]:
    dimensions = [{"Name": "EndpointName", "Value": "fraud"}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": dimensions}
    return {"Id": name.lower(), "MetricStat": {"Metric": metric, "Stat": statistic}}


def query(text: str) -> list[dict[str, Any]]:
    return [{"Id": "q", "Expression": text}]


OWN = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "ModelLatency",
    "Dimensions": [{"Name": "EndpointName", "Value": "fraud"}],
}


@pytest.mark.parametrize(
    ("members", "watches"),
    [
        ({**OWN, "ExtendedStatistic": "p99"}, [("ModelLatency", "p99", ON_ENDPOINT)]),
        ({**OWN, "Statistic": "Average"}, [("ModelLatency", "Average", ON_ENDPOINT)]),
        (
            {"Metrics": [stat("A", "Sum"), stat("B", "p90"), {"Id": "e", "Expression": "a/b"}]},
            [("A", "Sum", ON_ENDPOINT), ("B", "p90", ON_ENDPOINT)],
        ),
        (
            {"Metrics": query('SELECT MAX(ModelLatency) FROM SCHEMA("AWS/SageMaker", A, B)')},
            [("ModelLatency", "MAX", ALL)],
        ),
        (
            {
                "Metrics": query(
                    "SELECT SUM(Errors) FROM \"AWS/SageMaker\" WHERE EndpointName = 'fraud' "
                    "AND VariantName = 'main' GROUP BY VariantName"
                )
            },
            [("Errors", "SUM", {"EndpointName": "fraud", "VariantName": "main"})],
        ),
    ],
)
def test_the_metrics_of_an_alarm(
    members: dict[str, Any], watches: list[tuple[Any, ...]], reader_of: Any, answers: Any
) -> None:
    alarm = one_alarm(reader_of, answers, **members)
    assert [(each.name, each.statistic, each.dimensions) for each in alarm.watches] == watches
    assert {each.namespace for each in alarm.watches} == {"AWS/SageMaker"}
    assert not alarm.hides_metrics


@pytest.mark.parametrize(
    ("members", "hides"),
    [
        ({"Metrics": query("SEARCH('{AWS/SageMaker,EndpointName} Errors', 'Sum')")}, True),
        ({"Metrics": query("SELECT SUM(A) FROM \"AWS/SageMaker\" WHERE B != 'c'")}, True),
        ({"EvaluationCriteria": {"PromQLCriteria": {"Query": "sum(sagemaker_x)"}}}, True),
        ({"EvaluationCriteria": {"PromQLCriteria": {"Query": "sum(queue_x)"}}}, False),
        ({"Metrics": query("SEARCH('{AWS/SQS} Age', 'Max')")}, False),
        ({}, False),
    ],
)
def test_a_query_that_is_not_understood_hides_what_it_reads(
    members: dict[str, Any], hides: Any, reader_of: Any, answers: Any
) -> None:
    alarm = one_alarm(reader_of, answers, **members)
    assert alarm.watches == ()
    assert alarm.hides_metrics is hides


@pytest.mark.parametrize(("enabled", "actions"), [(True, (TOPIC,)), (False, ())])
def test_actions_that_are_switched_off_are_none(
    enabled: Any, actions: tuple[str, ...], reader_of: Any, answers: Any
) -> None:
    assert one_alarm(reader_of, answers, **OWN, ActionsEnabled=enabled).actions == actions


@pytest.mark.parametrize(
    ("rule", "watches"),
    [
        ("ALARM(a)", ("a",)),
        ('ALARM("a b") AND NOT ALARM(arn:alarm:c)', ("a b", "arn:alarm:c")),
        ("OK(a)", ()),
        ("TRUE", ()),
    ],
)
def test_an_alarm_on_alarms(
    rule: str, watches: tuple[str, ...], reader_of: Any, answers: Any
) -> None:
    reply = {"CompositeAlarms": [{**RECORD, "AlarmRule": rule}]}
    found = list(monitoring.composite_alarms.run(reader_of(answers(DescribeAlarms=reply))))
    assert found == [CompositeAlarm("arn:alarm:a", "eu-west-1", "a", watches, (TOPIC,))]


FUNCTION = "arn:aws:lambda:eu-west-1:1:function:f"
QUEUE = "arn:aws:sqs:eu-west-1:1:new"
SUBSCRIPTIONS = {
    "Subscriptions": [
        {"SubscriptionArn": f"{TOPIC}:1", "Endpoint": "someone@example.com"},
        {"SubscriptionArn": "PendingConfirmation", "Endpoint": "other@example.com"},
        {"SubscriptionArn": "Deleted", "Endpoint": "gone@example.com"},
        {"SubscriptionArn": f"{TOPIC}:2", "Protocol": "lambda", "Endpoint": f"{FUNCTION}:live"},
        {"SubscriptionArn": f"{TOPIC}:3", "Protocol": "sqs", "Endpoint": QUEUE},
    ]
}
WATCHES = build(
    Alarm, "a", actions=(TOPIC,), watches=(WatchedMetric("own", "A", None, ON_ENDPOINT),)
)
UNTIED = build(Alarm, "d", actions=(TOPIC,), watches=(WatchedMetric("own", "A", None, {}),))
QUEUES = WatchedMetric("AWS/SQS", "A", None, {})
ELSEWHERE = build(Alarm, "b", actions=(TOPIC,), watches=(QUEUES,))
JOINED = build(CompositeAlarm, "c", actions=(TOPIC, "arn:aws:lambda:eu-west-1:1:function:f"))
RULE = build(
    Trigger, "r", pattern='{"detail-type": ["CloudWatch Alarm State Change"]}', targets=(TOPIC,)
)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (([WATCHES], [], [], []), 1),
        (([UNTIED], [], [], []), 1),
        (([], [JOINED], [], []), 1),
        (([], [], [RULE], []), 1),
        (([], [], [], [build(Bucket, "b", notifies=(TOPIC, QUEUE))]), 1),
        (([WATCHES], [JOINED], [RULE], [build(Bucket, "b", notifies=(TOPIC,))]), 1),
        (([ELSEWHERE], [], [build(Trigger, "r", targets=(TOPIC,))], [build(Bucket, "b")]), 0),
    ],
)
def test_topics_are_read_once_and_only_where_alarms_of_models_or_buckets_notify_them(
    given: Any, asked: int, reader_of: Any, answers: Any
) -> None:
    api = answers(ListSubscriptionsByTopic=SUBSCRIPTIONS)
    found = list(monitoring.topics.run(reader_of(api), *given))
    assert found == [Topic(TOPIC, "eu-west-1", 3, 1, (FUNCTION, QUEUE))] * asked
    assert len(api.asked) == asked


def test_a_topic_that_is_denied_is_a_gap_about_it(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(ListSubscriptionsByTopic=gap("sns:ListSubscriptionsByTopic")))
    assert list(monitoring.topics.run(reader, [WATCHES], [], [], [])) == []
    assert [each.subject for each in reader.ledger.gaps] == [TOPIC]


ON_FRAUD = WatchedMetric("AWS/SageMaker", "A", "Sum", ON_ENDPOINT)
SINGLE = stat("A", "Sum")["MetricStat"]["Metric"] | {"Stat": "Sum"}


@pytest.mark.parametrize(
    ("members", "watches", "trained"),
    [
        ({"SingleMetricAnomalyDetector": SINGLE, "StateValue": "TRAINED"}, (ON_FRAUD,), True),
        (
            {"SingleMetricAnomalyDetector": SINGLE, "StateValue": "PENDING_TRAINING"},
            (ON_FRAUD,),
            False,
        ),
        ({**SINGLE, "StateValue": "TRAINED_INSUFFICIENT_DATA"}, (ON_FRAUD,), False),
        ({**SINGLE}, (ON_FRAUD,), False),
        (
            {"MetricMathAnomalyDetector": {"MetricDataQueries": [stat("A", "Sum")]}},
            (ON_FRAUD,),
            False,
        ),
    ],
)
def test_a_detector_and_what_it_learns_from(
    members: Any, watches: Any, trained: Any, reader_of: Any, answers: Any
) -> None:
    reply = {"AnomalyDetectors": [members]}
    found = list(
        monitoring.anomaly_detectors.run(reader_of(answers(DescribeAnomalyDetectors=reply)))
    )
    assert [(each.watches, each.trained) for each in found] == [(watches, trained)]  # type: ignore[attr-defined]
    assert found[0].arn == "anomaly-detector/AWS/SageMaker,A,Sum,EndpointName=fraud"
