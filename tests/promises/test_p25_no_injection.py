"""P25 and P26: nothing that is typed is ever run as SQL, as a pattern or as a format; and a search never fails."""

from __future__ import annotations

import pytest
from anyhow import tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandline import Cli

HOSTILE = [
    "x' or 1=1 --", "x'; DROP TABLE lead; --", '"; DELETE FROM lead --', "') UNION SELECT sql FROM sqlite_schema --",
    "1; ATTACH 'pwned.db' AS x", "id; --", "id DESC, (SELECT load_extension('x'))", "case when 1 then id end",
    "%", "_", "\\", "\\%", "%%%", "[a-z]*", "*", "?", "NULL", "0x41", "''", '"', "`id`", "$(touch pwned)",
    "{0.__class__.__mro__}", "%s%n%d", "{}", "%(name)s", "${HOME}", "../../etc/passwd", "-", "--", "\x01", "\u202e",
    "o'brien", "acme-corp", "C++", "NEAR/3", "AND", "name:x", "a" * 5_000, "é" * 400, "😀", "a\nb", "9" * 400,
    "9" * 5_000,
]  # fmt: skip
# A value stands for {}.
OPTIONS = [
    "lead list --sort {}", "lead list --stage {}", "lead list --source {}", "lead list --tag {}",
    "lead list --search {}", "lead list --funnel {}", "lead list --limit {}", "lead list --lang {}",
    "lead list --format {}", "opp list --sort {}", "opp list --stage {}", "opp list --status {}",
    "opp list --service {}", "opp list --tag {}", "opp list --search {}", "opp list --lead {}", "opp list --funnel {}",
    "opp list --limit {}", "lead show {}", "opp show {}", "history {}", "history --limit {}", "report --funnel {}",
    "report --since {}", "report --until {}", "report --as-of {}", "funnel show {}",
]  # fmt: skip
WRITES = [
    "lead add {}", "lead edit {} --note x", "lead edit L1 --source {}", "lead edit L1 --tag {}",
    "lead edit L1 --email {}", "lead edit L1 --phone {}", "lead edit L1 --key {}", "lead edit L1 --referred-by {}",
    "lead drop {} --reason x", "lead drop L2 --reason {}", "lead merge L1 {} --yes", "lead merge {} L2 --yes",
    "lead add Eve --funnel {}", "lead add Eve --stage {}", "lead add Eve --at {}", "opp add {} --lead L1",
    "opp add Talk --lead {}", "opp add Talk --client {}", "opp edit O1 --value {}", "opp edit O1 --close {}",
    "opp edit O1 --probability {}", "opp edit O1 --currency {} --value 5", "opp status O1 {}", "advance {}",
    "advance O1 --to {}", "win {}", "win O1 --value {}", "lose O1 --reason {}", "lose O1 --reason price --to {}",
    "postpone O1 --until {}", "postpone O1 --until +1w --because {}", "reopen {}", "undo {}", "redo {}",
    "config set {} x", "config set region {}", "funnel use {}", "funnel migrate {} consulting --yes",
    "funnel migrate consulting {} --yes", "funnel migrate consulting jm-sports --map {} --yes",
    "import rows.csv --as {}", "import rows.csv --as leads --map {}", "import rows.csv --as leads --map name={}",
    "import rows.csv --as leads --stage {}", "import rows.csv --as leads --stage {}=enquiry",
    "import rows.csv --as leads --match {}", "import rows.csv --as leads --on-duplicate {}",
    "import rows.csv --as leads --funnel {}", "import rows.csv --as leads --currency {}",
    "import rows.csv --as leads --date-format {}", "import rows.csv --as leads --decimal {}",
    "import rows.csv --as leads --delimiter {}", "import rows.csv --as leads --encoding {}", "import {} --as leads",
    "import rows.csv --mapping {}",
]  # fmt: skip


@pytest.fixture
def known(call: Cli) -> Cli:
    call("lead add 'Ada Lovelace' --email ada@example.com --source referral --tag maths")
    call("lead add Zoe --company '100% Cotton_Shirts'")
    call("opp add Audit --lead L1 --service audit --value '5 EUR'")
    (call.home / "rows.csv").write_text("name,email,note\nEve,eve@example.com,x\n")
    return call


def filled(command: str, value: str) -> list[str]:
    words = [word.replace("{}", value) for word in command.split()]
    return [f"{words[0]}", *words[1:]]


def whole(cli: Cli, before: dict[str, list[object]]) -> None:
    assert sorted(cli.dump()) == sorted(before)
    assert sorted(path.name for path in cli.home.iterdir()) == ["book.db", "rows.csv"]


@pytest.mark.parametrize("command", OPTIONS)
def test_p25_no_option_of_a_read_is_run_as_sql(known: Cli, command: str) -> None:
    before = known.dump()
    for value in HOSTILE:
        said = tried(known, filled(command, value))
        assert said.code in (0, 2, 3, 4), (value, said.err)
        if value.startswith(("x'", '"', "')")) and said.code == 0:
            assert "ada@example.com" not in said.out, value
    assert known.dump() == before
    whole(known, before)


@pytest.mark.parametrize("command", WRITES)
def test_p25_no_option_of_a_write_is_run_as_sql(known: Cli, command: str) -> None:
    tables, book = known.dump(), known.book.read_bytes()
    for value in HOSTILE:
        words = filled(command, value)
        if words[:2] == ["import", "-"]:  # nobody stands at this terminal
            continue
        if tried(known, words).code:
            assert known.dump() == tables, value
        else:
            whole(known, tables)
            known.book.write_bytes(book)


def test_p25_a_name_that_is_sql_is_a_name(known: Cli) -> None:
    for value in HOSTILE:
        if not value.startswith("-") and value.strip("\x01\u202e") and len(value) <= 500:
            made = known(["lead", "add", value, "--quiet"]).out.strip()
            assert known.row(f"lead show {made}")["name"] == value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*OPTIONS, *WRITES]), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_p25_nothing_that_can_be_typed_is_a_bug_to_us(known: Cli, command: str, value: str) -> None:
    tried(known, filled(command, value.replace("\0", "")))


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%_", "*", "?", "[", "'", '"'])
def test_p26_signs_are_searched_for_as_they_are(known: Cli, sign: str) -> None:
    for command in ("lead list --all", "opp list --all"):
        found = known([*command.split(), "--search", sign, "--json"]).rows
        expected = ["L2"] if "lead" in command and sign in ("%", "_") else []
        assert [row["id"] for row in found] == expected
    assert known(["lead", "list", "--search", "100% cotton_", "-q"]).out == "L2\n"


@pytest.mark.parametrize("length", [1_000, 60_000, 120_000])
def test_p26_a_search_may_be_long(known: Cli, length: int) -> None:
    for command in ("lead list --search", "opp list --search", "lead list --tag", "lead show"):
        said = tried(known, [*command.split(), "x" * length])
        assert said.code in (0, 2, 3), said.err
        assert len(said.err) < 400
