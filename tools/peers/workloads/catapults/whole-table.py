"""The whole table of forced catapults by eager PyTorch."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from table import implementations, missing  # noqa: E402, F401: what the server reads
