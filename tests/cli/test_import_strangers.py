"""Rows that bear a key which is somebody else's, and rows that say otherwise than what is known."""

from __future__ import annotations

import pytest

from commandline import Cli

PEOPLE = "key,name,email,company\n1,Dana Okafor,dana@acme.example,Acme\n2,Tom Low,,\n"
OTHERS = "key,name,email,phone\n1,Ada Lovelace,ada@x.example,+44 20 7946 0958\n2,Bea Zed,bea@x.example,\n"
DEALS = "key,title,client,value,created\n1,Pipe deal,Acme,100 EUR,2026-01-01\n"


def take(call: Cli, text: str, options: str = "--as leads", code: int = 0) -> str:
    (call.home / "file.csv").write_text(text)
    said = call(f"import file.csv {options}", code)
    return said.err


@pytest.mark.parametrize("policy", ["fill", "skip"])
def test_people_of_another_list_with_the_same_numbers_are_refused(call: Cli, policy: str) -> None:
    take(call, PEOPLE)
    before = call.dump()
    told = take(call, OTHERS, f"--as leads --on-duplicate {policy}", 65)
    assert "file.csv:2:key: the key is that of L1, who has another name and nothing else of this row\n" in told
    assert "file.csv:3:key: the key is that of L2, " in told
    assert "Dana" not in told
    assert "--key-prefix TEXT" in told
    assert call.dump() == before


def test_with_a_prefix_they_are_people_of_their_own(call: Cli) -> None:
    take(call, PEOPLE)
    take(call, OTHERS, "--as leads --key-prefix hub-")
    keys = [(row["name"], row["email"]) for row in call.rows("lead list --sort name")]
    assert keys == [
        ("Ada Lovelace", "ada@x.example"), ("Bea Zed", "bea@x.example"), ("Dana Okafor", "dana@acme.example"),
        ("Tom Low", None),
    ]  # fmt: skip
    before = call.dump()
    take(call, OTHERS, "--as leads --key-prefix hub-")
    assert call.dump() == before
    assert call.row("lead show hub-2")["name"] == "Bea Zed"
    deals = "key,title,client_key,value,created\n9,Audit,2,5 EUR,2026-01-02\n"
    take(call, deals, "--as opportunities --key-prefix hub-")
    assert call.row("opp show hub-9")["client"] == "Bea Zed"


def test_a_prefix_is_taken_as_it_is_written(call: Cli) -> None:
    take(call, PEOPLE, r"--as leads --key-prefix '\1\g<0>\\'")
    assert "Tom Low" in call(["lead", "show", r"\1\g<0>\\2"]).out


@pytest.mark.parametrize(
    "row",
    [
        "1,Dana Smith,dana@new.example,",  # a name that was changed by marriage, and another address
        "1,D. O.,dana@acme.example,",
        "1,D. O.,,Acme",
        "1,Somebody Else,,",  # one of many, and no address speaks against it
    ],
)
def test_a_person_whom_something_still_names_is_the_same(call: Cli, row: str) -> None:
    take(call, PEOPLE)
    before = call.dump()
    take(call, f"key,name,email,company\n{row}\n2,Tom Low,,\n")
    assert call.dump() == before


def test_many_names_that_have_nothing_in_common_speak_for_themselves(call: Cli) -> None:
    take(call, "key,name\n1,Globex Corp\n2,Initech\n3,Hooli\n")
    told = take(call, "key,name,email\n1,Ada,ada@x.example\n2,Bea,\n", code=65)
    assert "2 problems" in told


def test_a_name_that_was_given_here_is_no_sign_of_another_person(call: Cli) -> None:
    take(call, PEOPLE)
    call("lead edit L1 --name 'Somebody Else' --email other@x.example --company ''")
    call("lead edit L2 --name 'Nobody' --email nobody@x.example")
    before = call.dump()
    assert "2 rows say otherwise than what is known, which stays" in take(call, PEOPLE.replace("Acme", ""))
    assert call.dump() == before


