"""Files go to the buckets of exports once, and come away again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.remediate.change import RefusedError
from mlaudit.remediate.entries import Did
from mlaudit.remediate.plan import Upload
from mlaudit.remediate.stacks import Fate, NotReadyError, settled
from mlaudit.remediate.stacks.uploads import place_of

BUCKET = """
Resources: {B: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: %s}}}}
Outputs: {B: {Value: !Ref B, Export: {Name: churn-Bucket}}}
"""
KEPT, UNKEPT = BUCKET % "Enabled", BUCKET % "Suspended"
FILE = Upload("churn-Bucket", "code/1/a.zip", "a.zip")
LONG = "Resources: {T: {Type: AWS::SNS::Topic}}\n# " + "x" * 60_000


def deploy(bench: Any, template: str = KEPT, content: bytes = b"one") -> bool:
    changed: bool = bench.deploy(template, files={"a.zip": content}, uploads=(FILE,))
    return changed


def objects(bench: Any) -> Mapping[str, bytes]:
    s3 = bench.client("s3")
    (bucket,) = (each["Name"] for each in s3.list_buckets()["Buckets"])
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", ())
    return {
        each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in found
    }


def test_a_file_is_uploaded_after_its_stack_and_once(bench: Any) -> None:
    assert deploy(bench)
    assert objects(bench) == {"code/1/a.zip": b"one"}
    assert bench.told[-1].endswith("/code/1/a.zip: 3 bytes uploaded")
    stack, file = bench.journal.intents
    assert (stack.kind, file.kind, file.before) == ("cloudformation.stack", "s3.object", None)
    assert not deploy(bench)
    assert len(bench.journal.intents) == 2


def test_a_file_comes_away_again(bench: Any) -> None:
    deploy(bench)
    assert bench.undo().fate is Fate.UNDONE
    assert objects(bench) == {}
    versions = bench.client("s3").list_object_versions(
        Bucket=bench.journal.intents[1].key["Bucket"]
    )
    assert "DeleteMarkers" not in versions
    assert bench.undo(bench.journal.intents[1]).fate is Fate.WAS_SO


def test_what_was_there_before_comes_back(bench: Any) -> None:
    deploy(bench)
    deploy(bench, content=b"two")
    assert objects(bench) == {"code/1/a.zip": b"two"}
    assert bench.undo().fate is Fate.UNDONE
    assert objects(bench) == {"code/1/a.zip": b"one"}


def test_what_would_be_lost_is_not_overwritten(bench: Any) -> None:
    deploy(bench, UNKEPT)
    with pytest.raises(NotReadyError, match="keeps no versions: it would be lost"):
        deploy(bench, UNKEPT, b"two")
    assert objects(bench) == {"code/1/a.zip": b"one"}


def test_what_somebody_else_wrote_since_stays(bench: Any) -> None:
    deploy(bench)
    key = bench.journal.intents[1].key
    bench.client("s3").put_object(**key, Body=b"theirs")
    told = bench.undo()
    assert (told.fate, objects(bench)) == (Fate.CHANGED, {"code/1/a.zip": b"theirs"})
    assert "was written by somebody else since" in told.why


def test_a_file_stays_for_as_long_as_a_stack_that_may_read_it(bench: Any) -> None:
    deploy(bench)
    bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}}", name="reader")
    file, reader = bench.journal.intents[1:]
    told = bench.undo(file)
    assert told.fate is Fate.KEPT
    assert told.why.endswith("was kept for the stack reader, which is still there.")
    bench.undo(reader)
    assert bench.undo(file).fate is Fate.UNDONE


def test_a_bucket_that_is_gone_holds_nothing(bench: Any) -> None:
    deploy(bench)
    bench.undo()
    bench.client("cloudformation").delete_stack(StackName="demo")
    assert bench.undo(bench.journal.intents[1]).fate is Fate.WAS_SO


def test_a_refused_upload_is_written_down(bench: Any) -> None:
    with pytest.raises(RefusedError, match="AccessDenied"):
        deploy(bench.refusing("PutObject"))
    assert bench.outcome() == "failed"


def test_an_upload_whose_answer_is_lost_is_seen(bench: Any) -> None:
    def losing(service: str, operation: str, params: Any) -> Any:
        answer = bench.site.ask(service, operation, params)
        if operation == "PutObject":
            raise RefusedError(service, operation, "ReadTimeoutError", "no answer")
        return answer

    assert deploy(replace(bench, site=replace(bench.site, ask=losing)))
    assert bench.outcome() == "did"


def test_what_was_not_uploaded_here_stays(bench: Any) -> None:
    with pytest.raises(RefusedError):
        deploy(bench.refusing("PutObject"))
    failed = bench.journal.intents[-1]
    deploy(bench)
    assert bench.undo(failed).fate is Fate.WAS_SO
    assert objects(bench) == {"code/1/a.zip": b"one"}


@pytest.mark.parametrize(("is_there", "outcome"), [(True, "did"), (False, "failed")])
def test_an_interrupted_upload_is_looked_at(bench: Any, outcome: str, *, is_there: bool) -> None:
    deploy(bench)
    done = bench.journal.intents[1]
    key = done.key if is_there else {**done.key, "Key": "nowhere"}
    open_ = replace(done, key=key)
    number = bench.journal.intends(open_)
    settled(replace(open_, number=number), bench.site, bench.journal)
    assert bench.outcome() == outcome


def test_a_bucket_has_to_be_exported(bench: Any) -> None:
    with pytest.raises(NotReadyError, match="No stack exports churn-Bucket"):
        bench.deploy(LONG, from_export="churn-Bucket")


def test_a_long_template_needs_a_bucket(bench: Any) -> None:
    with pytest.raises(NotReadyError, match="has 60042 bytes, CloudFormation takes 51200"):
        bench.deploy(LONG)


def test_a_long_template_is_read_from_the_bucket(bench: Any) -> None:
    deploy(bench)
    assert bench.deploy(LONG, name="long", from_export="churn-Bucket")
    assert bench.status("long") == "CREATE_COMPLETE"
    template, stack = bench.journal.intents[-2:]
    assert template.key["Key"].startswith("templates/")
    assert (stack.after["TemplateBody"], stack.after["FromExport"]) == (LONG, "churn-Bucket")
    assert isinstance(bench.journal.entries[-1], Did)


def test_a_long_template_comes_back(bench: Any) -> None:
    """It is uploaded for as long as it takes, even if nothing of it lies in the bucket."""
    deploy(bench)
    bench.deploy(LONG, name="long", from_export="churn-Bucket")
    (template,) = (each for each in bench.journal.intents if each.key.get("Key", "")[0:1] == "t")
    bench.client("s3").delete_object(**template.key)
    short = "Resources: {T: {Type: AWS::SNS::Topic}, U: {Type: AWS::SNS::Topic}}"
    bench.deploy(short, name="long", from_export="churn-Bucket")
    before = objects(bench)
    assert bench.undo().fate is Fate.UNDONE
    told = bench.client("cloudformation").get_template(StackName="long")["TemplateBody"]
    assert (told, objects(bench)) == (LONG, before)


@pytest.mark.parametrize(
    ("region", "domain"), [("us-east-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")]
)
def test_the_place_of_a_template_is_in_its_partition(bench: Any, region: str, domain: str) -> None:
    exports = {"Exports": [{"Name": "X", "Value": "ml"}]}
    site = replace(bench.site, region=region, ask=lambda *_: exports)
    url = place_of("text", "X", site)["TemplateURL"]
    assert url.startswith(f"https://ml.s3.{region}.{domain}/templates/")
