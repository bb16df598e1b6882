"""Leads: registered once, found again, changed, given up and taken up again."""

from __future__ import annotations

import pytest

from commandline import Cli

FIELDS = {
    *("id", "name", "company", "email", "phone", "source", "referred_by", "funnel", "stage", "state", "tags", "key"),
    *("created_at", "opportunities"),
}


def test_a_lead_keeps_all_that_was_said(call: Cli) -> None:
    call("lead add 'Grace Hopper'")
    call(
        "lead add ' Ada Lovelace ' --company 'Analytical Engines' --email Ada@Example.com --phone '+34 600 111 222'"
        " --source referral --referred-by grace --funnel jm-sports --stage leads --tag vip --tag Math --tag VIP"
        " --note 'met at\nthe fair' --key CRM-1 --at 2026-11-01"
    )
    ada = call.row("lead show L2")
    assert set(ada) >= FIELDS
    assert {name: ada[name] for name in FIELDS | {"note", "days_in_stage"}} == {
        "id": "L2",
        "name": "Ada Lovelace",
        "company": "Analytical Engines",
        "email": "Ada@Example.com",
        "phone": "+34 600 111 222",
        "source": "referral",
        "referred_by": "L1",
        "funnel": "jm-sports",
        "stage": "leads",
        "state": "open",
        "tags": ["Math", "vip"],
        "key": "CRM-1",
        "note": "met at\nthe fair",
        "created_at": "2026-11-01T12:00:00Z",
        "days_in_stage": 22,
        "opportunities": [],
    }
    grace = call.row("lead show L1")
    assert (grace["funnel"], grace["stage"], grace["created_at"]) == ("consulting", "enquiry", "2026-11-23T10:00:00Z")
    empty = ("company", "email", "phone", "source", "referred_by", "key", "note")
    assert [grace[name] for name in empty] == [None] * len(empty)
    assert grace["tags"] == []


@pytest.mark.parametrize(
    ("option", "spellings"),
    [
        ("--email", ["ada@example.com", "ADA@EXAMPLE.COM", " ada@Example.com ", "mailto:ada@example.com"]),
        ("--phone", ["+34 600 111 222", "+34600111222", "0034 600-111-222", "(+34) 600.111.222", "tel:+34600111222"]),
        ("--key", ["CRM-1", " CRM-1 "]),
    ],
)
def test_one_person_is_one_lead_in_every_spelling(call: Cli, option: str, spellings: list[str]) -> None:
    call(["lead", "add", "Ada Lovelace", option, spellings[0]])
    call("lead add Zoe")
    before = call.dump()
    for spelling in spellings:
        said = call(["lead", "add", "Somebody", option, spelling], 4)
        assert "L1 Ada Lovelace" in said.message
        assert "lead show L1" in said.hint
        assert "L1 Ada Lovelace" in call(["lead", "edit", "Zoe", option, spelling], 4).message
        assert call.dump() == before
        call(["lead", "edit", "L1", option, spelling])  # one's own, in any spelling
        before = call.dump()
    assert call.ids("lead list") == ["L1", "L2"]


def test_the_same_words_again_change_nothing(call: Cli) -> None:
    call("lead add Ada --email ada@example.com --tag vip --company Engines")
    before = call.dump()
    said = call("lead edit Ada --email ada@example.com --tag VIP --company Engines --untag nothing")
    assert "nothing" in said.out
    assert call.dump() == before


def test_national_numbers_need_the_country(call: Cli) -> None:
    call("lead add Ada --phone '+34 600 111 222'")
    call("config set region es")
    assert "L1 Ada" in call("lead add Bea --phone '600 111 222'", 4).message
    call("lead add Carla --phone 600111223")
    assert "L2 Carla" in call("lead add Dora --phone +34600111223", 4).message


def test_names_may_repeat(call: Cli) -> None:
    call("lead add Ada")
    call("lead add ADA")
    assert call.ids("lead list") == ["L1", "L2"]
    assert "fits 2" in call("lead show ada", 4).message


def test_edit_touches_what_is_named_and_an_empty_text_clears(call: Cli) -> None:
    call("lead add Ada --email a@b.example --company Engines --source event --tag a --tag b --note hello --key K1")
    call("lead add Grace")
    call("lead edit L1 --company '' --source referral --tag c --untag A --referred-by Grace")
    ada = call.row("lead show L1")
    assert (ada["email"], ada["company"], ada["source"]) == ("a@b.example", None, "referral")
    assert (ada["tags"], ada["note"], ada["key"], ada["referred_by"]) == (["b", "c"], "hello", "K1", "L2")
    call("lead edit L1 --email '' --phone '' --note '' --key '' --source '' --referred-by '' --name 'Ada L.'")
    ada = call.row("lead show L1")
    cleared = ("email", "phone", "note", "key", "source", "referred_by")
    assert [ada[name] for name in cleared] == [None] * len(cleared)
    assert ada["name"] == "Ada L."
    call("lead add Bea --email a@b.example --key K1")  # what was cleared is free again
    assert call("lead edit L1 --name ' '", 2)


