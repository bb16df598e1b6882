"""Won, lost, and open again; statuses on the way; asleep until a day."""

from __future__ import annotations

import pytest

from commandline import Cli


def moves(cli: Cli, ref: str) -> list[tuple[str, str | None, str, str, str | None]]:
    told = cli.json(f"opp show {ref}")["moves"]
    return [(move["kind"], move["from"], move["to"], move["state"], move["detail"]) for move in told]


def test_a_win_passes_the_stages_that_remain(call: Cli) -> None:
    call("opp add Insurance --client Ada --funnel jm-sports-consumer --value 300")
    said = call("win O1", 4)
    assert "'opportunity'" in said.message
    assert said.hint == "funnelctl advance O1 --to qualification, then win it"
    call("advance O1 --service insurance")
    assert call("win O1 --value '350,50 EUR' --note 'by phone'").out == "O1 Insurance: won, 350.50 EUR\n"
    won = call.row("opp show O1")
    assert (won["outcome"], won["stage"], won["closed_at"]) == ("won", "closing", "2026-11-23T10:00:00Z")
    assert won["value"] == {"minor": 35050, "currency": "EUR"}
    assert moves(call, "O1") == [
        ("enter", None, "opportunity", "open", None),
        ("advance", "opportunity", "qualification", "open", None),
        ("advance", "qualification", "closing", "open", None),
        ("win", "closing", "closing", "won", None),
    ]
    assert call.json("opp show O1")["moves"][-1]["note"] == "by phone"


def test_where_a_sale_can_be_won(call: Cli) -> None:
    call("opp add A --client Ada --funnel jm-sports --service s --value 1 --stage qualification")
    assert call("win O1", 4).hint == "funnelctl advance O1 --to closing, then win it"
    call("advance O1")
    call("win O1")
    call("opp add B --client Ada --funnel seven-states")
    assert call("win O2", 4).hint == "funnelctl advance O2 --to proposed, then win it"
    call("opp add C --client Ada --funnel consulting")
    call("win O3")  # clients who come back say yes on the first call
    assert call.ids("opp list --won") == ["O1", "O3"]


def test_a_loss_has_a_reason_and_keeps_its_stage(call: Cli) -> None:
    call("opp add Audit --client Ada --value 500")
    call("advance O1")
    for reason in ("", "--reason weather", "--reason ''"):
        assert "price, no-budget, no-decision, competitor" in call(f"lose O1 {reason}", 2).hint
    said = call("lose O1 --reason PRICE --to 'Rival & Sons' --note 'half of ours'")
    assert said.out == "O1 Audit: lost (price, to Rival & Sons)\n"
    lost = call.row("opp show O1")
    assert (lost["outcome"], lost["stage"], lost["reason"]) == ("lost", "proposal", "price")
    assert (lost["competitor"], lost["probability"], lost["value"]["minor"]) == ("Rival & Sons", None, 50000)
    call("opp add Course --lead Ada")
    call("lose O2 --to Rival")  # who was chosen says why
    assert call.row("opp show O2")["reason"] == "competitor"
    call("opp add Permit --lead Ada --funnel geosama --competitor Known")
    call("lose O3 --reason permit-refused")
    assert call.row("opp show O3")["competitor"] == "Known"
    assert "permit-refused" not in call("lose O1 --reason permit-refused", 4).hint


def test_what_is_closed_takes_no_step(call: Cli) -> None:
    call("opp add Audit --client Ada")
    call("opp add Course --lead Ada")
    call("win O1")
    call("lose O2 --reason other")
    before = call.dump()
    for ref, outcome in (("O1", "won"), ("O2", "lost")):
        for command in (
            *(f"advance {ref}", f"advance {ref} --back", f"win {ref}", f"lose {ref} --reason price"),
            *(f"postpone {ref} --until +1w", f"opp status {ref} in-review"),
        ):
            said = call(command, 4)
            assert f"{ref} is {outcome} already" in said.message
            assert f"funnelctl reopen {ref}" in said.hint
    assert call.dump() == before
    call("opp edit O1 --note 'what is known may still be written down'")


def test_reopen(call: Cli) -> None:
    call("opp add Audit --client Ada --at 2026-10-01")
    call("lose O1 --reason price --to Rival --at 2026-10-10")
    call("reopen O1 --note 'they came back' --at 2026-11-20")
    again = call.row("opp show O1")
    assert (again["outcome"], again["reason"], again["closed_at"], again["stage"]) == ("open", None, None, "request")
    assert again["days_in_stage"] == 3
    assert moves(call, "O1")[1:] == [
        ("lose", "request", "request", "lost", "price"),
        ("reopen", "request", "request", "open", None),
    ]
    call("win O1")
    call("reopen O1")
    assert call.row("opp show O1")["outcome"] == "open"
    assert "is open" in call("reopen O1", 4).message


