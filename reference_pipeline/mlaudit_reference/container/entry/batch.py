"""Run ``mlaudit_reference.container.batch``."""

import sys

from mlaudit_reference.container.batch import main

if __name__ == "__main__":
    sys.exit(main())
