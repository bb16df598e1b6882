"""The way in: ``funnelctl`` and ``python -m funnelctl``."""

from __future__ import annotations

import gc
import sys

SELDOM = 100_000


def main() -> None:
    """Run the command line and leave with its exit code.

    Python looks for objects that hold one another whenever there are 700 more than before. A command makes hardly any
    of that kind: its classes stay, and the rows of a file come and go by themselves. So it looks more seldom, which
    saves a short command a tenth of its time, and an import a fiftieth.
    """
    gc.set_threshold(SELDOM)
    try:
        from funnelctl.cli.shell import run
    except KeyboardInterrupt as interrupt:  # before anything was begun
        from funnelctl.cli.shell import report

        sys.exit(report(interrupt))

    def program() -> int:
        from funnelctl.cli.app import command

        return int(command().main(prog_name="funnelctl", standalone_mode=False) or 0)

    code = run(program)
    gc.freeze()  # else it would look at all of them once more at the end
    sys.exit(code)


if __name__ == "__main__":
    main()
