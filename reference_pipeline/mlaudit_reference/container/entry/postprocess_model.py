"""Hand the handlers of ``mlaudit_reference.container.postprocess_model`` to the image."""

from mlaudit_reference.container.postprocess_model import input_fn, model_fn, output_fn, predict_fn

__all__ = ["input_fn", "model_fn", "output_fn", "predict_fn"]
