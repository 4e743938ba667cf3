"""Run ``mlaudit_reference.container.drift``."""

import sys

from mlaudit_reference.container.drift import main

if __name__ == "__main__":
    sys.exit(main())
