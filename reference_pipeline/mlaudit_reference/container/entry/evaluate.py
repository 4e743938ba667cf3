"""Run ``mlaudit_reference.container.evaluate``."""

import sys

from mlaudit_reference.container.evaluate import main

if __name__ == "__main__":
    sys.exit(main())