def test_whoever_says_that_the_file_wins_is_believed(call: Cli) -> None:
    take(call, PEOPLE)
    take(call, OTHERS, "--as leads --on-duplicate overwrite")
    assert [row["name"] for row in call.rows("lead list --sort name")] == ["Ada Lovelace", "Bea Zed"]


def test_a_sale_of_another_day_client_and_title_is_another(call: Cli) -> None:
    take(call, DEALS, "--as opportunities")
    before = call.dump()
    told = take(call, "key,title,client,value,created\n1,Hub deal,Globex,9 USD,2026-02-01\n", "--as opportunities", 65)
    assert "file.csv:2:key: the key is that of O1, which has another title, client and day of creation" in told
    assert call.dump() == before


@pytest.mark.parametrize(
    "row",
    ["1,Hub deal,Acme,100 EUR,2026-02-01", "1,Hub deal,Globex,100 EUR,2026-01-01", "1,Pipe deal,Globex,,2026-02-01"],
)
def test_a_sale_of_which_one_of_these_agrees_is_the_same(call: Cli, row: str) -> None:
    take(call, DEALS, "--as opportunities")
    before = call.dump()
    take(call, f"key,title,client,value,created\n{row}\n", "--as opportunities")
    assert call.dump() == before


def test_what_a_file_says_otherwise_is_told(call: Cli) -> None:
    take(
        call, DEALS.replace("created", "created,stage,closed").replace("01-01", "01-01,request,"), "--as opportunities"
    )
    later = "key,title,client,value,created,stage,closed\n1,Pipe deal,Acme,200 EUR,2026-01-01,won,2026-03-01\n"
    told = take(call, later, "--as opportunities")
    assert (
        "1 row says otherwise than what is known, which stays: --on-duplicate overwrite takes what the file says"
    ) in told
    plan = call.json("import file.csv --as opportunities --dry-run")["plan"]
    assert [(row["action"], row["changes"]) for row in plan] == [("unchanged", "says otherwise: value, outcome")]
    assert call.row("opp show O1")["outcome"] == "open"
    plan = call.json("import file.csv --as opportunities --dry-run --on-duplicate overwrite")["plan"]
    told = "value: 100 EUR -> 200 EUR; stage: request -> agreement; outcome: open -> won"
    assert [(row["action"], row["changes"]) for row in plan] == [("overwrite", told)]
    assert "otherwise" not in take(call, later, "--as opportunities --on-duplicate overwrite")
    assert call.row("opp show O1")["outcome"] == "won"
    assert "otherwise" not in take(call, later, "--as opportunities")


def test_a_file_from_before_a_merge_changes_nothing_however_often_it_is_read(call: Cli) -> None:
    both = "key,name,email,company\nk1,Ada L,a@x.example,Eng\nk2,Ada Lovelace,ada@y.example,Eng\n"
    take(call, both)
    call("lead merge L1 L2 --yes")
    before = call.dump()
    for policy in ("fill", "overwrite", "overwrite", "skip"):
        take(call, both, f"--as leads --on-duplicate {policy}")
        assert call.dump() == before
    take(call, both.replace("Eng", "Engines"), "--as leads --on-duplicate overwrite")
    assert (call.row("lead show k2")["name"], call.row("lead show L1")["company"]) == ("Ada L", "Engines")


@pytest.mark.parametrize("policy", ["fill", "overwrite"])
def test_another_client_is_told_and_not_taken(call: Cli, policy: str) -> None:
    take(call, DEALS, "--as opportunities")
    before = call.dump()
    told = take(call, DEALS.replace("Acme", "Globex"), f"--as opportunities --on-duplicate {policy}")
    assert "1 row names another client than the opportunity has, which stays (line 2): funnelctl opp edit REF" in told
    assert call.dump() == before


def test_a_known_sale_that_is_won_without_a_date_is_won_today_and_that_is_said(call: Cli) -> None:
    take(call, DEALS.replace("created", "created,stage").replace("01-01", "01-01,request"), "--as opportunities")
    won = DEALS.replace("created", "created,stage").replace("01-01", "01-01,won")
    told = take(call, won, "--as opportunities --on-duplicate overwrite")
    assert "1 row of a known record that is closed now, without a date: dated today" in told
    assert call.row("opp show O1")["closed_at"] == "2026-11-23T10:00:00Z"


