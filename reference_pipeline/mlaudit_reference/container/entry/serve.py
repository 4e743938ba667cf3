"""Run ``mlaudit_reference.container.serve``."""

import sys

from mlaudit_reference.container.serve import main

if __name__ == "__main__":
    sys.exit(main())
