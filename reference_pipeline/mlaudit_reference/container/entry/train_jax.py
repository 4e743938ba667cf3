"""Run ``mlaudit_reference.container.train_jax``."""

import sys

from mlaudit_reference.container.train_jax import main

if __name__ == "__main__":
    sys.exit(main())