def test_a_client_who_is_taken_by_name_alone_is_told(call: Cli) -> None:
    call("lead add 'Acme'")
    call("lead add 'Ada Lovelace' --email ada@example.com")
    (call.home / "file.csv").write_text(
        "key,title,client,client email\n"
        "1,Audit,ACME,\n2,Course,acme,\n3,Talk,Newcomer,\n4,Plan,Ada L.,ada@example.com\n"
    )
    told = "the clients of 2 rows are known by name alone: L1; an e-mail, a phone or a client_key beside it tells"
    assert told in call("import file.csv --as opportunities --dry-run").err
    assert told in call("import file.csv --as opportunities").err
    assert "by name alone" not in call("import file.csv --as opportunities").err  # nothing new
    (call.home / "file.csv").write_text("key,title,client\n5,Next,Newcomer\n")
    assert "the client of 1 row is known by name alone: L3;" in call("import file.csv --as opportunities").err


def clients(call: Cli) -> list[tuple[str, str, str | None]]:
    companies = {row["id"]: row["company"] for row in call.rows("lead list --all")}
    sales = call.rows("opp list --all --sort title")
    return [(row["title"], row["lead"], companies[row["lead"]]) for row in sales]


def test_a_name_of_several_companies_is_several_clients(call: Cli) -> None:
    call("lead add 'John Smith' --company Acme")
    (call.home / "file.csv").write_text(
        "key,title,client,company\n1,A,John Smith,ACME\n2,B,John Smith,Beta\n3,C,john smith,beta\n"
        "4,D,Ada,Gamma\n5,E,ada,\n"
    )
    said = call("import file.csv --as opportunities")
    assert clients(call) == [
        ("A", "L1", "Acme"), ("B", "L2", "Beta"), ("C", "L2", "Beta"), ("D", "L3", "Gamma"), ("E", "L3", "Gamma"),
    ]  # fmt: skip
    assert "1 new client has the name of a lead of another company: lead dupes lists such pairs" in said.err
    assert "by name alone" not in said.err
    before = call.dump()
    call("import file.csv --as opportunities")
    assert call.dump() == before


def test_a_lead_of_another_company_is_not_taken_for_its_namesake(call: Cli) -> None:
    call("lead add 'John Smith' --company Acme")
    (call.home / "file.csv").write_text("key,title,client,company\n1,A,John Smith,Beta\n2,B,John Smith,\n")
    call("import file.csv --as opportunities")
    assert clients(call) == [("A", "L2", "Beta"), ("B", "L2", "Beta")]


def test_a_lead_without_a_company_is_taken_where_the_file_knows_one(call: Cli) -> None:
    call("lead add 'John Smith'")
    (call.home / "file.csv").write_text("key,title,client,company\n1,A,John Smith,Beta\n")
    assert "the client of 1 row is known by name alone: L1;" in call("import file.csv --as opportunities").err
    assert clients(call) == [("A", "L1", None)]


def test_which_of_several_companies_is_asked(call: Cli) -> None:
    (call.home / "file.csv").write_text("key,title,client,company\n1,A,Jo,Acme\n2,B,Jo,Beta\n3,C,Jo,\n4,D,Jo,\n")
    said = call("import file.csv --as opportunities", 65)
    assert (
        "file.csv:4:client: clients of several companies in this file have the name of this client (2 rows)" in said.err
    )
    assert "--map COLUMN=client_email" in said.hint


def test_what_rows_say_otherwise_of_a_client_is_told(call: Cli) -> None:
    first = (
        "key,title,client,client_email,client_phone,client_company,source\n"
        "1,A,Ada,a@x.example,+34 600 000 001,Acme,web\n"
    )
    alike = "2,B,ada,A@x.example,0034 600 000 001,ACME,Web\n3,C,,a@x.example,,,\n"
    (call.home / "file.csv").write_text(first + alike)
    assert "otherwise" not in call("import file.csv --as opportunities").err
    others = "4,D,Ada,a@x.example,+34 600 000 002,Acme,web\n5,E,Ada Lovelace,a@x.example,,,fair\n"
    (call.home / "file.csv").write_text(first + others)
    told = "2 rows say otherwise of their clients than what is known, or stands above: name, source, phone (lines 3, 4)"
    assert told in call("import file.csv --as opportunities").err
    assert call.row("lead show L1")["phone"] == "+34 600 000 001"


