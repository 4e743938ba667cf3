"""Run ``mlaudit_reference.container.train_sklearn``."""

import sys

from mlaudit_reference.container.train_sklearn import main

if __name__ == "__main__":
    sys.exit(main())
