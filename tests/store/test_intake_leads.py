"""Leads from a file: what they become, that doing it again changes nothing, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from taking import FUNNELS, all_leads, assert_sound, moves, refused, sales, take

from funnelctl.core import leads
from funnelctl.core.records import Lead
from funnelctl.errors import Invalid
from funnelctl.store.intake.run import Taken

NOW = "2026-03-02T12:00:00Z"  # the clock of a Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "book.db", *FUNNELS)


LEADS = """name,company,email,phone,source,note,tags,key,stage,reason,created,closed
Ada Lovelace,Engines,ada@example.com,+49 30 5550100,referral,"met, at the fair","vip, hot",A1,enquiry,,2025-04-02,
Zoë Müller,,zoe@example.com,,,,,A2,Junk Lead,no budget,2025-04-03,2025-05-01
,Babbage & Co,,,,,,A3,,,,
"""


def test_leads_are_made_with_all_that_a_row_says(desk: Desk) -> None:
    taken = take(desk, LEADS)
    assert taken == Taken(3, 0, 0, 0, 0, 3, 1, ["1 row without a date of creation: dated today"], [1, 2, 3])
    ada, zoe, babbage = all_leads(desk)
    assert ada == Lead(
        1, "Ada Lovelace", "ada lovelace", "Engines", "ada@example.com", "ada@example.com", "+49 30 5550100",
        "+49305550100", "referral", None, "consulting", "enquiry", "open", None, "met, at the fair", '["hot", "vip"]',
        "A1", "2025-04-02T12:00:00Z", "2025-04-02T12:00:00Z", None,
    )  # fmt: skip
    assert (zoe.name_key, zoe.state, zoe.reason, zoe.closed_at) == (
        "zoë müller", "disqualified", "no budget", "2025-05-01T12:00:00Z",
    )  # fmt: skip
    assert (babbage.name, babbage.company, babbage.created_at) == ("Babbage & Co", None, NOW)
    assert moves(desk, "lead", 1) == [("enter", None, "enquiry", "open", None, "2025-04-02")]
    assert moves(desk, "lead", 2) == [
        ("enter", None, "enquiry", "open", None, "2025-04-03"),
        ("drop", "enquiry", "enquiry", "disqualified", "no budget", "2025-05-01"),
    ]
    assert_sound(desk)


def test_a_name_may_come_in_two_columns(desk: Desk) -> None:
    take(desk, "First Name,Last Name,Name,Company\nAda, Lovelace,,E\n,Hopper,,E\nZoe,Weber,Zoë W.,E\n,,,Engines\n")
    assert [lead.name for lead in all_leads(desk)] == ["Ada Lovelace", "Hopper", "Zoë W.", "Engines"]


def test_again_nothing_changes_and_no_trace_is_left(desk: Desk) -> None:
    take(desk, LEADS)
    before = list(desk.conn.iterdump())
    desk.at = "2026-03-05T12:00:00Z"
    assert take(desk, LEADS) == Taken(0, 0, 0, 3, 0, 3, None, [], [])
    assert list(desk.conn.iterdump()) == before


def test_one_operation_that_undo_takes_back_and_redo_does_again(desk: Desk) -> None:
    desk.add_lead("Grace Hopper")
    before = desk.content()
    take(desk, LEADS)
    after = desk.content()
    undone = desk.undo()
    assert undone is not None
    assert undone.command == "import"
    assert desk.content() == before
    desk.redo()
    assert desk.content() == after


def test_ids_go_on_after_an_undo(desk: Desk) -> None:
    sales(desk, "title,client\nAudit,Ada\n")
    desk.undo()
    taken = sales(desk, "title,client\nAudit,Ada\nCourse,Zoe\n")
    assert (taken.created, taken.new_leads, taken.first) == (2, 2, [2, 3])
    assert [lead.ref for lead in all_leads(desk)] == ["L2", "L3"]
    assert desk.add_lead("Grace").ref == "L4"
    assert_sound(desk)


def test_only_the_new_rows_of_a_longer_file_are_taken(desk: Desk) -> None:
    take(desk, LEADS)
    taken = take(desk, LEADS.replace(",created,closed\n", ",created,closed\nNew,,,,,,,A0,,,2025-01-01,\n"))
    assert (taken.created, taken.unchanged, taken.first) == (1, 3, [4])
    assert all_leads(desk)[3].name == "New"


@pytest.mark.parametrize("by", ["email", "phone", "name"])
def test_leads_are_known_again_by_what_they_are_matched_by(desk: Desk, by: str) -> None:
    text = "name,email,phone,note\nAda Lovelace,Ada@Example.com,+49 (30) 555-0100,\n"
    take(desk, text, match=by)
    other = "name,email,phone,note\nada  lovelace,ada@example.com,+49305550100,a note\n"
    taken = take(desk, other, match=by)
    assert (taken.created, taken.updated) == (0, 1)
    assert all_leads(desk)[0].note == "a note"


def test_without_a_key_a_row_is_known_by_all_that_it_says(desk: Desk) -> None:
    text = "name,note\nAda,x\nAda,x\nAda,y\n"
    assert take(desk, text).created == 3  # two equal rows are two records: nothing says that they are not
    assert take(desk, text) == Taken(0, 0, 0, 3, 0, 3, None, [], [])
    assert take(desk, "note,ignored,name\nx,1,Ada \n y,2,Ada\n").unchanged == 2  # whatever the order of columns
    assert take(desk, "name,note\nAda,x\nAda,x\nAda,x\n").created == 1
    assert len(desk.content()["source_row"]) == 4


def test_a_row_with_an_empty_key_is_known_by_what_it_says(desk: Desk) -> None:
    text = "key,name\nA1,Ada\n,Zoe\n,Zoe\n"
    assert take(desk, text).created == 3
    assert take(desk, text).unchanged == 3


def test_edits_made_since_stay(desk: Desk) -> None:
    take(desk, LEADS)
    ada = all_leads(desk)[0]
    with desk.writing() as work:
        desk.do(work, "lead edit", leads.edit(ada, leads.fields_of({"phone": "+49 30 999999", "source": ""}, None)))
    taken = take(desk, LEADS)
    assert (taken.updated, taken.unchanged) == (1, 2)
    assert desk.lead(ada).phone == "+49 30 999999"
    assert desk.lead(ada).source == "referral"


NEWER = """key,name,company,email,source,tags,stage
A1,Ada King,,ada@king.example,web,new,enquiry
A2,Zoë Müller,Mills,,,,
"""


def test_fill_fills_only_what_is_empty(desk: Desk) -> None:
    take(desk, LEADS)
    taken = take(desk, NEWER)
    assert (taken.created, taken.updated, taken.unchanged, taken.operation) == (0, 1, 1, 2)
    ada, zoe, _ = all_leads(desk)
    assert (ada.name, ada.email, ada.source) == ("Ada Lovelace", "ada@example.com", "referral")
    assert zoe.company == "Mills"
    assert zoe.state == "disqualified"


def test_overwrite_takes_what_the_file_says_and_an_empty_cell_says_nothing(desk: Desk) -> None:
    take(desk, LEADS)
    taken = take(desk, NEWER, on_duplicate="overwrite")
    assert (taken.updated, taken.unchanged) == (2, 0)
    ada, zoe, _ = all_leads(desk)
    assert (ada.name, ada.name_key, ada.company, ada.email_key, ada.source, ada.tags) == (
        "Ada King", "ada king", "Engines", "ada@king.example", "web", '["new"]',
    )  # fmt: skip
    assert (zoe.company, zoe.email, zoe.state) == ("Mills", "zoe@example.com", "disqualified")
    assert_sound(desk)
    before = desk.content()
    assert take(desk, NEWER, on_duplicate="overwrite").operation is None
    assert desk.content() == before
    desk.undo()
    assert all_leads(desk)[0].name == "Ada Lovelace"


def test_skip_leaves_known_ones_and_error_refuses_them(desk: Desk) -> None:
    take(desk, LEADS)
    taken = take(desk, NEWER, on_duplicate="skip")
    assert (taken.updated, taken.unchanged, taken.skipped, taken.operation) == (0, 0, 2, None)
    assert refused(desk, NEWER, on_duplicate="error") == [
        (2, "key", "it is L1 already"),
        (3, "key", "it is L2 already"),
    ]


def test_overwrite_moves_leads_to_where_the_file_says_that_they_stand(desk: Desk) -> None:
    text = "key,name,stage,reason,closed,funnel\n"
    take(
        desk, f"{text}A,Ada,prospecting,,,jm-sports\nB,Bob,leads,,,jm-sports\nC,Cleo,lost,price,2026-01-05,jm-sports\n"
    )
    desk.at = "2026-03-05T12:00:00Z"
    there = f"{text}A,Ada,leads,,,jm-sports\nB,Bob,junk,no budget,2026-03-04,jm-sports\nC,Cleo,leads,,,jm-sports\n"
    assert take(desk, there, on_duplicate="overwrite").updated == 3
    assert moves(desk, "lead", 1)[1:] == [("advance", "prospecting", "leads", "open", None, "2026-03-05")]
    assert moves(desk, "lead", 2)[1:] == [("drop", "leads", "leads", "disqualified", "no budget", "2026-03-04")]
    assert [move[0] for move in moves(desk, "lead", 3)] == ["enter", "drop", "reopen", "advance"]
    assert_sound(desk)
    back = f"{text}A,Ada,prospecting,,,jm-sports\nB,Bob,converted,,,jm-sports\n"
    assert take(desk, back, on_duplicate="overwrite").updated == 2
    assert moves(desk, "lead", 1)[-1][:3] == ("back", "leads", "prospecting")
    assert moves(desk, "lead", 2)[-1][:4] == ("convert", "leads", "leads", "converted")
    assert_sound(desk)
    again = take(desk, back.replace("converted", "leads"), on_duplicate="overwrite")
    assert again.operation is None
    assert again.notes == ["1 row of a lead that is a client already: it stays one"]


def test_a_record_in_another_funnel_stays_where_it_stands(desk: Desk) -> None:
    take(desk, "key,name,stage\nA,Ada,leads\n", funnel="jm-sports")
    taken = take(desk, "key,name,stage\nA,Ada,junk\n", on_duplicate="overwrite")
    assert taken.notes == ["1 row of a record in another funnel: it stays where it stands"]
    assert all_leads(desk)[0].state == "open"


def test_all_problems_are_told_with_line_and_column_and_nothing_is_kept(desk: Desk) -> None:
    text = (
        "Name,E-mail,Phone,Created,Stage\n"
        "Ada,ada@,12,05/01/2025,Maybe\n"
        '"a\nb",ok@example.com,+49 30 5550100,2027-01-01,Maybe\n'
        ",,,,\n"
        ",,+49 30 5550100,,\n"
        "Zoe,zoe@example.com\n"
    )
    assert refused(desk, text) == [
        (2, "E-mail", '"ada@" is not an e-mail address'),
        (2, "Phone", '"12" has too few digits for a telephone number'),
        (2, "Created", '"05/01/2025" is not a date such as 2026-11-23'),
        (2, "Stage", '"Maybe" is no stage of consulting (2 rows)'),
        (3, "Created", '"2027-01-01" lies in the future: what has happened cannot be later than now'),
        (6, "Name", "the lead has no name, no company and no e-mail to be called by"),
        (7, "", "2 cells, and the first line names 5 columns"),
    ]


def test_a_row_that_comes_twice_is_skipped_and_one_that_differs_is_a_problem(desk: Desk) -> None:
    taken = take(desk, "key,name\nA,Ada\nB,Bob\nA,Ada\nA, Ada\n")
    assert (taken.created, taken.skipped, taken.rows_read) == (2, 2, 4)
    assert refused(desk, "key,name\nC,Cleo\nC,Cleopatra\n") == [
        (3, "key", "line 2 has the same, and says something else")
    ]


def test_an_email_or_phone_belongs_to_one_lead(desk: Desk) -> None:
    take(desk, LEADS)
    assert refused(desk, "key,name,email,phone\nX,Eve,ADA@example.com,\nY,Eva,,0049 30 5550100\n") == [
        (2, "email", "the e-mail belongs to L1 already"),
        (3, "phone", "the phone number belongs to L1 already"),
    ]
    assert refused(desk, "key,name,email\nX,Eve,e@x.example\nY,Eva,E@x.example\n") == [
        (3, "email", "the e-mail is that of line 2 already")
    ]
    assert refused(desk, "key,name,email\nA2,Zoe,ada@example.com\n", on_duplicate="overwrite") == [
        (2, "email", "the e-mail belongs to L1 already, and the row is L2")
    ]


def test_several_leads_of_a_name_are_for_the_user_to_tell_apart(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.add_lead("ADA")
    assert refused(desk, "name,note\nada,x\n", match="name") == [(2, "name", "2 leads have this name")]


def test_what_was_merged_is_found_for_ever(desk: Desk) -> None:
    take(desk, "key,name,email\nA,Ada,ada@example.com\nB,Ada L,ada@other.example\n")
    one, other = all_leads(desk)
    desk.merge(one, other)
    again = take(desk, "key,name,email\nA,Ada,ada@example.com\nB,Ada L,ada@other.example\n")
    assert (again.created, again.operation) == (0, None)
    assert take(desk, "name,email\nAda L,ada@other.example\n").unchanged == 1
    assert refused(desk, "key,name,email\nC,Cleo,ada@other.example\n") == [
        (2, "email", "the e-mail belongs to L1 already")
    ]


@pytest.mark.parametrize("match", ["email", "name"])
def test_a_file_that_lacks_what_is_to_be_matched(desk: Desk, match: str) -> None:
    with pytest.raises(Invalid, match="no column is mapped to"):
        take(desk, "company\nEngines\n", match=match)
    with pytest.raises(Invalid, match="not matched by"):
        sales(desk, "title,email\nAudit,a@b.example\n", match=match)


def test_a_funnel_without_lead_stages_takes_no_leads(desk: Desk) -> None:
    assert "takes no leads" in refused(desk, "name\nAda\n", funnel="seven-states")[0][2]
