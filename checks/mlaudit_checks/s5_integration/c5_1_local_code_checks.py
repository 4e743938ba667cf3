"""5.1 Local code checks: what a developer runs before a commit."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.repositories import LocalChecks


@check("5.1")
def local_code_checks(repositories: Evidence[LocalChecks]) -> Verdict:
    """What a developer can check alone should not wait for a server.

    Exercised when the hooks or the task runner that developers use analyse the code and run its
    tests, and CI calls the same for every commit, so that nobody can go without; only configured
    where CI does not, where one of the two is missing, or where tests and analysers are there and
    nothing calls them. What runs on a developer's machine cannot be seen: attest it. Without a
    checkout named in the scan nothing can.
    """
    return exists(repositories, _offers, nothing="no repository")


def _offers(found: LocalChecks) -> Observation:
    tools = ", ".join((*found.analyses, *found.tests))
    called = f"hooks or task runners of {found.repository} call {tools}"
    if found.analyses and found.tests and found.enforced:
        return Observation(found.arn, Grade.EXERCISED, f"{called}, and so does every commit")
    if tools:
        return Observation(found.arn, Grade.CONFIGURED, called)
    if found.by_hand:
        fact = f"tests and analysers of {found.repository} are called by no hook or task runner"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    fact = f"{found.repository} has no hook or task runner that checks code"
    return Observation(found.arn, Grade.MISSED, fact)