def test_statuses_are_those_of_the_funnel(call: Cli) -> None:
    call("opp add Audit --client Ada")
    assert call("opp status O1 Waiting-For-Client").out == "O1 Audit: waiting-for-client\n"
    assert call.row("opp show O1")["status"] == "waiting-for-client"
    assert "waiting-for-client, in-negotiation, in-review" in call("opp status O1 dancing", 2).hint
    assert "funnelctl postpone O1" in call("opp status O1 postponed", 2).hint
    call("opp add Old --client Ada --funnel seven-states")
    assert "no status" in call("opp status O2 in-review", 2).message


def test_postponed_sleeps_and_wakes_by_itself(call: Cli) -> None:
    call("opp add Audit --client Ada --value 1000")
    call("opp status O1 in-review")
    assert call("postpone O1 --until 2026-12-01 --because 'new budget'").out == "O1 Audit: postponed until 2026-12-01\n"
    asleep = call.row("opp list", now="2026-11-30T23:59:59Z")
    assert (asleep["status"], asleep["stage"], asleep["postponed_until"]) == ("postponed", "request", "2026-12-01")
    assert asleep["outcome"] == "open"
    awake = call.row("opp list", now="2026-12-01T00:00:00Z")
    assert (awake["status"], awake["stage"]) == ("in-review", "request")
    assert call.ids("opp list --status postponed") == ["O1"]
    assert call.ids("opp list --status in-review") == []
    assert call.ids("opp list --status postponed", now="2026-12-01T00:00:00Z") == []
    assert call.json("opp show O1")["moves"][-1]["note"] == "new budget"


def test_the_morning_is_that_of_the_user(call: Cli) -> None:
    call("opp add Audit --client Ada")
    call("postpone O1 --until 2026-12-01")
    for zone, now, status in (
        ("Asia/Jakarta", "2026-11-30T16:59:59Z", "postponed"),
        ("Asia/Jakarta", "2026-11-30T17:00:00Z", None),
        ("America/New_York", "2026-12-01T04:59:59Z", "postponed"),
        ("America/New_York", "2026-12-01T05:00:00Z", None),
    ):
        assert call.row("opp list", env={"TZ": zone}, now=now)["status"] == status, (zone, now)


def test_a_sleeping_stage_shows_who_sleeps(call: Cli) -> None:
    call("opp add Audit --client Ada --funnel seven-states --value 100")
    call("advance O1")
    call("postpone O1 --until 2026-12-01")
    assert call.row("opp list")["stage"] == "postponed"
    assert call.row("opp show O1")["stage_label"] == "Postponed"
    assert call.ids("opp list --stage postponed") == ["O1"]
    assert call.ids("opp list --stage proposed") == []
    awake = "2026-12-01T09:00:00Z"
    assert call.row("opp list", now=awake)["stage"] == "proposed"
    assert call.ids("opp list --stage proposed", now=awake) == ["O1"]
    assert "postpone" in call("advance O1 --to postponed", 2).hint
    assert "postpone" in call("opp add X --lead Ada --funnel seven-states --stage postponed", 2).hint
    call("advance O1")  # a step wakes it
    assert (call.row("opp show O1")["stage"], call.row("opp show O1")["postponed_until"]) == ("in-negotiation", None)


@pytest.mark.parametrize("command", ["advance O1", "advance O1 --to agreement", "win O1", "lose O1 --reason price"])
def test_a_step_ends_a_sleep(call: Cli, command: str) -> None:
    call("opp add Audit --client Ada")
    call("postpone O1 --until +3w")
    call("postpone O1 --until +1y")  # once more
    assert call.row("opp show O1")["postponed_until"] == "2027-11-23"
    call(command)
    assert call.row("opp show O1")["postponed_until"] is None


def test_until_is_a_day_to_come(call: Cli) -> None:
    call("opp add Audit --client Ada")
    for day in ("today", "yesterday", "2026-11-23", "-3d"):
        assert "ahead" in call(f"postpone O1 --until {day}", 2).message
    call("postpone O1 --until tomorrow")


def test_a_status_is_cleared_by_an_empty_one(call: Cli) -> None:
    call("opp add Audit --client Ada")
    call("opp status O1 in-review")
    assert call("opp status O1 ''").out == "O1 Audit: no status\n"
    assert call.row("opp show O1")["status"] is None
    assert "no status already" in call("opp status O1 ''", 4).message
    assert call.rows("report live --as-of today")[0]["status"] is None


def test_who_wakes_is_not_stale_at_once(call: Cli) -> None:
    call("opp add Audit --client Ada --at 2026-09-01", now="2026-09-01T10:00:00Z")  # 7 days are allowed
    call("postpone O1 --until 2026-11-20", now="2026-09-02T10:00:00Z")
    assert call.json("report", now="2026-11-21T10:00:00Z")["stale"] == []
    assert call.json("report", now="2026-11-27T10:00:00Z")["stale"] == []
    assert [row["id"] for row in call.json("report", now="2026-11-28T10:00:00Z")["stale"]] == ["O1"]


def test_a_lead_and_its_opportunity_of_one_name_are_one_to_reopen(call: Cli) -> None:
    call("lead add Ada")
    call("advance Ada")
    call("lose Ada --reason price")
    assert call("reopen Ada").out.startswith("O1 Ada: open again")
