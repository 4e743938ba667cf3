"""Run ``mlaudit_reference.container.monitor``."""

import sys

from mlaudit_reference.container.monitor import main

if __name__ == "__main__":
    sys.exit(main())