def test_drop_and_reopen(call: Cli) -> None:
    call("lead add Ada --at 2026-11-01")
    said = call("lead drop Ada --reason 'no answer' --note 'called twice' --at 2026-11-10")
    assert said.out == "L1 Ada: disqualified (no answer)\n"
    ada = call.row("lead show L1")
    assert (ada["state"], ada["reason"], ada["closed_at"]) == ("disqualified", "no answer", "2026-11-10T12:00:00Z")
    assert ada["days_in_stage"] == 9
    assert call.ids("lead list") == []
    assert call.ids("lead list --closed") == ["L1"]
    assert call("lead drop Ada --reason again", 4).hint.startswith("funnelctl reopen L1")
    assert "reopen L1" in call("advance Ada", 4).hint
    call("reopen Ada --note 'they called back'")
    ada = call.json("lead show L1")
    assert (ada["rows"][0]["state"], ada["rows"][0]["reason"], ada["rows"][0]["closed_at"]) == ("open", None, None)
    told = [(move["kind"], move["state"], move["detail"], move["note"]) for move in ada["moves"]]
    assert told == [
        ("enter", "open", None, None),
        ("drop", "disqualified", "no answer", "called twice"),
        ("reopen", "open", None, "they called back"),
    ]


def test_a_dropped_lead_that_asks_for_a_service_is_a_client(call: Cli) -> None:
    call("lead add Ada")
    call("lead drop Ada --reason 'too small'")
    call("opp add Audit --lead Ada")
    ada = call.row("lead show L1")
    assert (ada["state"], ada["reason"], ada["opportunities"]) == ("converted", None, ["O1"])
    assert "converted" in call("lead drop Ada --reason x", 4).message


@pytest.fixture
def people(call: Cli) -> Cli:
    call("lead add 'Ada Lovelace' --company Engines --email ada@example.com --source referral --tag vip --key A1")
    call("lead add 'Zoë Ünal' --company 'Über GmbH' --phone '+49 30 1234567' --source Event --tag cold --tag vip")
    call("lead add '100%_real' --funnel jm-sports --source event")
    call("lead add Bea --funnel jm-sports --stage leads --note 'asked about ovens'")
    call("lead add Carla")
    call("lead drop Carla --reason gone")
    call("lead add Dora")
    call("opp add Audit --lead Dora")
    return call


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", "L1 L2 L3 L4"),
        ("--closed", "L5 L6"),
        ("--all", "L1 L2 L3 L4 L5 L6"),
        ("--stage enquiry", "L1 L2"),
        ("--stage leads", "L4"),
        ("--funnel jm-sports", "L3 L4"),
        ("--source EVENT", "L2 L3"),
        ("--tag VIP", "L1 L2"),
        ("--tag vip --source referral", "L1"),
        ("--search LOVE", "L1"),
        ("--search 'zoë ünal'", "L2"),
        ("--search ÜBER", "L2"),
        ("--search example.COM", "L1"),
        ("--search 301234567", "L2"),
        ("--search '30 1234567'", "L2"),
        ("--search a1", "L1"),
        ("--search %", "L3"),
        ("--search _", "L3"),
        ('--search "\' OR 1=1 --"', ""),
        ("--search ' '", "L1 L2 L3 L4"),
        ("--sort name", "L3 L1 L4 L2"),
        ("--sort -name", "L2 L4 L1 L3"),
        ("--sort -id --limit 2", "L4 L3"),
        ("--limit 0", ""),
        ("--all --search carla", "L5"),
    ],
)
def test_lists_are_filtered_and_sorted(people: Cli, options: str, found: str) -> None:
    assert people.ids(f"lead list {options}") == found.split()
    assert [row["id"] for row in people.rows(f"lead list {options}")] == found.split()


def test_a_screen_shows_fifty_and_says_how_many_more(call: Cli) -> None:
    for number in range(52):
        call(f"lead add 'Lead {number}'")
    screen = call("lead list")
    assert len(screen.out.splitlines()) == 1 + 50
    assert screen.err == "2 more; --limit 52 shows all\n"
    limited = call("lead list --limit 3 --json")
    assert (len(limited.rows), limited.json["total"]) == (3, 52)
    assert "49 more" in limited.err
    whole = call("lead list --json")
    assert (len(whole.rows), whole.json["total"], whole.err) == (52, 52, "")
    for form, lines in (("csv", 53), ("tsv", 53), ("jsonl", 52)):
        assert len(call(f"lead list --format {form}").out.splitlines()) == lines
    assert len(call("lead list -q").out.splitlines()) == 52
    assert call("lead list --limit 52").err == ""


def test_an_empty_list_says_so(call: Cli) -> None:
    assert call("lead list").out == "no leads\n"
    assert call.json("lead list")["rows"] == []
    assert call.json("lead list")["total"] == 0
    assert call("lead list --format jsonl").out == ""
    assert call("lead list -q").out == ""


def test_a_list_of_one_is_a_list(call: Cli) -> None:
    call("lead add Ada --email ada@example.com")
    assert call("lead list --all").out.splitlines()[0].split()[:2] == ["id", "name"]
    assert call("lead show L1").out.splitlines()[0].split() == ["id", "L1"]


def test_a_limit_of_none_is_not_an_empty_book(call: Cli) -> None:
    call("lead add Ada")
    said = call("lead list --limit 0")
    assert "no " not in said.out
    assert said.err.startswith("1 more")
