"""What is too much of what roles may do; policies themselves are not kept."""

import json
from typing import Any

import pytest

from mlaudit.collect import permissions
from mlaudit.resources import Model, RolePermissions, TrainingJob
from mlaudit.testing import build

HERE = "arn:aws:iam::123456789012"
ROLE = f"{HERE}:role/serve"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def asked(reader: Any, *roles: str | None) -> list[Any]:
    models = [build(Model, f"m{number}", role=role) for number, role in enumerate(roles)]
    return list(permissions.role_permissions.run(reader, models, []))


def of_statement(statement: Any, reader_of: Any, answers: Any) -> RolePermissions:
    api = answers(
        GetRole={"Role": {"RoleName": "serve"}},
        ListRolePolicies={"PolicyNames": ["own"]},
        GetRolePolicy={"PolicyDocument": {"Statement": statement}},
    )
    (found,) = asked(reader_of(api), ROLE)
    assert isinstance(found, RolePermissions)
    return found


@pytest.mark.parametrize(
    ("statement", "everything", "wide"),
    [
        (ALLOW, True, ()),
        ([ALLOW], True, ()),
        ({**ALLOW, "Action": ["*:*"]}, True, ()),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True, ()),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b"}, True, ()),
        ({**ALLOW, "Effect": "Deny"}, False, ()),
        ({**ALLOW, "Condition": {"StringEquals": {"aws:RequestedRegion": "x"}}}, False, ()),
        ({**ALLOW, "Resource": "arn:aws:s3:::fraud/*"}, False, ()),
        ({**ALLOW, "Action": ["s3:*", "SageMaker:*"]}, False, ("s3:*", "sagemaker:*")),
        ({**ALLOW, "Action": "s3:*", "Resource": ["arn:aws:s3:::*"]}, False, ("s3:*",)),
        ({**ALLOW, "Action": "iam:PassRole"}, False, ("iam:passrole",)),
        ({**ALLOW, "Action": ["s3:Get*", "ecr:GetAuthorizationToken"]}, False, ()),
    ],
)
def test_wildcards_on_everything_are_told(
    statement: Any,
    everything: bool,  # noqa: FBT001 -- a column of the table
    wide: tuple[str, ...],
    reader_of: Any,
    answers: Any,
) -> None:
    found = of_statement(statement, reader_of, answers)
    assert (found.everything, found.wide) == (("own",) * everything, wide)
    assert not found.bounded


def test_roles_are_kept_by_what_is_too_much(snapshot: Any) -> None:
    train, serve = snapshot.of(RolePermissions, "eu-west-1")[::-1]
    assert (train.name, train.everything, train.wide, train.bounded) == (
        "train",
        ("AdministratorAccess",),
        ("iam:passrole",),
        True,
    )
    assert (serve.name, serve.everything, serve.wide, serve.bounded) == (
        "serve",
        (),
        ("s3:*",),
        False,
    )


def test_a_policy_of_the_account_is_judged_by_what_it_says(reader_of: Any, answers: Any) -> None:
    policy = {
        "PolicyName": "AdministratorAccess",
        "PolicyArn": f"{HERE}:policy/AdministratorAccess",
    }
    narrow = {**ALLOW, "Resource": "arn:aws:s3:::fraud/*"}
    api = answers(
        GetRole={"Role": {}},
        ListAttachedRolePolicies={"AttachedPolicies": [policy]},
        GetPolicy={"Policy": {"DefaultVersionId": "v1"}},
        GetPolicyVersion={"PolicyVersion": {"Document": json.dumps({"Statement": narrow})}},
    )
    (found,) = asked(reader_of(api), ROLE)
    assert (found.everything, found.wide) == ((), ())


def test_each_role_of_the_account_is_asked_once(reader_of: Any, answers: Any) -> None:
    api = answers(GetRole={"Role": {}})
    reader = reader_of(api)
    job = build(TrainingJob, role=ROLE)
    models = [build(Model, each, role=each) for each in (ROLE, "arn:aws:iam::999999999999:role/x")]
    found = list(permissions.role_permissions.run(reader, [*models, build(Model)], [job]))
    assert [each.arn for each in found] == [ROLE]
    assert [name for name, _ in api.asked].count("GetRole") == 1


@pytest.mark.parametrize(
    "operation",
    ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:GetPolicyVersion", "iam:GetRolePolicy"],
)
def test_what_is_denied_is_a_gap_about_the_role(
    operation: str, account: Any, reader_of: Any
) -> None:
    account.deny(operation)
    reader = reader_of(account)
    serve, train = "111122223333:role/service/serve", "111122223333:role/train"
    jobs = [
        build(
            TrainingJob,
            arn="arn:aws:sagemaker:eu-west-1:111122223333:training-job/j",
            role=f"arn:aws:iam::{each}",
        )
        for each in (serve, train)
    ]
    kept = {each.arn for each in permissions.role_permissions.run(reader, [], jobs)}
    missing = {each.subject for each in reader.ledger.gaps if each.operation == operation}
    assert kept | missing == {f"arn:aws:iam::{serve}", f"arn:aws:iam::{train}"}
    assert missing
    assert not kept & missing
