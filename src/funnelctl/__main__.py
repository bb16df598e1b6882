"""The way in: ``funnelctl`` and ``python -m funnelctl``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from funnelctl.cli.shell import run
    except KeyboardInterrupt as interrupt:  # before anything was begun
        from funnelctl.cli.shell import report

        sys.exit(report(interrupt))

    def program() -> int:
        from funnelctl.cli.app import command

        return int(command().main(prog_name="funnelctl", standalone_mode=False) or 0)

    sys.exit(run(program))


if __name__ == "__main__":
    main()
