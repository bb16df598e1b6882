"""Undo, redo, history: any command as one step, and no id a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from commandline import Cli
from funnelctl.store.reports.export_all import LOG

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_THE_LOG = (*LOG, "sqlite_sequence", "funnel", "stage")

STEPS = [
    "lead add Ada --email ada@example.com --tag vip --at 2026-11-01",
    "lead add Bea --key B1",
    "lead add Carla --referred-by Bea --funnel jm-sports",
    "lead edit Ada --company Engines --tag b --untag vip",
    "lead drop Carla --reason cold",
    "reopen Carla",
    "advance Ada --title Audit --value 5000",
    "opp add Course --client Dora --email dora@example.com",
    "opp add Market --lead Bea",
    "opp edit O1 --value 6000 --probability 40%",
    "opp edit O3 --lead Dora",
    "opp status O1 in-review",
    "advance O1 --to agreement",
    "advance O1 --back",
    "postpone O2 --until +2w",
    "win O1 --value 7000",
    "lose O3 --reason price --to Rival",
    "reopen O3",
    "lead merge Ada Dora",
    "funnel use seven-states",
    "config set region ES",
    "funnel migrate jm-sports consulting --map prospecting=enquiry",
    "config set region ''",
]


def entered(dump: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What the user has entered: all but the log, the counters and the copies of funnel files."""
    return {name: rows for name, rows in dump.items() if name not in OF_THE_LOG}


def test_every_command_is_one_step_back_and_forth(call: Cli) -> None:
    states = [entered(call.dump())]
    for step in STEPS:
        call(step)
        states.append(entered(call.dump()))
        assert states[-1] != states[-2], f"{step} changed nothing"
    for number in range(len(STEPS), 0, -1):
        verb = " ".join(STEPS[number - 1].split()[:2])
        assert call("undo").out.startswith(f"undone: {verb.split()[0]}")
        assert entered(call.dump()) == states[number - 1], f"undo of {STEPS[number - 1]}"
    assert call("undo", 4).message.startswith("there is nothing to undo")
    for number in range(1, len(STEPS) + 1):
        call("redo")
        assert entered(call.dump()) == states[number], f"redo of {STEPS[number - 1]}"
    assert call("redo", 4).message.startswith("there is nothing to redo")


def test_several_steps_at_once(call: Cli) -> None:
    for step in STEPS[:5]:
        call(step)
    after = entered(call.dump())
    assert call("undo 3").out.count("(no. ") == 3
    assert call.ids("lead list --all") == ["L1", "L2"]
    assert "only 2" in call("undo 9").err
    assert call.ids("lead list --all") == []
    call("redo 5")
    assert entered(call.dump()) == after
    for words in ("undo 0", "undo 1.5", "undo many", "redo 0", "undo ''"):
        call(words, 2)


def test_what_is_new_ends_redo(call: Cli) -> None:
    call("lead add Ada")
    call("undo")
    call("lead add Bea")
    assert call("redo", 4).hint
    assert [row["name"] for row in call.rows("lead list")] == ["Bea"]


def test_ids_are_never_used_again(call: Cli) -> None:
    call("lead add Ada")
    call("opp add Audit --lead Ada")
    call("undo 2")
    assert call.row("lead add Bea")["id"] == "L2"
    assert call.row("opp add Course --lead Bea")["id"] == "O2"
    call("undo 2")
    assert call.row("opp add Zen --client Carla")["lead"] == "L3"
    assert call("lead show L1", 3).message
    call("lead add Dora")
    call("lead merge Carla Dora")
    call("undo")
    call("undo")
    assert call.row("lead add Eve")["id"] == "L5"


def test_history_tells_what_was_done(call: Cli) -> None:
    assert call("history").out == "nothing was done yet\n"
    call("lead add Ada")
    call("lead add Bea", now="2026-11-24T08:00:00Z")
    call("lead edit Ada --email ada@example.com --company Engines")
    call("undo")
    call("advance Ada")
    rows = call.rows("history")
    assert [(row["id"], row["kind"], row["command"], row["undone"]) for row in rows] == [
        (5, "do", "advance", False),
        (4, "undo", "lead edit", False),
        (3, "do", "lead edit", True),
        (2, "do", "lead add", False),
        (1, "do", "lead add", False),
    ]
    assert rows[1]["target"] == 3
    assert rows[3]["at"] == "2026-11-24T08:00:00Z"
    assert rows[3]["what"] == "L2 added"
    assert "email" in rows[2]["what"]
    assert "ada@example.com" not in str(rows)  # what it changed, not a person's data
    assert [row["id"] for row in call.rows("history L1")] == [5, 4, 3, 1]
    assert [row["id"] for row in call.rows("history Bea")] == [2]
    assert [row["id"] for row in call.rows("history O1")] == [5]
    assert call.json("history --limit 2")["total"] == 5
    assert call("history --limit 2").err == "3 more; --limit 5 shows all\n"
    assert call("history nobody", 3).hint


def test_who_did_it(call: Cli) -> None:
    call("lead add Ada", env={"FUNNELCTL_USER": "Grace"})
    call("lead add Bea", env={"LOGNAME": "hopper"})
    assert [row["by"] for row in call.rows("history")] == ["hopper", "Grace"]
    assert call.json("lead show Ada")["moves"][0]["by"] == "Grace"


@pytest.mark.parametrize("table", ["lead", "opportunity"])
def test_undo_refuses_where_somebody_else_has_changed_the_row(call: Cli, table: str) -> None:
    import sqlite3

    call("opp add Audit --client Ada")
    call("lead edit Ada --company Engines" if table == "lead" else "opp edit O1 --service audit")
    column = {"lead": "company", "opportunity": "service"}[table]
    with sqlite3.connect(call.book) as conn:
        conn.execute(f"UPDATE {table} SET {column} = 'theirs'")
    conn.close()
    before = call.dump()
    said = call("undo", 4)
    assert f"is no longer as it was: another program has changed its {column}; nothing was saved" in said.message
    assert call.dump() == before


def test_undo_refuses_where_somebody_else_has_written_of_the_row(call: Cli) -> None:
    import sqlite3

    call("lead add Ada")
    with sqlite3.connect(call.book) as conn:
        conn.execute("INSERT INTO lead_alias (lead_id, kind, key, value) VALUES (1, 'key', 'theirs', 'theirs')")
    conn.close()
    before = call.dump()
    said = call("undo", 4)
    assert "rows that another program wrote since stand in its way; nothing was saved" in said.message
    assert said.hint == "funnelctl db check names what is not in the history"
    assert call.dump() == before
