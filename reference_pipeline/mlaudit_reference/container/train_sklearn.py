"""Train a logistic regression with scikit-learn: a score card, and a baseline to beat."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

from mlaudit_reference.container import locations
from mlaudit_reference.container.predictors import linear
from mlaudit_reference.container.training import Job, Trained, run


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the job says."""
    return run("sklearn", train, argv)


def train(job: Job) -> Trained:
    """Fit, write the model, and say how it scores."""
    model = LogisticRegression(
        C=job.parameters["c"],
        class_weight={0.0: 1.0, 1.0: job.parameters["positive_weight"]},
        max_iter=int(job.parameters["max_iterations"]),
        random_state=int(job.parameters["seed"]),
        warm_start=job.earlier is not None,
    )
    if job.earlier is not None:
        weights, intercept = linear.read(job.earlier / linear.FILE)
        model.coef_, model.intercept_ = weights[np.newaxis], np.array([intercept])
    model.fit(job.train.vectors.astype(np.float64), job.train.labels)
    weights, intercept = model.coef_[0], float(model.intercept_[0])
    linear.write(locations.model() / linear.FILE, weights, intercept)
    return Trained(
        artifact=linear.FILE,
        version=sklearn.__version__,
        train=linear.probabilities(job.train.vectors, weights, intercept),
        validation=linear.probabilities(job.validation.vectors, weights, intercept),
        details={"iterations": int(model.n_iter_[0])},
    )


if __name__ == "__main__":
    sys.exit(main())
