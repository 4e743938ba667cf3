"""Run ``mlaudit_reference.container.staging``."""

import sys

from mlaudit_reference.container.staging import main

if __name__ == "__main__":
    sys.exit(main())
