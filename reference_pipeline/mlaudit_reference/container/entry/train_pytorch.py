"""Run ``mlaudit_reference.container.train_pytorch``."""

import sys

from mlaudit_reference.container.train_pytorch import main

if __name__ == "__main__":
    sys.exit(main())
