"""What the training pipeline does: its steps, independent of the engine that runs them."""
