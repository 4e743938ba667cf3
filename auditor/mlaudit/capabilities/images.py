"""Tell from a container image's name which framework it holds.

Source: the image lists of AWS Deep Learning Containers and of SageMaker's built-in algorithms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FRAMEWORKS = (
    "autogluon",
    "chainer",
    "djl",
    "huggingface",
    "jax",
    "mxnet",
    "pytorch",
    "ray",
    "scikit-learn",
    "sklearn",
    "sparkml",
    "spark",
    "tensorflow",
    "triton",
    "xgboost",
)
_BUILT_IN = (
    "blazingtext",
    "catboost",
    "factorization-machines",
    "forecasting-deepar",
    "image-classification",
    "ipinsights",
    "kmeans",
    "knn",
    "lda",
    "lightgbm",
    "linear-learner",
    "ntm",
    "object-detection",
    "object2vec",
    "pca",
    "randomcutforest",
    "semantic-segmentation",
    "seq2seq",
    "tabtransformer",
)
_ALIASES = {"sklearn": "scikit-learn"}
_IMAGE = re.compile(r"(?:(?P<registry>[^/]+)/)?(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@.+)?")


@dataclass(frozen=True, slots=True)
class Framework:
    """What an image holds.

    Attributes:
        name: The framework or built-in algorithm; the repository's name for any other image.
        version: Its major version; empty where the tag does not tell.
        custom: Whether it is an image of one's own.
        built_in: Whether it is an algorithm of SageMaker, which runs no code of one's own.
    """

    name: str
    version: str
    custom: bool
    built_in: bool

    def __str__(self) -> str:
        """The name a reader knows it by."""
        return f"{self.name} {self.version}".strip()


def framework_of(image: str | None) -> Framework | None:
    """Read a framework from an image URI; ``None`` where there is no image."""
    match = _IMAGE.fullmatch(image or "")
    if not match:
        return None
    repository = match["repository"].rpartition("/")[2].lower()
    version = re.match(r"v?(\d+)\.\d", match["tag"] or "")  # else it may count builds
    major = version[1] if version else ""
    for name in _BUILT_IN:
        if repository == name:
            return Framework(name, major, custom=False, built_in=True)
    for name in _FRAMEWORKS:
        if re.search(rf"(^|[-_.]){name}([-_.]|$)", repository):
            return Framework(_ALIASES.get(name, name), major, custom=False, built_in=False)
    return Framework(repository, major, custom=True, built_in=False)
