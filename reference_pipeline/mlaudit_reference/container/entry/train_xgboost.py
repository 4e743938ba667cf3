"""Run ``mlaudit_reference.container.train_xgboost``."""

import sys

from mlaudit_reference.container.train_xgboost import main

if __name__ == "__main__":
    sys.exit(main())
