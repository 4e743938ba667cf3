"""X.14 Container images are still patched: known holes in them are mended."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.patches import ImageInUse


@check("X.14")
def images_patched(images: Evidence[ImageInUse]) -> Verdict:
    """An image that gets no more patches collects known holes for as long as it is used.

    Exercised when everything that serves, and every training job of the window, is on an image that
    AWS provides and patches for three more months; only configured where the end of its patches is
    nearer. One on an image that is not patched any more, or that is named by latest, fails. Does
    not apply where nothing serves or trained. Who patches other images cannot be seen here.
    """
    return for_all(images, _is_patched, one_miss_fails=True, nothing="nothing serves or trained")


def _is_patched(image: ImageInUse) -> Observation:
    used = image.uses
    if not image.fixed:
        return Observation(used.arn, Grade.MISSED, f"{used.words}, which names no version")
    if used.warning is None:
        return used.observed(Grade.EXERCISED)
    return used.observed(Grade.MISSED if used.is_over else Grade.CONFIGURED)
