"""Hand the handlers of ``mlaudit_reference.container.inference`` to the image."""

from mlaudit_reference.container.inference import input_fn, model_fn, output_fn, predict_fn

__all__ = ["input_fn", "model_fn", "output_fn", "predict_fn"]
