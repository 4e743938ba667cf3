"""A program that deploys a stack and is killed when it has told a certain line.

It is run with the endpoint, the folder of the run, the template, and the line's beginning.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from mlaudit.collect.session import Access
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.hands import open_hands
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.plan import StackChange, Step
from mlaudit.remediate.stacks import DEPLOYING, Site, deployed

REGION = "us-east-1"


def main(url: str, folder: str, template: str, line: str) -> None:
    def tell(told: str) -> None:
        if told.startswith(line):
            os.kill(os.getpid(), signal.SIGKILL)

    access = Access(endpoint_url=url, keys=(os.environ["KEY"], os.environ["SECRET"]))
    hands = open_hands(access, DEPLOYING)
    site = Site(REGION, hands.ask(REGION), tell)
    stack = StackChange(
        name="demo",
        about="a test",
        region=REGION,
        template="t",
        from_export=None,
        parameters={},
        capabilities=(),
        tags={"mlaudit:workload": "churn"},
        before=None,
    )
    step = Step(
        id="03",
        fix="reference",
        kind=Kind.CAPABILITY,
        title="deploy a stack",
        workload="churn",
        items=(),
        disposition=Disposition.SAFE,
        risk="",
        back="",
        not_proven="",
        exercise="",
        effort=1,
        bill=Bill(),
        stack=stack,
    )
    deployed(step, {"t": template.encode()}, site, Journal(Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
