from __future__ import annotations

import pytest

from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.fields import FIELDS, usual_names, word_of
from funnelctl.errors import BadData, Usage


def mapped(header: str, kind: str = "opportunities", **said: str) -> dict[str, str]:
    columns = map_columns(tuple(header.split(",")), said, kind)
    return {field: columns.header[place] for field, place in columns.places.items()}


@pytest.mark.parametrize("kind", ["leads", "opportunities"])
def test_columns_that_bear_the_names_of_fields_map_by_themselves(kind: str) -> None:
    columns = map_columns(FIELDS[kind], {}, kind)
    assert columns.places == {field: place for place, field in enumerate(FIELDS[kind])}
    assert columns.unmapped == ()


@pytest.mark.parametrize("kind", ["leads", "opportunities"])
def test_a_usual_name_means_one_field_and_every_field_is_called_by_itself(kind: str) -> None:
    names = usual_names(kind)
    for field in FIELDS[kind]:
        assert names[word_of(field)][0] == field


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date", "key title stage value close created"),
        ("Deal - ID,Deal - Title,Deal - Value,Deal - Currency of value", "key title value currency"),
        ("deal_name,DEAL-AMOUNT,  Closed Lost Reason ", "title value reason"),
        ("Opportunity Name,Account Name,Probability (%),Expected Close", "title client_company probability close"),
        ("title,client,expected_close,created_at,closed_at", "title lead close created closed"),
        ("Client*,E-mail,Organisation", "lead client_email client_company"),
    ],
)
def test_usual_names_of_other_programs(header: str, fields: str) -> None:
    found = mapped(header)
    assert sorted(found) == sorted(fields.split())
    assert sorted(found.values()) == sorted(header.split(","))


def test_usual_names_of_leads() -> None:
    assert mapped("Full Name,E-mail Address,Mobile,Lead Source,Lead Status,Account", "leads") == {
        "name": "Full Name", "email": "E-mail Address", "phone": "Mobile", "source": "Lead Source",
        "stage": "Lead Status", "company": "Account",
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Datum,Kontakt,Art,Notiz",
        "Fecha,Cliente,Tipo,Nota",
        "Date,Interlocuteur,Activité,Remarque",
        "Tanggal,Klien,Jenis,Catatan",
    ],
)
def test_usual_names_of_activities_in_other_languages(header: str) -> None:
    assert list(mapped(header, "activities")) == ["at", "lead", "kind", "text"]


@pytest.mark.parametrize("header", ["key,Etapa,Fecha", "key,Phase,Datum", "key,Étape,Date", "key,Tahap,Tanggal"])
def test_usual_names_of_moves_in_other_languages(header: str) -> None:
    assert sorted(mapped(header, "moves")) == ["at", "key", "stage"]


def test_what_is_said_wins_and_is_found_in_any_spelling() -> None:
    assert mapped("name,Nick", "leads", nick="name") == {"name": "Nick"}
    assert mapped("Deal Name,Worth", deal_name="note", worth="value", **{"Deal Name": "title"}) == {
        "title": "Deal Name",
        "note": "Deal Name",
        "value": "Worth",
    }


@pytest.mark.parametrize("nothing", ["", "-"])
def test_a_column_that_is_left_out_on_purpose_is_not_told(nothing: str) -> None:
    columns = map_columns(("name", "note", "shoe size"), {"note": nothing}, "leads")
    assert columns.places == {"name": 0}
    assert columns.unmapped == ("shoe size",)


def test_of_two_columns_for_a_field_the_better_name_wins_and_the_other_is_told() -> None:
    columns = map_columns(("lead", "client", "title"), {}, "opportunities")
    assert columns.places == {"lead": 1, "title": 2}
    assert columns.unmapped == ("lead",)


def test_two_columns_with_the_same_usual_name_are_for_the_user_to_tell_apart() -> None:
    with pytest.raises(Usage, match="are both mapped to email") as caught:
        map_columns(("name", "E-mail", "email"), {}, "leads")
    assert caught.value.hint == "leave one of them out: --map 'email='"
    assert map_columns(("name", "E-mail", "email"), {"email": ""}, "leads").places == {"name": 0, "email": 1}
    with pytest.raises(Usage, match="are both mapped to name"):
        map_columns(("a", "b"), {"a": "name", "b": "name"}, "leads")


def test_a_column_and_a_field_that_there_are_not() -> None:
    with pytest.raises(Usage, match='no column "nmae"') as missing:
        map_columns(("name", "email"), {"nmae": "name"}, "leads")
    assert '"name", "email"' in missing.value.hint
    with pytest.raises(Usage, match='no field "emial"') as unknown:
        map_columns(("name", "email"), {"email": "emial"}, "leads")
    assert "did you mean email?" in unknown.value.hint
    with pytest.raises(Usage, match='leads have no field "value"'):
        map_columns(("name", "worth"), {"worth": "value"}, "leads")


@pytest.mark.parametrize(("kind", "hint"), [("leads", "--map COLUMN=name"), ("opportunities", "--map COLUMN=title")])
def test_a_file_that_does_not_say_what_its_records_are_called(kind: str, hint: str) -> None:
    with pytest.raises(BadData) as caught:
        map_columns(("colour", "size"), {}, kind)
    assert '"colour", "size"' in caught.value.message
    assert hint in caught.value.hint


def test_of_columns_called_the_same_it_must_be_said_which() -> None:
    header = "Name,E-mail,E-mail (2)"
    with pytest.raises(BadData, match='several columns are called "E-mail"') as caught:
        mapped(header, "leads")
    assert caught.value.hint == ("--map 'E-mail=email' takes the first, --map 'E-mail (2)=email' the second")
    assert mapped(header, "leads", **{"E-mail (2)": "email"})["email"] == "E-mail (2)"
    assert mapped(header, "leads", **{"E-mail": "email"})["email"] == "E-mail"
    assert mapped("Name,x,x (2)", "leads") == {"name": "Name"}
