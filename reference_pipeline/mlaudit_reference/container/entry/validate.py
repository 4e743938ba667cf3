"""Run ``mlaudit_reference.container.validate``."""

import sys

from mlaudit_reference.container.validate import main

if __name__ == "__main__":
    sys.exit(main())
