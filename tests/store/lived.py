"""A book that somebody has lived with: every kind of row, and a history of undoing, merging, importing."""

from __future__ import annotations

from pathlib import Path

from commandline import InProcess

LEADS = """name,company,email,phone,source,key,created
{rows}
"""
COMMANDS = (
    "init {book}",
    "config set region ES",
    "lead add 'Ada Lovelace' --company 'Analytical Engines' --email ada@example.com --phone '+44 20 7946 0958'"
    " --note 'met at the fair' --tag vip --tag 'early bird' --key A-1 --source event --at 2026-01-05",
    "lead add 'Núria Puig' --phone '93 123 45 67' --source referral --referred-by ada --at 2026-01-06",
    "lead add 'Grace Hopper' --email grace@example.com --company Navy --at 2026-01-07",
    "lead add 'Grace M. Hopper' --email hopper@example.org --phone '+1 212 555 0100' --key G-2 --note compilers"
    " --at 2026-01-08",
    "lead add '株式会社 ☃' --company 'Ünïcode \"quoted\" \\\\ Ltd' --note 'two\nlines' --at 2026-01-09",
    "advance ada --title 'Engine audit' --value '12000 EUR' --service audit --at 2026-01-10",
    "advance O1 --at 2026-01-20",
    "opp edit O1 --probability 33.3% --note 'wants a discount' --close 2026-12-01 --tag urgent",
    "opp add 'Second engine' --lead ada --value '1500000 IDR' --key X-9 --at 2026-02-01",
    "lose O2 --reason competitor --to 'Difference Ltd' --at 2026-02-11",
    "opp add Compiler --lead 'Grace Hopper' --value '700 USD' --at 2026-02-12",
    "lead merge 'Grace Hopper' 'Grace M. Hopper' --yes",
    "undo",
    "redo",
    "postpone O3 --until +3w --because 'budget round'",
    "advance O1 --at 2026-03-01",
    "win O1 --note 'signed at last' --at 2026-03-05",
    "lead drop 'Núria' --reason 'moved to the coast' --note 'says hello' --at 2026-03-06",
    "reopen L2 --at 2026-03-07",
    "reopen O2",
    "undo",
    "lead edit L5 --email snow@example.com",
    "undo",
    "lead edit L5 --tag winter",
    "import {leads} --as leads",
    "opp add 'Team training' --client 'Babbage & Co' --value '3900 EUR' --at 2026-04-01",
    "undo 2",
    "redo",
)


def live(home: Path) -> Path:
    """Make the book below ``home``; its path."""
    home.mkdir(parents=True, exist_ok=True)
    book = home / "funnel.db"
    leads = home / "leads.csv"
    rows = (
        f"Person {n},Company {n % 17},person{n}@example.net,+34 93 {n:07},import,K-{n},2026-02-{n % 28 + 1:02}"
        for n in range(1, 41)
    )
    leads.write_text(LEADS.format(rows="\n".join(rows)))
    call = InProcess(home, book)
    for command in COMMANDS:
        call(command.format(book=book, leads=leads))
    return book
