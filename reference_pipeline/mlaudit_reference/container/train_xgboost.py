"""Train gradient-boosted trees with XGBoost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import xgboost

from mlaudit_reference.container import locations
from mlaudit_reference.container.predictors import trees
from mlaudit_reference.container.training import Job, Trained, report, run

_EVERY = 20
"""Rounds between two reports."""

_AS_THEY_ARE = (
    "learning_rate",
    "max_depth",
    "min_child_weight",
    "subsample",
    "colsample_bytree",
    "reg_lambda",
    "seed",
)


class _Reporter(xgboost.callback.TrainingCallback):  # type: ignore[misc] # no types here
    """Prints metrics while training runs, so that tuning can stop what falls behind."""

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002
        if epoch % _EVERY == 0:
            report({
                f"{part}:{name}": float(values[-1])
                for part, found in evals_log.items()
                for name, values in found.items()
            })  # fmt: skip
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the job says."""
    return run("xgboost", train, argv)


def train(job: Job) -> Trained:
    """Boost until the validation part gets no better, write the model, and say how it scores."""
    known = {name: job.parameters[name] for name in _AS_THEY_ARE}
    parts = {"train": job.train, "validation": job.validation}
    data = {name: xgboost.DMatrix(each.vectors, each.labels) for name, each in parts.items()}
    model = xgboost.train(
        # The last metric decides when to stop.
        {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"], **known},
        data["train"],
        num_boost_round=int(job.parameters["rounds"]),
        evals=[(each, f"{name}") for name, each in data.items()],
        early_stopping_rounds=int(job.parameters["early_stopping_rounds"]),
        xgb_model=str(job.earlier / trees.FILE) if job.earlier else None,
        callbacks=[_Reporter()],
        verbose_eval=False,
    )
    best = model[: model.best_iteration + 1]
    best.save_model(locations.model() / trees.FILE)
    return Trained(
        artifact=trees.FILE,
        version=xgboost.__version__,
        train=trees.probabilities(best, job.train.vectors),
        validation=trees.probabilities(best, job.validation.vectors),
        details={"rounds": best.num_boosted_rounds()},
    )


if __name__ == "__main__":
    sys.exit(main())
