"""Run ``mlaudit_reference.container.preprocess``."""

import sys

from mlaudit_reference.container.preprocess import main

if __name__ == "__main__":
    sys.exit(main())
