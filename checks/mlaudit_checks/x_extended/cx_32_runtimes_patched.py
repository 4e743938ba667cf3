"""X.32 Nothing runs on what is retired: functions have a runtime that AWS still patches."""

from collections.abc import Mapping
from datetime import date, timedelta

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.plumbing import RuntimeUse

ENDS: Mapping[str, date] = {
    "dotnet6": date(2024, 12, 20),
    "dotnet8": date(2026, 11, 10),
    "dotnetcore3.1": date(2023, 4, 3),
    "go1.x": date(2024, 1, 8),
    "java11": date(2027, 6, 30),
    "java17": date(2027, 6, 30),
    "java8": date(2024, 1, 8),
    "java8.al2": date(2027, 6, 30),
    "nodejs12.x": date(2023, 3, 31),
    "nodejs14.x": date(2023, 12, 4),
    "nodejs16.x": date(2024, 6, 12),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs20.x": date(2026, 4, 30),
    "nodejs22.x": date(2027, 4, 30),
    "provided": date(2024, 1, 8),
    "provided.al2": date(2026, 7, 31),
    "python2.7": date(2021, 7, 15),
    "python3.6": date(2022, 7, 18),
    "python3.7": date(2023, 12, 4),
    "python3.8": date(2024, 10, 14),
    "python3.9": date(2025, 12, 15),
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "ruby2.7": date(2023, 12, 7),
    "ruby3.2": date(2026, 3, 31),
    "ruby3.3": date(2027, 3, 31),
}
"""When AWS stops patching a runtime, by the table of runtimes in the Lambda guide, November 2026.

What is not here is patched beyond 2027.
"""

NOTICE = timedelta(days=90)


@check("X.32")
def runtimes_patched(functions: Evidence[RuntimeUse]) -> Verdict:
    """What is no longer patched can one day no longer be changed either.

    Exercised when every function of the workload is on a runtime that AWS patches for three more
    months; only configured where its end is nearer. One on a runtime that is not patched any more
    fails. Does not apply where no function has a runtime; what container images hold cannot be seen
    here.
    """
    return for_all(
        functions, _is_patched, one_miss_fails=True, nothing="no function has a runtime of AWS"
    )


def _is_patched(function: RuntimeUse) -> Observation:
    end = ENDS.get(function.runtime)
    words = f"function {function.name} is on {function.runtime}"
    if end is None or end - function.judged_on > NOTICE:
        return Observation(function.arn, Grade.EXERCISED, words)
    if end >= function.judged_on:
        return Observation(function.arn, Grade.CONFIGURED, f"{words}, which is patched until {end}")
    return Observation(function.arn, Grade.MISSED, f"{words}, which is not patched since {end}")