@pytest.mark.parametrize("how", ["fill", "overwrite"])
def test_what_rows_of_known_opportunities_say_otherwise_of_a_client_is_told(call: Cli, how: str) -> None:
    header = "key,title,client,client_email,client_company\n"
    (call.home / "file.csv").write_text(f"{header}1,A,Ada,a@x.example,Acme\n2,B,Bob,b@x.example,Beta\n")
    call("import file.csv --as opportunities")
    assert "otherwise" not in call("import file.csv --as opportunities").err
    (call.home / "file.csv").write_text(f"{header}1,A,Ada Lovelace,A@x.example,Acme Ltd\n2,B,BOB,b@x.example,\n")
    said = call(f"import file.csv --as opportunities --on-duplicate {how}")
    assert "1 row says otherwise of its client than what is known, or stands above: name, company (line 2)" in said.err
    assert "names another client" not in said.err
    ada = call.row("lead show L1")
    assert (ada["name"], ada["company"]) == ("Ada", "Acme")


def test_an_edited_row_without_a_key_is_told_to_be_another(call: Cli) -> None:
    text = "title,client,value,stage\nAudit,Ada,10 EUR,request\nCourse,Bob,20 EUR,request\n"
    (call.home / "file.csv").write_text(text)
    assert "called as" not in call("import file.csv --as opportunities").err
    (call.home / "file.csv").write_text(text.replace("20 EUR", "25 EUR"))
    told = "1 new opportunity is called as an open one of the same client (line 3): a row without a key"
    assert told in call("import file.csv --as opportunities --dry-run").err
    assert told in call("import file.csv --as opportunities").err
    assert call("import file.csv --as opportunities").err == ""


def test_another_spelling_says_nothing_else(call: Cli) -> None:
    header = "key,name,email,phone\n"
    take(
        call, f"{header}1,Ada  Lovelace,ADA@Example.com,+34 600 000 001\n1,ADA LOVELACE,ada@example.com,0034600000001\n"
    )
    assert len(call.rows("lead list")) == 1
    before = call.dump()
    assert "otherwise" not in take(call, f"{header}1,ada lovelace,Ada@example.com,+34-600-000-001\n")
    assert "otherwise" in take(call, f"{header}1,Ada Byron,ada@example.com,\n")
    assert call.dump() == before
    twice = "key,title,client\n7,Audit,Acme\n7,AUDIT,ACME\n"
    take(call, twice, "--as opportunities")
    assert len(call.rows("opp list")) == 1


def test_rows_that_are_the_same_and_have_no_key_are_told(call: Cli) -> None:
    told = take(call, "name,company\nAda,X\nAda,X\nBea,Y\nAda,X\n")
    assert "2 rows say what others above say, and came in as well (lines 3, 5): a column of keys tells" in told
    assert len(call.rows("lead list")) == 4
    told = take(call, "name,company\nAda,X\nAda,X\nBea,Y\nAda,X\n")
    assert "others above" not in told
    assert len(call.rows("lead list")) == 4
    deals = "title,client,value\nAudit,Acme,1 EUR\nAudit,Acme,1 EUR\n"
    assert "1 row says what another one above says, and came in as well (line 3)" in take(
        call, deals, "--as opportunities"
    )


def test_of_several_clients_of_a_deal_the_first_counts_which_is_told(call: Cli) -> None:
    header = "Record ID,Deal Name,Deal Stage,Associated Contact IDs,Associated Company IDs\n"
    told = take(call, f"{header}1,Audit,Qualified,101;102,\n2,Course,Qualified,103,\n", "--stage '*=request'")
    names = '"Associated Contact IDs", "Associated Company IDs"'
    assert f"1 row names several clients, of which the first counts: {names}" in told
    assert call.row("lead show L1")["key"] == "101"
