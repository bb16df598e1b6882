"""Every write is a list of changes: carried out, logged, taken back, done again; refused where the world moved on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core import leads, opportunities
from funnelctl.core.change import Change, edited, removed
from funnelctl.core.records import Alias, Setting
from funnelctl.core.settings import put
from funnelctl.errors import Conflict
from funnelctl.store import journal
from funnelctl.store.connection import APPLICATION_ID, connect_in_memory
from funnelctl.store.log import LOG, changes_of
from funnelctl.store.schema import migrate

EMPTY: dict[str, list[object]] = {
    "setting": [], "lead": [], "lead_alias": [], "opportunity": [], "move": [], "activity": [], "source_row": [],
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db")


def edit_lead(desk: Desk, lead_id: int, **raw: object) -> None:
    with desk.writing() as work:
        lead = work.book.lead(lead_id)
        assert lead is not None
        desk.do(work, "lead edit", leads.edit(lead, leads.fields_of(raw, None)))


def test_a_change_is_carried_out_and_logged_with_all_columns_of_a_new_row(desk: Desk) -> None:
    lead = desk.add_lead("Ada", email="ada@example.com", tags=["vip", "rail"])
    assert desk.content()["lead"] == [tuple(lead)]
    rows = desk.conn.execute(f"{LOG} SELECT table_name, row_id, before, after FROM change ORDER BY id").fetchall()
    assert [row[:3] for row in rows] == [("lead", 1, None), ("move", 1, None)]
    assert json.loads(rows[0][3]) == lead._asdict()


def test_an_edit_is_logged_with_the_differing_columns_alone(desk: Desk) -> None:
    desk.add_lead("Ada", email="ada@example.com")
    edit_lead(desk, 1, email="lovelace@example.com")
    before, after = desk.conn.execute(f"{LOG} SELECT before, after FROM change ORDER BY id DESC").fetchone()
    assert json.loads(before) == {"email": "ada@example.com", "email_key": "ada@example.com"}
    assert json.loads(after) == {"email": "lovelace@example.com", "email_key": "lovelace@example.com"}


def test_an_operation_keeps_who_when_what_and_its_very_changes(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.at = "2026-03-03T09:00:00Z"
    desk.add_lead("Bea")
    rows = desk.conn.execute("SELECT * FROM operation ORDER BY id").fetchall()
    assert rows == [
        (1, "do", "lead add", "2026-03-02T12:00:00Z", "tester", None, 0, 1, 2),
        (2, "do", "lead add", "2026-03-03T09:00:00Z", "tester", None, 0, 3, 4),
    ]
    made = changes_of(desk.conn, journal.Operation._make(rows[1]))
    assert [(change.table, change.row_id, change.before) for change in made] == [("lead", 2, None), ("move", 2, None)]
    assert made[0].after is not None
    assert made[0].after["name"] == "Bea"


def test_undo_takes_the_newest_operation_back_and_redo_does_it_again(desk: Desk) -> None:
    states = [desk.content()]
    lead = desk.add_lead("Ada")
    states.append(desk.content())
    desk.add_sale(lead, value="1200 EUR", probability="0.3")
    states.append(desk.content())
    edit_lead(desk, 1, name="Ada L.", company="Engines")
    states.append(desk.content())
    for expected in reversed(states[:-1]):
        desk.undo()
        assert desk.content() == expected
    assert desk.undo() is None
    for expected in states[1:]:
        desk.redo()
        assert desk.content() == expected
    assert desk.redo() is None


def test_undo_and_redo_say_which_operation_they_turned(desk: Desk) -> None:
    lead = desk.add_lead("Ada")
    desk.add_sale(lead)
    undone, redone = desk.undo(), desk.redo()
    assert undone is not None
    assert redone is not None
    assert (undone.id, undone.command) == (redone.id, redone.command) == (2, "opp add")
    log = desk.conn.execute("SELECT kind, command, target, undone FROM operation ORDER BY id").fetchall()
    assert log[2:] == [("undo", "opp add", 2, 0), ("redo", "opp add", 2, 0)]


def test_what_was_undone_is_out_of_reach_of_redo_once_something_new_was_done(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.undo()
    desk.add_lead("Bea")
    assert desk.redo() is None
    desk.undo()
    assert desk.content() == EMPTY
    desk.redo()
    assert [row[1] for row in desk.content()["lead"]] == ["Bea"]
    assert desk.redo() is None  # Ada stays gone


def test_undo_steps_over_what_is_undone_already_after_something_new(desk: Desk) -> None:
    for name in ("Ada", "Bea"):
        desk.add_lead(name)
    desk.undo()
    desk.add_lead("Cleo")
    desk.undo()
    desk.undo()
    assert desk.content() == EMPTY
    assert desk.undo() is None


def test_ids_are_never_used_again_whatever_was_undone(desk: Desk) -> None:
    assert desk.add_lead("Ada").id == 1
    desk.undo()
    lead = desk.add_lead("Bea")
    assert lead.id == 2
    assert desk.add_sale(lead).id == 1
    desk.undo()
    assert desk.add_sale(lead).id == 2
    moves = [row[0] for row in desk.content()["move"]]
    assert moves == [2, 5, 6]  # the first lead's was 1; those of the sale that was undone were 3 and 4


def test_a_row_that_another_program_changed_is_not_undone_over(desk: Desk) -> None:
    desk.add_lead("Ada", company="Engines")
    edit_lead(desk, 1, company="Analytical Engines")
    desk.conn.execute("UPDATE lead SET company = 'Typed elsewhere' WHERE id = 1")
    before, log = desk.content(), desk.conn.execute("SELECT * FROM operation").fetchall()
    with pytest.raises(
        Conflict,
        match=r"lead edit \(operation 2\) was left as it is: L1 is no longer as it was: another program has changed its"
        r" company; nothing was saved",
    ) as refused:
        desk.undo()
    assert refused.value.hint == "funnelctl db check names all that differs from the history"
    assert desk.content() == before
    assert desk.conn.execute("SELECT * FROM operation").fetchall() == log


def test_a_column_that_the_operation_did_not_touch_may_differ(desk: Desk) -> None:
    desk.add_lead("Ada", company="Engines")
    edit_lead(desk, 1, company="Analytical Engines")
    desk.conn.execute("UPDATE lead SET note = 'typed elsewhere' WHERE id = 1")
    desk.undo()
    assert desk.conn.execute("SELECT company, note FROM lead").fetchone() == ("Engines", "typed elsewhere")


def test_a_new_row_is_not_undone_where_another_program_added_to_it(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.conn.execute("UPDATE lead SET note = 'precious' WHERE id = 1")
    with pytest.raises(Conflict, match="L1 is no longer as it was"):
        desk.undo()
    assert desk.conn.execute("SELECT note FROM lead").fetchone() == ("precious",)


def test_a_row_that_another_program_removed_is_not_undone(desk: Desk) -> None:
    desk.add_lead("Ada")
    edit_lead(desk, 1, name="Ada L.")
    desk.conn.execute("DELETE FROM move")
    desk.conn.execute("DELETE FROM lead")
    with pytest.raises(Conflict, match="L1 is no longer as it was"):
        desk.undo()


def test_a_row_that_another_program_has_built_upon_is_not_undone(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.conn.execute("INSERT INTO lead_alias (lead_id, kind, key, value) VALUES (1, 'email', 'a@b', 'a@b')")
    before = desk.content()
    with pytest.raises(Conflict, match=r"lead add \(operation 1\) was left as it is: "):
        desk.undo()
    assert desk.content() == before


def test_an_address_that_another_program_has_given_away_is_not_taken_back(desk: Desk) -> None:
    desk.add_lead("Ada", email="ada@example.com")
    edit_lead(desk, 1, email="")
    desk.add_lead("Bea")
    desk.conn.execute("UPDATE lead SET email = 'ada@example.com', email_key = 'ada@example.com' WHERE id = 2")
    desk.conn.execute("UPDATE operation SET undone = 1 WHERE id = 3")
    before = desk.content()
    with pytest.raises(Conflict, match=r"lead edit \(operation 2\) was left as it is: "):
        desk.undo()
    assert desk.content() == before


def test_a_change_against_what_the_row_is_not_is_refused_and_nothing_of_its_list_stays(desk: Desk) -> None:
    lead = desk.add_lead("Ada")
    before = desk.content()
    old = lead._replace(name="Somebody else")

    def act() -> None:
        with desk.writing() as work:
            good = edited(lead, lead._replace(note="first"))
            desk.do(work, "lead edit", [*good, *edited(old, old._replace(name="Third"))])

    with pytest.raises(
        Conflict, match="L1 is no longer as it was: another program has changed its name; nothing was saved"
    ):
        act()
    assert desk.content() == before
    assert desk.conn.execute("SELECT count(*) FROM operation").fetchone() == (1,)


def test_a_missing_value_is_told_from_an_empty_one(desk: Desk) -> None:
    lead = desk.add_lead("Ada")
    desk.conn.execute("UPDATE lead SET note = ''")
    with pytest.raises(Conflict), desk.writing() as work:
        desk.do(work, "lead edit", edited(lead, lead._replace(note="new")))


@pytest.mark.parametrize("percent", ["1.1%", "2.3%", "16.1%", "0.07%", "33.3333%", "99.99%", "0.123456%"])
def test_a_chance_that_was_given_in_percent_can_be_undone(desk: Desk, percent: str) -> None:
    sale = desk.add_sale(desk.add_lead())
    before = desk.content()
    with desk.writing() as work:
        fields = opportunities.fields_of({"probability": percent}, None, work.author.today)
        desk.do(work, "opp edit", opportunities.edit(sale, fields))
    after = desk.content()
    desk.undo()
    assert desk.content() == before
    desk.redo()
    assert desk.content() == after


TEXTS = [
    "plain",
    "'; DROP TABLE lead; --",
    '"}], {"',
    "\\u0000",
    "line\nline\ttab",
    "株式 ñ 👩\u200d💻",
    "\x1b[31m",
    "\ue000\U0010ffff",
    "[/]",
    "null",
    "1e400",
    "a\x7f\x85\u2028b",
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back_as_it_was(desk: Desk, text: str) -> None:
    desk.add_lead("Ada", company=text, note=text)
    before = desk.content()
    edit_lead(desk, 1, company="other", note="")
    desk.undo()
    assert desk.content() == before
    desk.undo()
    desk.redo()
    assert desk.content() == before


storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)


@given(texts=st.lists(storable, min_size=1, max_size=4))
def test_any_text_comes_back_from_the_log_as_it_was(texts: list[str]) -> None:
    conn = connect_in_memory()
    migrate(conn, APPLICATION_ID)
    made = [
        Change("setting", number, None, Setting(number, f"{number}", text)._asdict())
        for number, text in enumerate(texts, start=1)
    ]
    journal.apply(conn, made)
    operation = journal.Operation(1, "do", "config set", "", "", None, 0, 1, len(made))
    assert changes_of(conn, operation) == made
    conn.close()


def test_numbers_keep_their_kind(desk: Desk) -> None:
    sale = desk.add_sale(desk.add_lead(), value="999999999999999 JPY", probability="1.0")
    desk.undo()
    desk.redo()
    value, chance = desk.conn.execute("SELECT value_minor, probability FROM opportunity").fetchone()
    assert (value, type(value), chance, type(chance)) == (999_999_999_999_999, int, 1.0, float)
    assert desk.content()["opportunity"] == [tuple(sale)]


def test_a_merge_is_one_operation_that_can_be_undone_with_all_that_hung_on_it(desk: Desk) -> None:
    ada, bea, cleo = (desk.add_lead(name, email=f"{name}@example.com") for name in ("ada", "bea", "cleo"))
    desk.add_sale(bea)
    with desk.writing() as work:
        desk.do(work, "lead edit", leads.edit(cleo, {"referred_by": bea.id}))
    before = desk.content()
    desk.merge(ada, bea)
    after = desk.content()
    desk.undo()
    assert desk.content() == before
    desk.redo()
    assert desk.content() == after


def test_a_setting_comes_and_goes(desk: Desk) -> None:
    with desk.writing() as work:
        desk.do(work, "config set", put(work.author, None, "region", "ES"))
    with desk.writing() as work:
        desk.do(work, "config set", put(work.author, work.book.setting("region"), "region", None))
        assert work.book.region is None
    desk.undo()
    with desk.reading() as book:
        assert book.region == "ES"


def test_removing_a_row_that_is_not_as_it_was_read_is_refused(desk: Desk) -> None:
    lead = desk.add_lead("Ada")
    gone = "lead alias 1 is no longer as it was: another program has removed it"
    with pytest.raises(Conflict, match=gone), desk.writing() as work:
        desk.do(work, "lead edit", [removed(Alias(1, lead.id, "email", "a@b", "a@b"))])


@pytest.mark.parametrize("table", ["lead", "opportunity", "move"])
def test_rows_logged_set_wise_are_logged_as_one_by_one(desk: Desk, table: str) -> None:
    for number, name in enumerate(("Ada", "Bea"), start=1):
        lead = desk.add_lead(name, company='"quoted" \\ 株', tags=["vip"], email=f"{name}@example.com")
        with desk.writing() as work:
            words = {"title": "Audit", "value": f"{number}.50 EUR", "probability": "7%", "key": f"K-{number}"}
            fields = opportunities.fields_of(words, None, work.author.today)
            stage = work.book.funnel().first_opportunity_stage
            desk.do(work, "opp add", opportunities.add(work.author, fields, lead.id, stage)[1])

    def logged(above: int) -> list[tuple[int, object, object]]:
        sql = f"{LOG} SELECT row_id, before, after FROM change WHERE table_name = ? AND id > ? ORDER BY id"
        return [
            (row_id, before, {column: value for column, value in json.loads(after).items() if value is not None})
            for row_id, before, after in desk.conn.execute(sql, (table, above))
        ]

    one_by_one = logged(0)
    newest = journal.last_change(desk.conn)
    journal.log_inserted(desk.conn, table, 0)
    assert logged(newest) == one_by_one
    assert len(one_by_one) == {"lead": 2, "opportunity": 2, "move": 4}[table]


def let_guests_come(desk: Desk) -> None:
    """Three leads, as an import inserts and logs them."""
    top = desk.conn.execute("SELECT coalesce(max(id), 0) FROM lead").fetchone()[0]
    desk.conn.execute(
        "INSERT INTO lead (name, name_key, funnel, stage, state, tags, created_at, entered_at)"
        " SELECT 'Guest ' || value, 'guest ' || value, 'consulting', 'enquiry', 'open', '[]', 'x', 'x'"
        " FROM json_each('[1, 2, 3]')"
    )
    journal.log_inserted(desk.conn, "lead", top)


def test_rows_logged_set_wise_are_those_above_a_number_and_can_be_undone(desk: Desk) -> None:
    desk.add_lead("Ada")
    before = desk.content()
    with desk.writing():
        operation = journal.begin(desk.conn, "import", desk.at, "tester")
        let_guests_come(desk)
        journal.finish(desk.conn, operation)
    assert len(desk.content()["lead"]) == 4
    desk.undo()
    assert desk.content() == before
    desk.redo()
    assert [row[1] for row in desk.content()["lead"]] == ["Ada", "Guest 1", "Guest 2", "Guest 3"]
    assert desk.add_lead("Next").id == 5


def test_what_is_logged_set_wise_and_one_by_one_shares_one_count_that_never_goes_back(desk: Desk) -> None:
    def numbers() -> list[tuple[int, str]]:
        return desk.conn.execute(f"{LOG} SELECT id, table_name FROM change ORDER BY id").fetchall()

    lead = desk.add_lead("Ada")
    for text in ("first", "second"):  # the second time the newest change of all is a row that came
        with desk.writing():
            operation = journal.begin(desk.conn, "import", desk.at, "tester")
            top = desk.conn.execute("SELECT coalesce(max(id), 0) FROM activity").fetchone()[0]
            desk.conn.execute(
                "INSERT INTO activity (id, lead_id, kind, at, text, by)"  # with gaps, as a whole book may have them
                " SELECT ?1 + 3 * value, ?2, 'call', 'x', ?3, 'y' FROM json_each('[1, 2, 3]')",
                (top, lead.id, text),
            )
            journal.log_inserted(desk.conn, "activity", top)
            journal.log_inserted(desk.conn, "opportunity", 0)  # of which there are none
            journal.finish(desk.conn, operation)
    came = [(number, "activity") for number in range(3, 9)]
    assert numbers() == [(1, "lead"), (2, "move"), *came]
    desk.undo()
    desk.add_lead("Bea")
    gone = [(number, "activity") for number in range(9, 12)]
    assert numbers() == [(1, "lead"), (2, "move"), *came, *gone, (12, "lead"), (13, "move")]
    spans = desk.conn.execute("SELECT first_change, last_change FROM operation ORDER BY id").fetchall()
    assert spans == [(1, 2), (3, 5), (6, 8), (9, 11), (12, 13)]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (Change("lead", 12, None, {}), "L12"),
        (Change("opportunity", 7, None, {}), "O7"),
        (Change("lead_alias", 3, None, {}), "lead alias 3"),
        (Change("move", 33, None, {}), "move 33"),
    ],
)
def test_a_row_is_called_as_people_call_it(change: Change, name: str) -> None:
    assert journal.shown(change) == name


def test_many_rows_go_and_come_back_in_few_statements(desk: Desk) -> None:
    """An import of ten thousand rows is not taken back row by row; what another program changed among them is told."""
    with desk.writing() as work:
        changes: list[Change] = []
        for number in range(1, 1201):
            changes += leads.add(work.author, leads.fields_of({"name": f"P{number}"}, None), work.book.funnel())[1]
        changes.sort(key=lambda change: change.table)  # leads first, as an import does it
        desk.do(work, "import", changes)
    before = desk.content()
    said: list[str] = []
    desk.conn.set_trace_callback(said.append)
    desk.undo()
    assert desk.content()["lead"] == []
    desk.redo()
    desk.conn.set_trace_callback(None)
    assert len([sql for sql in said if sql.startswith("DELETE")]) == 6  # of 2,400 rows in 5 pages, one in two tables
    assert {**desk.content(), "setting": []} == before
    desk.conn.execute("UPDATE lead SET company = 'Other' WHERE id = 700")
    with pytest.raises(Conflict, match="L700 is no longer as it was"):
        desk.undo()
    assert len(desk.content()["lead"]) == 1200


def test_rows_that_came_together_go_and_come_back_by_their_copies(desk: Desk) -> None:
    with desk.writing() as work:
        operation = journal.begin(desk.conn, "import", desk.at, "tester")
        let_guests_come(desk)
        journal.apply(desk.conn, [Change("lead", 2, {"company": None}, {"company": "Acme"})])  # after they came
        journal.finish(desk.conn, operation)
        assert work.book.one("SELECT count(*) FROM lead") == (3,)
    before = desk.content()["lead"]
    said: list[str] = []
    desk.conn.set_trace_callback(said.append)
    desk.undo()
    desk.redo()
    desk.conn.set_trace_callback(None)
    assert desk.content()["lead"] == before
    assert len([sql for sql in said if sql.startswith(("DELETE FROM lead", "INSERT INTO lead"))]) == 2

    desk.conn.execute("UPDATE lead SET company = 'Other' WHERE id = 3")
    with pytest.raises(Conflict, match="L3 is no longer as it was: another program has changed its company"):
        desk.undo()
    desk.conn.execute("UPDATE lead SET company = NULL WHERE id = 3")
    desk.conn.execute(
        "INSERT INTO activity (lead_id, kind, at, text, by) VALUES (3, 'call', 'x', 'built upon it', 'another')"
    )
    with pytest.raises(Conflict, match="rows that another program wrote since stand in its way"):
        desk.undo()
    assert desk.content()["lead"] == before
