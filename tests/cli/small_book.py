"""A small book in two funnels of our own, so that no figure of a test hangs on a file that is shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commandline import Cli

ONE = """
funnel: one
currency: EUR
stages:
  - {stage: seen, holds: lead, why: They were seen somewhere., stale_after: 10d}
  - {stage: ask, holds: opportunity, why: They have asked for it., probability: 0.2, stale_after: 5d}
  - {stage: offer, holds: opportunity, why: They have our offer., probability: 0.5, stale_after: 10d, can_win: true}
  - {stage: deal, holds: opportunity, why: They have said yes., probability: 0.9}
"""
TWO = """
funnel: two
currency: USD
stages:
  - {stage: fresh, holds: opportunity, why: It has just come in., probability: 0.1, stale_after: 7d}
  - {stage: talks, holds: opportunity, why: We talk about terms., probability: 0.4}
  - {stage: nap, holds: opportunity, why: They want us to wait., sleeping: true}
"""

# Today is 2026-11-23.
BOOK = [
    "lead add Ann --at 2026-11-20",
    "lead add Ben --company 'Ben Ltd' --at 2026-11-01",
    "opp add O1 --client Cid --value '1000 EUR' --at 2026-11-22",
    "opp add O2 --client Cid --value '500.50 EUR' --probability 10% --at 2026-11-10",
    "opp add O3 --client Dan --value '300 USD' --at 2026-11-17",
    "opp add O4 --client Dan --value '2000 EUR' --stage offer --at 2026-11-13",
    "opp add O5 --client Eva --value '4000 EUR' --stage offer --at 2026-10-01",
    "opp add O6 --client Eva --stage deal",
    "opp add O7 --client Fay --value '150000 JPY' --funnel two --at 2026-11-16",
    "opp add O8 --client Fay --value '900 USD' --funnel two --stage talks --at 2026-11-03",
    "opp add O9 --client Gil --value '100.10 USD' --probability 0.5 --funnel two --stage talks --at 2026-11-20",
    "opp add O10 --client Hal --value '3000 EUR' --stage deal --at 2026-09-01",
    "opp add O11 --client Hal --value '1000 USD' --at 2026-10-18",
    "opp add O12 --client Ida --value '1000 EUR' --at 2026-10-02",
    "opp add O13 --client Jon --value '5000 JPY' --funnel two --at 2026-10-19",
    "opp add O14 --client Jon --at 2026-11-02",
    "opp add O15 --client Kai --value '2000 USD' --funnel two --stage talks --at 2026-11-03",
    "win O10 --at 2026-10-01",
    "lose O12 --reason price --at 2026-10-15",
    "postpone O5 --until 2026-12-01 --at 2026-11-01",
    "advance O11 --to offer --at 2026-11-05",
    "win O11 --at 2026-11-05",
    "lose O13 --reason timing --at 2026-11-06",
    "postpone O8 --until 2027-01-10 --at 2026-11-10",
    "lose O14 --to Rival --at 2026-11-20",
    "win O15 --at 2026-11-20",
]


def lay_out(cli: Cli) -> None:
    """Put both into a directory of the user's and make the first the funnel of new records."""
    folder = cli.home / "funnels"
    folder.mkdir()
    (folder / "one.yaml").write_text(ONE)
    (folder / "two.yaml").write_text(TWO)
    cli.env["FUNNELCTL_FUNNELS"] = str(folder)
    cli("funnel use one")


def money(*amounts: str) -> list[dict[str, Any]]:
    """``money("12.50 EUR")`` as JSON has it: of two decimals, or none for JPY."""
    told = []
    for amount in amounts:
        number, currency = amount.split()
        minor = int(number) if currency == "JPY" else int(number.replace(".", ""))
        told.append({"minor": minor, "currency": currency})
    return told


def stages(report: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Count, totals, weighted, oldest days and sleepers of each stage of a report."""
    return {
        f"{row['funnel']}/{row['stage']}": (
            row["count"], row["totals"], row["weighted"], row["oldest_days"], row["asleep"],
        )
        for row in report["live"]["by_stage"]
    }  # fmt: skip
