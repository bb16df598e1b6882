"""Any sequence of verbs, on a real file: what always holds of a book, and that all can be undone and done again."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from funnelctl.core import leads, opportunities
from funnelctl.core.author import Author
from funnelctl.core.change import Change
from funnelctl.core.evidence import require
from funnelctl.core.forget import ERASED
from funnelctl.core.funnel import Funnel
from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.declared import KINDS, POLICIES, Declared
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.importing.task import task_of
from funnelctl.core.migration import destinations, moved
from funnelctl.core.period import day_of, instant
from funnelctl.core.records import Lead, Move, Opportunity
from funnelctl.core.settings import SETTINGS, put
from funnelctl.core.settings import checked as checked_setting
from funnelctl.core.table import Answer
from funnelctl.errors import FunnelctlError
from funnelctl.render.answer import Screen, written
from funnelctl.store import journal, turning
from funnelctl.store.book import Book
from funnelctl.store.checks import check_book
from funnelctl.store.connection import APPLICATION_ID, Transaction, connect, create_file
from funnelctl.store.forget import forget
from funnelctl.store.forgotten import refuse_forgotten
from funnelctl.store.funnels import live_records, live_stages, remembered
from funnelctl.store.identity import refuse_known, refuse_known_key
from funnelctl.store.intake.run import take_in
from funnelctl.store.intake.straight import NotAllNew
from funnelctl.store.leftovers import person_of
from funnelctl.store.reports import leads as lead_rows
from funnelctl.store.reports import moves, operations, overview
from funnelctl.store.reports import opportunities as opportunity_rows
from funnelctl.store.reports.attention import Asked
from funnelctl.store.reports.standing import relations
from funnelctl.store.schema import migrate
from funnelctl.workspace import places
from funnelctl.workspace.shelf import read_path

FUNNELS = ("consulting", "jm-sports", "seven-states")
# What a person has entered; the rest are the log, its counters, and copies of funnel files.
DOMAIN = ("setting", "lead", "lead_alias", "opportunity", "move", "activity", "source_row")
FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")
OF_MOVES = "id, lead_id, funnel, stage, status, outcome, reason, postponed_until, entered_at, closed_at"
OF_LEAD_MOVES = "id, funnel, stage, state, entered_at"

Content = dict[str, list[tuple[Any, ...]]]
Step = tuple[Content, Content]
Turn = Callable[[sqlite3.Connection, str, str], journal.Operation | None]
Decide = Callable[[Book, Author], list[Change]]
Do = Callable[[Book, Author], bool]

picks = st.integers(0, 7)
names = st.sampled_from(
    ["Ada", "ada", "Bea Potter", "[/] Ltd", "=1+1", "株式会社", "E\u0301lodie", "\x1b[31mred", "O'Hara", "a\nb"]
)
emails = st.sampled_from(["", "a@example.com", "A@Example.com", "b@example.com", "c@bücher.example", "no address"])
phones = st.sampled_from(["", "+49 30 1234567", "0049301234567", "+34 600 123 456", "12"])
keys = st.sampled_from(["", "K1", "K2", "k1"])
values = st.sampled_from(["", "0 EUR", "12.50 EUR", "999999999999 JPY", "1.500", "7 USD", "-1 EUR"])
chances = st.sampled_from(["", "0", "1.1%", "33.333%", "0.5", "2"])
closes = st.sampled_from(["", "+2w", "2026-12-31", "05/01/2026"])
tags = st.lists(st.sampled_from(["vip", "VIP", "rail", "a,b"]), max_size=2)
given_leads = st.fixed_dictionaries(
    {}, optional={"email": emails, "phone": phones, "key": keys, "company": names, "tags": tags}
)
given_sales = st.fixed_dictionaries(
    {}, optional={"value": values, "probability": chances, "close": closes, "key": keys, "service": names, "tags": tags}
)
# Files are mostly right: one wrong cell refuses all of it.
some_days = st.sampled_from(["2026-01-05", "2026-02-20T08:00:00Z", "2026-02-20", "2026-03-01"])
addresses = st.sampled_from([f"{name}@example.com" for name in ("ada", "bea", "cleo", "new", "other")])
places_reached = st.integers(0, 4).map(str) | st.sampled_from(["won", "lost"])  # numbers are of the funnel's stages
COLUMNS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "leads": {
        "name": names, "email": st.just("") | addresses, "phone": st.sampled_from(["", "+34 600 123 456"]), "key": keys,
        "stage": st.just("") | st.integers(0, 4).map(str), "created": st.just("") | some_days,
    },
    "opportunities": {
        "title": names, "client": names, "client email": addresses, "value": st.sampled_from(["", "5 EUR", "7 USD"]),
        "key": keys, "stage": st.just("") | places_reached, "created": some_days, "closed": st.just("") | some_days,
    },
    "activities": {
        "client email": addresses, "at": some_days, "text": names, "key": keys, "kind": st.sampled_from(["", "call"]),
    },
    "moves": {
        "key": st.sampled_from(["K1", "K2", "K3"]), "stage": places_reached, "at": some_days, "title": names,
        "client email": addresses,
    },
}  # fmt: skip
files = {kind: st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4) for kind, columns in COLUMNS.items()}
wrong_cells = st.sampled_from(["nowhere", "2026-02-30", "no address", "\x1b[31m", "", "-1 EUR"])


@cache
def _funnel(key: str) -> Funnel:
    return read_path(os.path.join(places.shipped("funnels"), f"{key}.yaml"))


@cache
def _empty_book() -> Path:
    path = Path(tempfile.mkdtemp(prefix="funnelctl-laws-")) / "empty.db"
    create_file(str(path))
    conn = connect(str(path), fresh=True)
    with Transaction(conn, "IMMEDIATE", _nobody):
        migrate(conn, APPLICATION_ID)
    conn.close()
    return path


def _nobody() -> None:
    """Who is told that a lock is waited for."""


def _closes_at(move: Move) -> bool:
    """Whether a sale was won at a stage that it had not reached, as files tell it."""
    return move.kind == "win" and move.from_stage != move.to_stage


class Shelf:
    """The shipped funnels, read once."""

    def stamp(self, key: str) -> str | None:
        return "shipped" if key in FUNNELS else None

    def read(self, key: str) -> Funnel:
        return _funnel(key)


class Consultant(RuleBasedStateMachine):
    """Somebody who does anything in any order; the clock goes forth and sometimes back."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.mkdtemp(prefix="funnelctl-law-")
        path = shutil.copy(_empty_book(), os.path.join(self.directory, "book.db"))
        self.conn = connect(path)
        self.conn.execute("PRAGMA synchronous=OFF")  # these tests crash nothing
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        self.done: list[Step] = []  # what the book was before and after each command that stands
        self.undone: list[Step] = []
        self.ever: dict[str, set[int]] = {"lead": set(), "opportunity": set()}
        self.forgot = False  # whether anybody was: then what undo brings back has the figures of old, and no names
        self.fails_after: int | None = None  # steps of SQLite's machine that the next writing gets before it fails
        self.content = self._content()

    def teardown(self) -> None:
        try:
            self._nothing_is_found_wrong()
            self._all_the_way_back_and_forth()
            self._nothing_is_found_wrong()
            self._every_report()
            assert self.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        finally:
            self.conn.close()
            shutil.rmtree(self.directory)

    # --- how a command is done

    def _content(self) -> Content:
        return {table: self.conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in DOMAIN}

    def _figures(self, content: Content) -> Content:
        """What forgetting somebody leaves as it was."""
        found = {}
        for table, rows in content.items():
            erased = {name for _, values in ERASED.get(table, ()) for name in values}
            columns = [row[1] for row in self.conn.execute(f"PRAGMA table_info({table})")]
            kept = [place for place, name in enumerate(columns) if name not in erased]
            found[table] = [tuple(row[place] for place in kept) for row in rows]
        return found

    def _same(self, one: Content, other: Content) -> bool:
        return self._figures(one) == self._figures(other) if self.forgot else one == other

    def _author(self, book: Book, days_ago: int = 0) -> Author:
        at = instant(self.now - timedelta(days=days_ago))
        return Author(at, "tester", backdated=days_ago > 0, today=day_of(instant(self.now)), next_id=book.next_id)

    def _command(self, name: str, decide: Decide, days_ago: int = 0) -> bool:
        """A command that decides what to change."""

        def do(book: Book, author: Author) -> bool:
            changes = decide(book, author)
            with self._failing():
                if changes:
                    operation = journal.begin(self.conn, name, instant(self.now), "tester")
                    journal.apply(self.conn, changes)
                    journal.finish(self.conn, operation)
            return bool(changes)

        return self._write(do, days_ago)

    def _write(self, do: Do, days_ago: int = 0, *, for_good: bool = False) -> bool:
        """All of a command, or, where it raises what commands raise, nothing of it; whether it was done.

        ``do`` returns whether it has logged an operation; of what is ``for_good`` there is none to be taken back.
        """
        before = self.content
        try:
            with Transaction(self.conn, "IMMEDIATE", _nobody):
                book = Book(self.conn, Shelf(), writable=True)
                logged = do(book, self._author(book, days_ago))
        except sqlite3.OperationalError as error:
            assert str(error) == "interrupted"
            assert self._content() == before, "a command that failed midway has changed something"
            return False
        except FunnelctlError:
            assert self._content() == before, "a command that was refused has changed something"
            return False
        except NotAllNew:
            assert self._content() == before, "an attempt that was given up has changed something"
            raise
        self.content = self._content()
        if logged:
            self.done.append((before, self.content))
            self.undone.clear()
        assert for_good or (self.content == before) is (not logged)
        for table, used in self.ever.items():
            new = {row[0] for row in self.content[table]} - {row[0] for row in before[table]}
            assert not new & used, f"a number of a {table} was used again"
            used.update(new)
        return True

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """SQLite stops in the middle of whatever it does, as of a disk that fails, if the next writing is to fail."""
        steps, self.fails_after = self.fails_after, None
        if steps is not None:
            left = iter(range(steps))
            self.conn.set_progress_handler(lambda: next(left, None) is None, 1)
        try:
            yield
        finally:
            self.conn.set_progress_handler(None, 0)

    def _lead(self, book: Book, pick: int) -> Lead:
        rows = self.content["lead"]
        found = book.lead(rows[pick % len(rows)][0]) if rows else None
        if found is None:
            raise FunnelctlError("there is no lead")
        return found

    def _sale(self, book: Book, pick: int) -> Opportunity:
        rows = self.content["opportunity"]
        found = book.opportunity(rows[pick % len(rows)][0]) if rows else None
        if found is None:
            raise FunnelctlError("there is no opportunity")
        return found

    # --- what one may do

    @rule(steps=st.integers(0, 400))
    def the_next_writing_fails(self, steps: int) -> None:
        """Unless it is done by then."""
        self.fails_after = steps

    @initialize()
    def begin(self) -> None:
        """A few records of each kind, so that verbs find something to do."""
        for number, name in enumerate(("Ada", "Bea", "Cleo", "Dora")):
            self.add_lead(name, {"email": f"{name}@example.com"}, number % 2, 10)
        self.refer(1, 0)
        self.refer(2, 1)
        for number in range(3):
            self.add_sale("Audit", {"value": "100 EUR", "service": "audit"}, number, 0)

    @rule(name=names, raw=given_leads, which=picks, days_ago=st.integers(0, 40))
    def add_lead(self, name: str, raw: dict[str, Any], which: int, days_ago: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            fields = leads.fields_of({"name": name, **raw}, book.region)
            refuse_known(book, fields)
            refuse_forgotten(book, fields)
            funnel = book.funnel(FUNNELS[which % len(FUNNELS)])
            stages = funnel.lead_stages
            stage = stages[which % len(stages)] if stages else None
            lead, changes = leads.add(author, fields, funnel, stage)
            if stage:
                require(stage, lead)
            return changes

        self._command("lead add", decide, days_ago)

    @rule(title=names, raw=given_sales, pick=picks, days_ago=st.integers(0, 3))
    def add_sale(self, title: str, raw: dict[str, Any], pick: int, days_ago: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            lead = self._lead(book, pick)
            funnel = book.funnel(lead.funnel)
            fields = opportunities.fields_of({"title": title, **raw}, funnel.currency, author.today)
            refuse_known_key(book, fields.get("key"))
            changes: list[Change] = []
            if lead.state != "converted":
                author = author.after(book.last_move(lead))
                changes = leads.convert(author, lead)
            sale, more = opportunities.add(author, fields, lead.id, funnel.first_opportunity_stage)
            require(funnel.first_opportunity_stage, lead, sale)
            return changes + more

        self._command("opp add", decide, days_ago)

    @rule(pick=picks, raw=given_leads, name=names)
    def edit_lead(self, pick: int, raw: dict[str, Any], name: str) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            lead = self._lead(book, pick)
            fields = leads.fields_of({"name": name, **raw}, book.region)
            refuse_known(book, fields, own=lead.id)
            return leads.edit(lead, fields)

        self._command("lead edit", decide)

    @rule(pick=picks, referrer=picks)
    def refer(self, pick: int, referrer: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            lead, other = self._lead(book, pick), self._lead(book, referrer)
            return leads.edit(lead, {"referred_by": None if lead.id == other.id else other.id})

        self._command("lead edit", decide)

    @rule(pick=picks, raw=given_sales, whose=picks)
    def edit_sale(self, pick: int, raw: dict[str, Any], whose: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            fields = opportunities.fields_of(raw, sale.currency, author.today)
            refuse_known_key(book, fields.get("key"), own=sale.id)
            lead = self._lead(book, whose)
            closing = [] if lead.state == "converted" else leads.convert(author.after(book.last_move(lead)), lead)
            return closing + opportunities.edit(sale, {**fields, "lead_id": lead.id})

        self._command("opp edit", decide)

    @rule(pick=picks, to=picks, days_ago=st.integers(0, 1))
    def walk_lead(self, pick: int, to: int, days_ago: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            lead = self._lead(book, pick)
            funnel = book.funnel(lead.funnel)
            author = author.after(book.last_move(lead))
            target = funnel.walk[to % len(funnel.walk)]
            here = funnel.stage(lead.stage)
            if lead.state != "open" or target == here or here is None:
                return []
            if target.holds == "opportunity":
                fields = opportunities.fields_of({"title": lead.name, "service": "audit"}, None, author.today)
                sale, changes = opportunities.add(author, fields, lead.id, target)
                require(target, lead, sale)
                return leads.convert(author, lead) + changes
            back = target.position < here.position
            if not back:
                require(target, lead)
            return leads.walk(author, lead, target, None, back=back)

        self._command("advance", decide, days_ago)

    @rule(pick=picks, to=picks, raw=given_sales, days_ago=st.integers(0, 1))
    def walk_sale(self, pick: int, to: int, raw: dict[str, Any], days_ago: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            opportunities.check_live(sale)
            funnel = book.funnel(sale.funnel)
            stages = [stage for stage in funnel.walk if stage.holds == "opportunity" and stage.key != sale.stage]
            target, here = stages[to % len(stages)], funnel.stage(sale.stage)
            back = here is not None and target.position < here.position
            kept = {name: text for name, text in raw.items() if name in ("value", "service", "close")}
            fields = opportunities.fields_of(kept, sale.currency, author.today)
            if not back:
                require(target, book.client_of(sale), sale._replace(**fields))
            author = author.after(book.last_move(sale))
            return opportunities.walk(author, sale, funnel, target, fields, None, back=back)

        self._command("advance", decide, days_ago)

    @rule(pick=picks, value=values, days_ago=st.integers(0, 1))
    def win(self, pick: int, value: str, days_ago: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            fields = opportunities.fields_of({"value": value}, sale.currency, author.today)
            author = author.after(book.last_move(sale))
            return opportunities.win(author, sale, book.funnel(sale.funnel), fields, None)

        self._command("win", decide, days_ago)

    @rule(pick=picks, reason=st.sampled_from(["price", "competitor", "whim", None]), rival=st.none() | names)
    def lose(self, pick: int, reason: str | None, rival: str | None) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            author = author.after(book.last_move(sale))
            return opportunities.lose(author, sale, book.funnel(sale.funnel), reason, rival, None)

        self._command("lose", decide)

    @rule(pick=picks, days=st.integers(-1, 40))
    def postpone(self, pick: int, days: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            until = author.today + timedelta(days=days)
            return opportunities.postpone(author.after(book.last_move(sale)), sale, until, "they asked to wait")

        self._command("postpone", decide)

    @rule(pick=picks, status=st.sampled_from(["waiting-for-client", "proposed", "in-review", "postponed"]))
    def say(self, pick: int, status: str) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            author = author.after(book.last_move(sale))
            return opportunities.set_status(author, sale, book.funnel(sale.funnel), status, None)

        self._command("opp status", decide)

    @rule(pick=picks)
    def reopen_sale(self, pick: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            sale = self._sale(book, pick)
            return opportunities.reopen(author.after(book.last_move(sale)), sale, book.funnel(sale.funnel), None)

        self._command("reopen", decide)

    @rule(pick=picks, again=st.booleans())
    def drop_or_reopen_lead(self, pick: int, again: bool) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            lead = self._lead(book, pick)
            author = author.after(book.last_move(lead))
            if again:
                return leads.reopen(author, lead, book.funnel(lead.funnel), None)
            return leads.drop(author, lead, "no answer", None)

        self._command("reopen" if again else "lead drop", decide)

    @rule(keep=picks, other=picks)
    def merge(self, keep: int, other: int) -> None:
        before = self.content["lead"]

        def decide(book: Book, author: Author) -> list[Change]:
            kept, gone = self._lead(book, keep), self._lead(book, other)
            later = max(book.last_move(kept), book.last_move(gone), key=lambda move: move.at)
            return leads.merge(author.after(later), kept, gone, book.belongings_of(gone.id), book.referred_by(gone.id))

        fails = self.fails_after is not None
        done = self._command("lead merge", decide)
        there = [row[0] for row in before]
        assert done or fails or len(there) < 2 or keep % len(there) == other % len(there), "two leads cannot be joined"

    @rule(data=st.data(), kind=st.sampled_from(KINDS), policy=st.sampled_from([None, *POLICIES]), which=picks)
    def import_file(self, data: st.DataObject, kind: str, policy: str | None, which: int) -> None:
        funnel = FUNNELS[which % len(FUNNELS)]
        rows = data.draw(files[kind])
        there = [one.key for one in _funnel(funnel).walk if kind != "leads" or one.holds == "lead"] or [""]
        for row in rows:
            if row.get("stage", "").isdigit():
                row["stage"] = there[int(row["stage"]) % len(there)]
        if data.draw(picks) == 0:
            rows[0][data.draw(st.sampled_from([*COLUMNS[kind]]))] = data.draw(wrong_cells)
        text = io.StringIO()
        out = csv.DictWriter(text, COLUMNS[kind])
        out.writeheader()
        out.writerows(rows)
        match = data.draw(st.sampled_from([None, "key", "email"])) if kind == "leads" else None
        said = Declared(kind, funnel, match=match, on_duplicate=policy, surveyed=True)

        def do(book: Book, author: Author, *, straight: bool) -> bool:
            problems = Problems()
            with self._failing():
                sheet = open_sheet(io.BytesIO(text.getvalue().encode()), "rows.csv", problems, said)
                columns = map_columns(sheet.header, said.columns, kind)
                task = task_of(said, columns, book.funnel, book.region, self.now, author.at)
                taken = take_in(
                    book, author, sheet, task, problems, name="rows.csv", command="import",
                    logged_at=instant(self.now), straight=straight,
                )  # fmt: skip
            return taken.operation is not None

        before = self.content
        try:
            written = self._write(partial(do, straight=True))
        except NotAllNew:
            written = self._write(partial(do, straight=False))
        if written:
            there = [len(content[table]) for content in (before, self.content) for table in ("lead", "opportunity")]
            assert there[:2] <= there[2:], "an import deletes nothing"

    @rule(old=st.sampled_from(FUNNELS), new=st.sampled_from(FUNNELS), to=picks)
    def migrate_funnel(self, old: str, new: str, to: int) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            before = remembered(book, old)
            if before is None:
                raise FunnelctlError("nobody stands there")
            design, standing = book.funnel_after(old, new), live_stages(book, old)
            wanted = {}
            for key in standing:
                was = before.stage(key)
                targets = [one.key for one in design.walk if was and one.holds == was.holds]
                if targets:
                    wanted[key] = targets[to % len(targets)]
            found = destinations(before, design, standing, wanted)
            theirs, sales = live_records(book, old)
            last = {record.ref: book.last_move(record) for record in (*theirs, *sales)}
            return moved(author, theirs, sales, found, last)

        self._command("funnel migrate", decide)

    @rule(name=st.sampled_from([*SETTINGS, "colour"]), value=st.sampled_from(["", "ES", "jm-sports", "nowhere"]))
    def configure(self, name: str, value: str) -> None:
        def decide(book: Book, author: Author) -> list[Change]:
            if name == "funnel" and value:
                book.funnel(value)
            return put(author, book.setting(name), name, checked_setting(name, value) if value else None)

        self._command("config set", decide)

    @rule(pick=picks)
    def forget_lead(self, pick: int) -> None:
        """Figures stay; whoever it was is gone from what was done before, too, and from what undo brings back."""

        def do(book: Book, author: Author) -> bool:
            lead = self._lead(book, pick)
            with self._failing():
                forget(self.conn, person_of(self.conn, lead.id), author.at, author.by)
            return False

        before = self.content
        if self._write(do, for_good=True):
            self.forgot = True
            assert self._figures(self.content) == self._figures(before)

    @rule(days=st.sampled_from([1, 1, 7, 30, -3]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def undo(self) -> None:
        self._turn(turning.undo, self.done, self.undone, 0)

    @rule()
    def redo(self) -> None:
        self._turn(turning.redo, self.undone, self.done, 1)

    def _turn(self, turn: Turn, steps: list[Step], others: list[Step], side: int) -> None:
        """Take back or repeat the last of ``steps``, which gives what it has on that ``side``."""
        try:
            with Transaction(self.conn, "IMMEDIATE", _nobody), self._failing():
                operation = turn(self.conn, instant(self.now), "tester")
        except sqlite3.OperationalError as error:
            assert str(error) == "interrupted"
            assert self._content() == self.content, "what failed midway has changed something"
            return
        self.content = self._content()
        assert (operation is None) is (not steps)
        if steps:
            step = steps.pop()
            others.append(step)
            assert self._same(self.content, step[side])

    # --- what always holds

    @invariant()
    def every_reference_resolves(self) -> None:
        assert self.conn.execute("PRAGMA foreign_key_check").fetchall() == []

    @invariant()
    def a_record_stands_where_its_last_move_has_put_it(self) -> None:
        made = [Move._make(row) for row in self.content["move"]]
        for row in self.content["lead"]:
            lead = Lead._make(row)
            own = [move for move in made if move.lead_id == lead.id]
            assert (own[-1].funnel, own[-1].to_stage, own[-1].state) == (lead.funnel, lead.stage, lead.state)
            assert lead.entered_at in {move.at for move in own if move.kind in ("enter", "advance", "back")}
            closing = {move.at for move in own if move.state != "open" and move.kind != "merge"}
            assert lead.closed_at in closing if lead.closed_at else lead.state == "open"
            assert lead.referred_by != lead.id
        for row in self.content["opportunity"]:
            sale = Opportunity._make(row)
            own = [move for move in made if move.opportunity_id == sale.id]
            assert (own[-1].funnel, own[-1].to_stage, own[-1].state) == (sale.funnel, sale.stage, sale.outcome)
            assert [move.at for move in own] == sorted(move.at for move in own)
            assert sale.created_at == own[0].at
            enters = [
                move.at for move in own if move.kind in ("enter", "advance", "back", "reopen") or _closes_at(move)
            ]
            assert sale.entered_at == enters[-1]
            if sale.outcome != "open":
                assert sale.closed_at == [move.at for move in own if move.kind in ("win", "lose")][-1]

    @invariant()
    def a_passage_begins_where_the_one_before_has_ended(self) -> None:
        made = [Move._make(row) for row in self.content["move"]]
        for sale in self.content["opportunity"]:
            own = [move for move in made if move.opportunity_id == sale[0]]
            assert own[0].kind == "enter"
            assert [move.from_stage for move in own] == [None, *[move.to_stage for move in own[:-1]]]

    @invariant()
    def an_opportunity_is_all_of_a_piece(self) -> None:
        for row in self.content["opportunity"]:
            sale = Opportunity._make(row)
            funnel = _funnel(sale.funnel)
            stage, furthest = funnel.stage(sale.stage), funnel.stage(sale.furthest)
            assert stage is not None
            assert furthest is not None
            assert stage.holds == "opportunity"
            assert not stage.sleeping
            assert furthest.position >= stage.position
            assert (sale.value_minor is None) is (sale.currency is None)
            assert (sale.closed_at is None) is (sale.outcome == "open")
            assert sale.reason is None or sale.outcome == "lost"  # a file may leave open why
            assert sale.outcome == "open" or (sale.postponed_until is None and sale.status is None)
        owners = {row[Opportunity._fields.index("lead_id")] for row in self.content["opportunity"]}
        clients = {row[0] for row in self.content["lead"] if Lead._make(row).state == "converted"}
        assert owners <= clients, "whoever has an opportunity is a client"

    @invariant()
    def the_book_as_of_today_is_the_book(self) -> None:
        with Transaction(self.conn, "DEFERRED", _nobody) as transaction:
            transaction.discard = True
            book = Book(self.conn, Shelf(), writable=False)
            of_sales, of_leads = relations(book, "9999")
            for columns, rebuilt, table in (
                (OF_MOVES, of_sales, "opportunity"), (OF_LEAD_MOVES, of_leads, "lead"),
            ):  # fmt: skip
                ordered = f"SELECT {columns} FROM {{}} ORDER BY id"
                assert book.all(ordered.format(rebuilt)) == book.all(ordered.format(table))

    # --- and in the end

    def _all_the_way_back_and_forth(self) -> None:
        last, steps, self.fails_after = self.content, 0, None
        while self.done:
            self.undo()
            steps += 1
        assert all(rows == [] for rows in self.content.values())
        self.undo()  # there is nothing more
        for _ in range(steps):
            self.redo()
        assert self._same(self.content, last)

    def _nothing_is_found_wrong(self) -> None:
        path = os.path.join(self.directory, "book.db")
        findings = [result for result in check_book(path, _nobody, lambda check: None) if result.status != "ok"]
        assert findings == []

    @rule()
    def _every_report(self) -> None:
        now = instant(self.now)
        screen = Screen(False, 80, False, True)
        for end in (None, instant(self.now - timedelta(days=5))):
            with Transaction(self.conn, "DEFERRED", _nobody) as transaction:
                transaction.discard = True
                book = Book(self.conn, Shelf(), writable=False)
                overview.asked(book, Asked(now, end, None, None, None, "es"))
        with Transaction(self.conn, "DEFERRED", _nobody):
            book = Book(self.conn, Shelf(), writable=False)
            overview.asked(book, Asked(now, None, "2026-03-05T00:00:00Z", now, "jm-sports", "id"))
            tables = [lead_rows.listed(book, lead_rows.Filter((), search="a", tag="vip"), now, "en")]
            tables += [
                lead_rows.listed(book, lead_rows.Filter((), order=order), now, "en") for order in lead_rows.ORDERS
            ]
            for order in opportunity_rows.ORDERS:
                wanted = opportunity_rows.Filter((), order=order, reverse=True, limit=3)
                tables.append(opportunity_rows.listed(book, wanted, now, "en"))
            tables.append(operations.listed(book, None))
            for row in self.content["opportunity"][:3]:
                sale = Opportunity._make(row)
                tables += [moves.of(book, sale, "en"), operations.of_record(book, sale, None)]
        for number, table in enumerate(tables):
            text = written(Answer("report", table), FORMATS[number % len(FORMATS)], screen)
            assert text.endswith("\n") or not table.rows


def _run(examples: int, steps: int) -> None:
    try:
        run_state_machine_as_test(
            Consultant,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
    finally:
        shutil.rmtree(_empty_book().parent)
        _empty_book.cache_clear()


def test_p38_whatever_is_done_the_book_stays_a_book() -> None:
    _run(examples=80, steps=40)


def test_p38_writings_do_fail_in_their_middle() -> None:
    """What the law of failures rests on: of one command, some failures come after its first row was written."""
    consultant = Consultant()
    try:
        consultant.begin()
        written_before = set()
        for steps in range(0, 400, 7):
            rows = consultant.conn.total_changes
            consultant.the_next_writing_fails(steps)
            if consultant._command(
                "nothing", lambda book, author: leads.edit(consultant._lead(book, 0), {"note": "x"})
            ):
                break
            written_before.add(consultant.conn.total_changes - rows)
        assert len(consultant.done) == 10, "in the end it was done"
        assert {0, 1, 2} <= written_before
    finally:
        consultant.teardown()


@pytest.mark.slow
def test_p38_whatever_is_done_at_length() -> None:
    _run(examples=1000, steps=60)
