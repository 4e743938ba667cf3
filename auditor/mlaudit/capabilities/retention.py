"""Whether the data that a model was trained on outlives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import TrainingData, bucket_of, training_data
from mlaudit.capabilities.drill import gaps_of_trained
from mlaudit.capabilities.provenance import provenances
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import Bucket, BucketRetention, Expiry
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class KeptData:
    """How long the training data of a model that serves is kept.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        places: Where its training jobs read.
        short: Those of them that may be deleted sooner than the model is old.
        life_days: How many days ago the oldest of its training jobs ended.
        at: When that was.
    """

    arn: str
    words: str
    places: tuple[str, ...]
    short: tuple[str, ...]
    life_days: int
    at: datetime

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def kept_data(view: View) -> Evidence[KeptData]:
    """The data behind every model that serves, with what deletes it.

    In a versioned bucket nothing but the rule for versions that were replaced deletes for good. A
    lock that holds as long as the model has lived goes before every rule. Whether an object has the
    tag or the size that a rule is about is not read: a gap.
    """
    seen = view.once(training_data)
    items: list[KeptData] = []
    gaps = list(seen.gaps)
    for data in seen.items:
        trained_at = min(job.ended_at or job.created_at for job in data.version.jobs)
        life = (view.window.end - trained_at).days
        hidden = _hidden(view, data)
        rules = {place: _sooner(view, place, life) for place in data.places}
        short = tuple(place for place, some in rules.items() if not all(r.narrowed for r in some))
        if not short and any(rules.values()):
            read, region = "s3:GetBucketLifecycleConfiguration", view.region.name
            hidden += (Gap.unread(read, region, "RuleByTag", data.version.arn),)
        gaps += hidden
        if not hidden:
            arn, words = data.version.arn, data.version.words
            items.append(KeptData(arn, words, data.places, short, life, trained_at))
    models = view.once(provenances).items
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps_of_trained(gaps, models))))


def _hidden(view: View, data: TrainingData) -> tuple[Gap, ...]:
    """What hides the settings of the buckets it lies in; those of another do not matter."""
    names = {bucket_of(place) for place in data.places}
    known = {each.bucket for each in view.region.all(BucketRetention)}
    known &= {each.name for each in view.region.all(Bucket)}
    others = {each.arn for each in view.region.all(Bucket) if each.name not in names}
    found = view.gaps(Bucket, BucketRetention) if names - known else ()
    return tuple(gap for gap in found if gap.subject not in others)


def _sooner(view: View, place: str, life: int) -> tuple[Expiry, ...]:
    """The rules that may have deleted what a model of that age was trained on."""
    name = bucket_of(place)
    key = place.partition(f"{name}/")[2]
    versioned = any(each.versioned for each in view.region.by(Bucket, "name").get(name, ()))
    return tuple(
        rule
        for each in view.region.by(BucketRetention, "bucket").get(name, ())
        if each.locked_days is None or each.locked_days < life
        for rule in each.expiries
        for days in (rule.replaced_days if versioned else rule.current_days,)
        if days is not None
        and days < life
        and (key.startswith(rule.prefix) or rule.prefix.startswith(key))
    )
