"""`python -m workers [NAME...|all]`: the same as `sluice worker`."""

import sys
from collections.abc import Sequence

from app.cli import main as sluice


def main(names: Sequence[str] = ()) -> None:
    """Run a worker process for these stages, or for those named on the command line; then exit."""
    sys.exit(sluice(["worker", *names, *sys.argv[1:]]))


if __name__ == "__main__":
    main()
