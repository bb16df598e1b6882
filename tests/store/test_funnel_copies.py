"""The book's own copy of the funnel files: read instead of YAML, and as new as the files are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, shipped

from funnelctl.core.funnel import Funnel
from funnelctl.errors import BadData, Conflict, Invalid, NotFound
from funnelctl.store.funnels import check_filters, live_stages, remembered
from funnelctl.workspace.shelf import Shelf

STAGES = """\
  - {stage: hello, label: {en: Hello, es: Hola, id: Halo}, holds: lead, why: Somebody has said hello to us.}
  - {stage: offer, label: {en: Offer, es: Oferta, id: Penawaran}, holds: opportunity, why: They have our offer in hand.}
"""
LAST = (
    "  - {stage: deal, label: {en: Deal, es: Trato, id: Akad}, holds: opportunity, why: They have said yes in words.}\n"
)
MINE = """\
funnel: mine
label: {en: LABEL, es: Mío, id: Milikku}
stages:
STAGESlost_reasons: [price]
"""


class Files:
    """A directory of funnel files, and the book that uses them."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = tmp_path / "funnels"
        self.directory.mkdir()
        self.path = self.directory / "mine.yaml"
        monkeypatch.setenv("FUNNELCTL_FUNNELS", str(self.directory))
        self.desk = Desk(tmp_path / "funnel.db")
        self.desk.shelf = Shelf
        self._seconds = 1_700_000_000

    def write(self, label: str = "Mine", stages: str = STAGES + LAST) -> None:
        self.save(MINE.replace("LABEL", label).replace("STAGES", stages))

    def save(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")
        self._seconds += 1  # so that quick edits differ as slow ones do
        os.utime(self.path, (self._seconds, self._seconds))

    def written(self, key: str = "mine") -> Funnel:
        """The funnel as a command that writes sees it."""
        with self.desk.writing() as work:
            return work.book.funnel(key)

    def read(self, key: str = "mine") -> tuple[Funnel, list[str]]:
        """The funnel as a command that reads sees it, and what people are told beside it."""
        with self.desk.reading() as book:
            return book.funnel(key), book.notes

    def copied(self) -> Funnel | None:
        with self.desk.reading() as book:
            return remembered(book, "mine")

    def stand(self, stage: str = "offer") -> None:
        """Let a live opportunity stand in a stage of the funnel."""
        sale = self.desk.add_sale(self.desk.add_lead())
        self.desk.conn.execute("UPDATE opportunity SET funnel = 'mine', stage = ? WHERE id = ?", (stage, sale.id))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    found = Files(tmp_path, monkeypatch)
    found.write()
    return found


@pytest.mark.parametrize("key", ["consulting", "jm-sports", "jm-sports-consumer", "seven-states", "geosama"])
def test_a_copy_says_what_the_file_said(tmp_path: Path, key: str) -> None:
    desk = Desk(tmp_path / "funnel.db", shipped(key))
    with desk.writing() as work:
        work.book.funnel(key)
    with desk.reading() as book:
        assert book.funnel(key) == shipped(key)
        assert remembered(book, key) == shipped(key)


def test_reading_makes_no_copy_and_writing_does(files: Files) -> None:
    funnel, notes = files.read()
    assert funnel.label.en == "Mine"
    assert notes == []
    assert files.copied() is None
    assert files.written() == funnel
    assert files.copied() == funnel


def test_a_copy_outlives_its_file(files: Files) -> None:
    funnel = files.written()
    files.path.unlink()
    assert files.read() == (funnel, [])
    assert files.written() == funnel


def test_an_edited_file_is_read_at_once_and_copied_by_the_next_write(files: Files) -> None:
    files.written()
    files.write(label="Renamed")
    funnel, notes = files.read()
    assert (funnel.label.en, notes) == ("Renamed", [])
    before = files.copied()
    assert before is not None
    assert before.label.en == "Mine"
    assert files.written().label.en == "Renamed"
    assert files.copied() == funnel


def test_a_file_that_was_only_touched_is_the_same_funnel(files: Files) -> None:
    files.stand()
    funnel = files.written()
    files.write()
    assert files.read() == (funnel, [])
    assert files.written() == funnel


def test_p34_a_broken_file_stops_a_write_and_not_a_report(files: Files) -> None:
    funnel = files.written()
    files.save("funnel: mine\nstages: [oops\n")
    shown, notes = files.read()
    assert shown == funnel
    assert len(notes) == 1
    assert notes[0].startswith("the funnel 'mine' is shown as it was before: ")
    assert str(files.path) in notes[0]
    with pytest.raises(BadData):
        files.written()
    assert files.copied() == funnel


def test_a_broken_file_that_was_never_good_stops_a_report_too(files: Files) -> None:
    files.save("funnel: mine\nstages: [oops\n")
    with pytest.raises(BadData):
        files.read()


def test_a_file_that_lost_a_stage_in_which_records_stand_stops_a_write_and_not_a_report(files: Files) -> None:
    funnel = files.written()
    files.stand("offer")
    files.write(stages=STAGES.replace("stage: offer", "stage: quote") + LAST)
    shown, notes = files.read()
    assert shown == funnel
    assert notes == [
        "the funnel 'mine' is shown as it was before: the file of funnel 'mine' no longer has stages in which live"
        " records stand: offer (1)"
    ]
    with pytest.raises(Conflict, match=r"offer \(1\)") as refused:
        files.written()
    assert refused.value.hint == "say where they go: funnelctl funnel migrate mine mine --map offer=STAGE"
    assert files.copied() == funnel


def test_a_file_may_lose_a_stage_in_which_nothing_live_stands(files: Files) -> None:
    files.written()
    files.stand("offer")
    files.desk.conn.execute("UPDATE opportunity SET outcome = 'lost', closed_at = 'x'")
    files.write(stages=STAGES.replace("stage: offer", "stage: quote") + LAST)
    assert [stage.key for stage in files.written().stages] == ["hello", "quote", "deal"]


def test_records_that_are_about_to_move_may_stand_in_a_lost_stage(files: Files) -> None:
    files.written()
    files.stand("offer")
    files.write(stages=STAGES.replace("stage: offer", "stage: quote") + LAST)
    with files.desk.writing() as work:
        assert live_stages(work.book, "mine") == {"offer": 1}
        assert work.book.funnel_after("mine", "mine").stage("quote") is not None


def test_a_funnel_that_nobody_knows_is_not_found(files: Files) -> None:
    for sight in (files.read, files.written):
        with pytest.raises(NotFound, match="there is no funnel 'nope'"):
            sight("nope")


def test_a_refreshed_copy_is_nothing_to_undo(files: Files) -> None:
    files.desk.add_lead()
    files.written()
    files.write(label="Renamed")
    files.written()
    operations = files.desk.conn.execute("SELECT count(*) FROM operation").fetchone()
    assert operations == (1,)


def test_a_copy_that_was_taken_back_with_its_write_is_made_again(files: Files) -> None:
    with pytest.raises(ValueError, match="on purpose"), files.desk.writing() as work:
        raise ValueError(f"{work.book.funnel('mine').key}: on purpose")
    assert files.copied() is None
    assert files.written() == files.copied()


def test_a_list_is_asked_for_what_is_known_only(files: Files) -> None:
    files.written()
    files.desk.add_lead()
    with files.desk.reading() as book:
        check_filters(book, "mine", "offer")
        check_filters(book, "consulting", "enquiry")
        check_filters(book, "seven-states")  # there is a file of it, though nothing stands in it
        with pytest.raises(NotFound):
            check_filters(book, "nope")
        with pytest.raises(Invalid, match="no funnel in use has a stage 'ofer'") as refused:
            check_filters(book, None, "ofer")
    assert "offer" in refused.value.hint


ASK = """
import json, sys
from funnelctl.store.book import Book
from funnelctl.store.connection import Transaction, connect
from funnelctl.workspace.shelf import Shelf
conn = connect(sys.argv[1])
with Transaction(conn, sys.argv[2], lambda: None):
    label = Book(conn, Shelf(), writable=sys.argv[2] == "IMMEDIATE").funnel("mine").label.en
print(json.dumps([label, "yaml" in sys.modules]))
"""


def asked(files: Files, mode: str) -> list[object]:
    """The label of the funnel and whether YAML was loaded for it, in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(files.desk.path), mode], capture_output=True, text=True, check=True
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_yaml_is_read_when_a_file_has_changed_and_only_then(files: Files) -> None:
    assert asked(files, "IMMEDIATE") == ["Mine", True]
    assert asked(files, "IMMEDIATE") == ["Mine", False]
    assert asked(files, "DEFERRED") == ["Mine", False]
    files.write(label="Renamed")
    assert asked(files, "DEFERRED") == ["Renamed", True]
    assert asked(files, "IMMEDIATE") == ["Renamed", True]
    assert asked(files, "DEFERRED") == ["Renamed", False]
