"""Funnels: shown, checked, copied, used, and edited while records stand in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_book import ONE, lay_out

from commandline import Cli

SHIPPED = {
    "consulting": ["enquiry", "request", "proposal", "agreement"],
    "geosama": ["contact", "site-visit", "technical-proposal", "contract"],
    "jm-sports": ["prospecting", "leads", "opportunity", "qualification", "closing"],
    "jm-sports-consumer": ["prospecting", "leads", "opportunity", "qualification", "closing"],
    "seven-states": ["new", "proposed", "in-negotiation", "in-review", "postponed"],
}
WRONG = """funnel: wrong
label: {en: Wrong, fr: Faux}
currency: EURO
stages:
  - stage: first
    holds: leads
    why: short
  - stage: won
    holds: opportunity
    why: They have said yes in words.
    probability: 35
    requires: [valu]
    stale_after: 14
"""
PLACES = [(2, 20), (3, 11), (6, 12), (7, 10), (8, 12), (11, 18), (12, 16), (13, 18)]


def test_the_shipped_funnels(call: Cli) -> None:
    rows = call.rows("funnel list")
    assert {row["funnel"]: row["stages"] for row in rows} == SHIPPED
    assert [row["funnel"] for row in rows if row["default"]] == ["consulting"]
    assert all(row["shipped"] and row["problems"] == 0 and Path(row["path"]).exists() for row in rows)
    assert not (call.home / "data").exists()


@pytest.mark.parametrize("key", SHIPPED)
def test_a_funnel_is_shown_in_three_languages(call: Cli, key: str) -> None:
    shown = call.json(f"funnel show {key}")
    assert [row["stage"] for row in shown["rows"]] == SHIPPED[key]
    assert call.ids(f"funnel show {key}") == SHIPPED[key]
    assert all(len(row["why"]) > 20 for row in shown["rows"])
    assert set(shown["labels"]) == {"en", "es", "id"}
    assert shown["lost_reasons"]
    for row in shown["rows"]:
        assert row["why"] in call(f"funnel show {key}").out
    labels = {
        lang: [row["label"] for row in call.rows(f"funnel show {key} --lang {lang}")] for lang in ("en", "es", "id")
    }
    assert len({tuple(names) for names in labels.values()}) == 3
    assert call(f"funnel check {key}").out.endswith(f"the funnel '{key}' is valid, {len(SHIPPED[key])} stages\n")


def test_every_problem_is_told_at_once_with_its_place(call: Cli) -> None:
    (call.home / "wrong.yaml").write_text(WRONG)
    said = call("funnel check wrong.yaml", 65)
    assert "8 problems" in said.message
    problems = call("funnel check wrong.yaml --json", 65).error["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == PLACES
    for problem, part in zip(problems, ("fr", "EURO", "leads", "short", "won", "35", "value", "14d"), strict=True):
        assert part in problem["message"]
        assert problem["message"] in said.err
        assert f"{problem['line']}" in said.err
    call.env["FUNNELCTL_FUNNELS"] = str(call.home)
    assert call("funnel check wrong", 65).message.endswith("8 problems")
    assert call("funnel show wrong", 65).message
    assert call("lead add Ada --funnel wrong", 65).message
    [listed] = [row for row in call.rows("funnel list") if row["funnel"] == "wrong"]
    assert listed["problems"] == 8
    assert call.ids("lead list") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "- a\n- b\n",
        "funnel: a\nfunnel: b\n",
        "a: *b\n",
        "funnel: !!python/object:os.system {}\n",
        "\x00",
        "\t- x",
    ],
)
def test_what_is_no_funnel_is_bad_data(call: Cli, text: str) -> None:
    (call.home / "odd.yaml").write_text(text)
    assert call("funnel check odd.yaml --json", 65).error["problems"]


def test_other_files_are_told_apart(call: Cli) -> None:
    (call.home / "large.yaml").write_text("# " + "x" * 70_000)
    (call.home / "binary.yaml").write_bytes(bytes(range(256)))
    assert call("funnel check large.yaml", 65)
    assert call("funnel check binary.yaml", 65)
    assert call("funnel check .", 74)
    assert call("funnel check nowhere.yaml", 3)


def test_a_copy_to_edit(call: Cli) -> None:
    said = call("funnel new my-own --from jm-sports")
    path = call.home / "config" / "funnelctl" / "funnels" / "my-own.yaml"
    assert said.out == f"created {path}\n"
    assert "funnelctl funnel use my-own" in said.err
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert call.ids("funnel show my-own") == SHIPPED["jm-sports"]
    assert "already" in call("funnel new my-own", 4).message
    assert "already" in call("funnel new consulting", 4).message
    for name in ("'My Own'", "../evil", "ünder", "-", "a--b", "''", "a/b"):
        call(f"funnel new -- {name}", 2)
    path.write_text(path.read_text().replace("stage: closing", "stage: signing"))
    assert call.ids("funnel show my-own")[-1] == "signing"
    call("funnel use my-own")
    call("opp add Audit --client Ada")
    assert call.row("opp show O1")["funnel"] == "my-own"
    assert [row["funnel"] for row in call.rows("funnel list") if row["default"]] == ["my-own"]
    assert [row["value"] for row in call.rows("config list") if row["setting"] == "funnel"] == ["my-own"]
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["my-own.yaml"]


def test_own_directories(call: Cli) -> None:
    lay_out(call)
    more = call.home / "more"
    more.mkdir()
    (more / "own.yaml").write_text(ONE.replace("funnel: one", "funnel: consulting"))  # wins over ours
    (more / "again.yaml").write_text(ONE)  # the first directory wins
    call.env["FUNNELCTL_FUNNELS"] += f":{more}:{call.home / 'nowhere'}"
    assert call.ids("funnel show consulting") == ["seen", "ask", "offer", "deal"]
    listed = {row["funnel"]: row for row in call.rows("funnel list")}
    assert not listed["consulting"]["shipped"]
    assert listed["one"]["path"] == str(call.home / "funnels" / "one.yaml")


def test_the_schema_is_one(run: Cli) -> None:
    import jsonschema
    import yaml

    schema = json.loads(run("funnel schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for row in run.rows("funnel list"):
        validator.validate(yaml.safe_load(Path(row["path"]).read_text()))
    assert not validator.is_valid(yaml.safe_load(WRONG))
    assert json.loads(run("funnel schema --json").out) == schema


def test_an_edited_file_is_picked_up(call: Cli) -> None:
    lay_out(call)
    path = call.home / "funnels" / "one.yaml"
    call("opp add Audit --client Ada --value 1000")
    assert call.row("opp show O1")["probability"] == 0.2
    path.write_text(
        path.read_text()
        .replace("probability: 0.2", "probability: 0.6")
        .replace("funnel: one", "funnel: one\nlabel: Uno")
    )
    assert call.row("opp show O1")["probability"] == 0.6
    assert call.json("report")["live"]["weighted"] == [{"minor": 60000, "currency": "EUR"}]
    path.write_text(path.read_text().replace("stage: deal", "stage: signed"))  # nothing stands in it
    call("advance O1 --to signed")
    assert call("advance O1 --back").out == "O1 Audit: now in Offer (Uno)\n"


def test_a_stage_that_is_gone_under_live_records(call: Cli) -> None:
    lay_out(call)
    path = call.home / "funnels" / "one.yaml"
    call("opp add Audit --client Ada --value 1000 --stage offer")
    call("opp add Course --client Bea")
    call("opp add Done --client Bea --stage offer")
    call("win O3")
    path.write_text(path.read_text().replace("stage: offer", "stage: quote"))
    before = call.dump()
    for command in ("advance O1", "advance O2", "win O1", "lead add Carla", "opp add X --client Dora"):
        said = call(command, 4)
        assert "offer (1)" in said.message
        assert said.hint == "say where they go: funnelctl funnel migrate one one --map offer=STAGE"
    assert call.dump() == before
    report = call("report --json")  # a report goes on, with the design as it was
    assert report.json["live"]["count"] == 2
    assert "offer" in [row["stage"] for row in report.json["live"]["by_stage"]]
    assert "offer" in report.err
    assert call("opp list").err
    assert call.row("opp show O3")["outcome"] == "won"


def test_a_file_that_is_being_edited_stops_no_report(call: Cli) -> None:
    lay_out(call)
    path = call.home / "funnels" / "one.yaml"
    call("opp add Audit --client Ada --value 1000")
    good = path.read_text()
    path.write_text(good + "\nstages: [")
    assert call("advance O1", 65).message
    said = call("report --json")
    assert said.json["live"]["count"] == 1
    assert "as it was before" in said.err
    path.unlink()
    assert call.row("advance O1")["stage"] == "offer"  # the book has its own copy
    assert call.ids("funnel show one") == ["seen", "ask", "offer", "deal"]
    path.write_text(good)
    assert call("report").err == ""
