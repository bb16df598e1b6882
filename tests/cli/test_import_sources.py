"""Files as other programs write them, with invented people: recognised, and read as they are meant there."""

from __future__ import annotations

from typing import Any

import pytest

from commandline import Cli, Said


def taken(call: Cli, text: str | bytes, options: str = "") -> Said:
    (call.home / "file.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    said = call(f"import file.csv {options}")
    assert call(f"import file.csv {options}").out.startswith("nothing to change")
    call("db check")
    return said


def sales(call: Cli, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(row[field] for field in fields) for row in call.rows("opp list --all")]


def people(call: Cli, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(row[field] for field in fields) for row in call.rows("lead list --all")]


def test_pipedrive_in_other_languages(call: Cli) -> None:
    said = taken(
        call,
        "Negócio - ID;Negócio - Título;Negócio - Organização;Negócio - Etapa;Negócio - Status;Negócio - Ganho em;"
        "Negócio - Data de perda;Negócio - Negócio criado em\n"
        "1;Site;Acme;Proposta feita;Aberto;;;2025-01-02 10:00:00\n"
        "2;Curso;Bravo;Qualificado;Perdido;;2025-03-04 09:00:00;2025-01-03 10:00:00\n"
        "3;Oficina;Acme;Qualificado;Ganho;2025-05-06 08:00:00;;2025-01-04 10:00:00\n",
    )
    assert "recognised Pipedrive deals" in said.err
    assert sales(call, "title", "client", "stage", "outcome", "created_at", "closed_at") == [
        ("Site", "Acme", "proposal", "open", "2025-01-02T10:00:00Z", None),
        ("Curso", "Bravo", "request", "lost", "2025-01-03T10:00:00Z", "2025-03-04T09:00:00Z"),
        ("Oficina", "Acme", "agreement", "won", "2025-01-04T10:00:00Z", "2025-05-06T08:00:00Z"),
    ]


@pytest.mark.parametrize("at", ["am", "um"])
def test_pipedrive_in_german_with_the_moments_of_winning_and_losing(call: Cli, at: str) -> None:
    said = taken(
        call,
        f"Deal - ID,Deal - Titel,Deal - Phase,Deal - Status,Deal - Deal erstellt,Deal - Gewonnen {at},"
        f"Deal - Verloren {at},Deal - Kontaktperson,Person - E-Mail - Arbeit,Person - Telefon - Arbeit\n"
        "1,Kurs,Qualifiziert,Gewonnen,2025-01-03 10:00:00,2025-03-04 09:00:00,,Ada,a@x.org,+49 30 901820\n"
        "2,Audit,Qualifiziert,Verloren,2025-01-03 10:00:00,,2025-05-06 08:00:00,Zoe,z@x.org,\n",
    )
    assert "left out" not in said.err
    assert sales(call, "key", "outcome", "closed_at") == [
        ("1", "won", "2025-03-04T09:00:00Z"), ("2", "lost", "2025-05-06T08:00:00Z"),
    ]  # fmt: skip
    assert people(call, "name", "email", "phone") == [("Ada", "a@x.org", "+49 30 901820"), ("Zoe", "z@x.org", None)]


@pytest.mark.parametrize(
    ("who", "name", "email", "phone", "owner"),
    [
        ("Person", "Name", "E-Mail - Arbeit", "Telefon - Arbeit", "Besitzer"),
        ("Persona", "Nombre", "Correo electrónico - Trabajo", "Teléfono - Trabajo", "Propietario"),
        ("Personne", "Nom", "E-mail", "Téléphone", "Propriétaire"),
        ("Pessoa", "Nome", "E-mail", "Telefone - Trabalho", "Proprietário"),
    ],
)
def test_people_of_pipedrive_in_other_languages(
    call: Cli, who: str, name: str, email: str, phone: str, owner: str
) -> None:
    for more in (owner, email, phone):
        (call.home / "few.csv").write_text(f"{who} - {name},{who} - {more}\n,\n")
        assert "recognised Pipedrive people by " in call("import few.csv --dry-run").err
    taken(call, f"{who} - {name},{who} - {email},{who} - {phone},{who} - {owner}\nAda,a@x.org,+49 30 901820,Max\n")
    assert people(call, "name", "email", "phone") == [("Ada", "a@x.org", "+49 30 901820")]


def test_hubspot_deals(call: Cli) -> None:
    taken(
        call,
        "\ufeffRecord ID,Deal Name,Deal Stage,Amount,Currency,Close Date,Create Date,Closed Lost Reason,"
        "Associated Contact,Associated Company\n"
        "901,New site,Contract Sent (Sales Pipeline),2500,EUR,2026-12-31 23:59,2025-05-02 09:00,,"
        "Dana (dana@acme.example);Peter,Acme\n"
        "902,,closedlost,,,2025-02-11 17:45,2024-12-01 10:00,Timing;Budget,,Globex\n",
    )
    assert sales(call, "key", "title", "client", "stage", "outcome", "reason", "expected_close", "closed_at") == [
        ("901", "New site", "Dana", "agreement", "open", None, "2026-12-31", None),
        ("902", "902", "Globex", "request", "lost", "timing", None, "2025-02-11T17:45:00Z"),
    ]
    assert people(call, "name", "company", "email") == [("Dana", "Acme", "dana@acme.example"), ("Globex", None, None)]
    assert sales(call, "note") == [("other contact: Peter",), ("other reason: Budget",)]


def test_a_salesforce_report(call: Cli) -> None:
    said = taken(
        call,
        '"Opportunity Name","Account Name","Amount","Amount Currency","Close Date","Stage","Probability (%)"\n'
        '"Caf\xe9","Acme","1200.50","USD","2026-12-31","Proposal/Price Quote","65"\n'
        '"Old","Acme","","EUR","2025-01-08","Closed Lost","0"\n'
        '\n"Grand Totals (2 records)"\n\n"Confidential Information - Do Not Distribute"\n'
        '"Copyright \xa9 2000-2025 salesforce.com, inc. All rights reserved."\n'.encode("latin-1"),
        "--at 2024-06-01",
    )
    assert "read as cp1252, for it is not UTF-8" in said.err
    assert 'the table ends above line 5: "Grand Totals (2 records)" and 2 more left out' in said.err
    assert sales(call, "title", "client", "stage", "outcome", "probability", "value") == [
        ("Café", "Acme", "proposal", "open", 0.65, {"minor": 120050, "currency": "USD"}),
        ("Old", "Acme", "request", "lost", None, None),
    ]


@pytest.mark.parametrize(
    ("header", "total"),
    [
        ("Opportunity-Name;Accountname;Betrag;Schlusstermin;Phase", "Gesamtsummen (1 Datensätze)"),
        (
            "Nombre de la oportunidad;Nombre de la cuenta;Importe;Fecha de cierre;Etapa",
            "Totales generales (1 registro)",
        ),
        ("Nom de l'opportunité;Nom du compte;Montant;Date de clôture;Étape", "Totaux généraux (1 enregistrement)"),
    ],
)
def test_a_salesforce_report_in_other_languages(call: Cli, header: str, total: str) -> None:
    row = "Kühlung;Müller;1.200,50;31.12.2026;Negotiation"
    said = taken(call, f"{header}\n{row}\n\n{total}\n".encode("cp1252"), "--at 2024-06-01 --currency EUR")
    assert "read as cp1252" in said.err
    assert sales(call, "title", "client", "stage", "expected_close", "value") == [
        ("Kühlung", "Müller", "agreement", "2026-12-31", {"minor": 120050, "currency": "EUR"}),
    ]


def test_salesforce_says_in_two_columns_what_is_closed(call: Cli) -> None:
    said = taken(
        call,
        '"Id","IsDeleted","AccountId","Name","StageName","CloseDate","IsClosed","IsWon","CreatedDate"\n'
        '"006A","0","001A","One","Negociación","2026-12-31","0","0","2025-04-02 09:15:00"\n'
        '"006B","0","001A","Two","Firma","2025-05-14","1","1","2025-03-20 10:00:00"\n'
        '"006C","1","001B","Gone","Closed Lost","2025-01-08","1","0","2024-11-05 11:11:11"\n'
        '"006D","0","001B","Four","Baja","2025-01-08","true","false","2024-11-05 11:11:11"\n',
        "--stage Firma=agreement --stage '*=request'",
    )
    assert '1 row left out: "IsDeleted" is "1"' in said.err
    assert sales(call, "key", "stage", "outcome") == [
        ("006A", "agreement", "open"), ("006B", "agreement", "won"), ("006D", "request", "lost"),
    ]  # fmt: skip
    assert people(call, "key") == [("001A",), ("001B",)]


def test_zoho_deals_of_both_generations(call: Cli) -> None:
    for name, number in (("Deal Name", "zcrm_1"), ("Potential Name", "7")):
        taken(
            call,
            f"Record Id,{name},Account Name,Closing Date,Stage,Lead Source,Created Time\n"
            f"{number},Audit,Acme,2025-01-08,Closed-Lost to Competition,-None-,2024-11-05 11:11:11\n",
        )
    assert sales(call, "key", "outcome", "source", "closed_at") == [
        ("zcrm_1", "lost", None, "2025-01-08T12:00:00Z"), ("deal-7", "lost", None, "2025-01-08T12:00:00Z"),
    ]  # fmt: skip


def test_zoho_leads_that_are_junk_and_yet_converted(call: Cli) -> None:
    taken(
        call,
        "LEADID,Last Name,Company,Lead Status,CONVERTED,Created Time\n1,Ada,A,Junk Lead,Yes,2025-01-01\n"
        "2,Bob,B,Junk Lead,No,2025-01-01\n3,Cy,C,Contacted,No,2025-01-01\n",
    )
    assert people(call, "key", "state", "tags") == [
        ("lead-1", "converted", ["Junk Lead"]), ("lead-2", "disqualified", ["Junk Lead"]),
        ("lead-3", "open", ["Contacted"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "lost", "archived"),
    [
        ("id,active,type,name,partner_name,stage_id,probability,expected_revenue,create_date", "False", "False"),
        ("External ID,Active,Type,Opportunity,Customer,Stage,Probability,Expected Revenue,Created on", "0", "FALSE"),
    ],
)
def test_what_is_lost_in_odoo_is_not_active_and_has_no_chance(call: Cli, header: str, lost: str, archived: str) -> None:
    said = taken(
        call,
        f"{header}\n1,True,Opportunity,Site,Acme,Proposition,45.0,12000.0,2025-04-02 09:15:00\n"
        f"2,{lost},Opportunity,Move,Ghost,New,0.0,0.0,2025-04-03 09:15:00\n"
        f"3,{archived},Opportunity,Audit,Globex,Won,100.0,35.5,2025-04-04 09:15:00\n"
        "4,True,Lead,News,,,1.0,0.0,2025-04-05 09:15:00\n",
    )
    assert sales(call, "key", "stage", "outcome") == [
        ("1", "proposal", "open"), ("2", "request", "lost"), ("3", "agreement", "won"),
    ]  # fmt: skip
    assert "1 row left out" in said.err
    assert "--preset odoo-leads" in said.err


def test_linkedin_connections(call: Cli) -> None:
    row = "Dana,Okafor,https://l.example/dana,dana@acme.example,Acme,CTO,15 Mar 2024\n"
    said = taken(
        call,
        'Notes:\n"When exporting your connection data, you may notice ..."\n\n'
        f"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n{row}{row}"
        ",,https://l.example/ghost,,Ghost Ltd,Founder,01 Jan 2020\n,,https://l.example/gone,,,,02 Jan 2020\n",
    )
    assert said.out == "created 2 leads, 1 skipped from 3 rows; undo takes it back\n"
    assert "1 row left out: nothing in First Name, Last Name, Company, Email Address" in said.err
    assert people(call, "name", "company", "source", "note", "created_at") == [
        ("Dana Okafor", "Acme", "LinkedIn", "CTO", "2024-03-15T12:00:00Z"),
        ("Ghost Ltd", None, "LinkedIn", "Founder", "2020-01-01T12:00:00Z"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Middle Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Value,"
        "E-mail 2 - Value,Phone 1 - Value",
        "Given Name,Name,Family Name,Organization 1 - Name,Organization 1 - Title,Group Membership,E-mail 1 - Value,"
        "E-mail 2 - Value,Phone 1 - Value",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_google_contacts_of_both_generations(call: Cli, header: str, encoding: str) -> None:
    middle = "Grace Hopper" if "Family Name" in header else "Brewster"
    said = taken(
        call,
        f"{header}\nGrace,{middle},Hopper,US Navy,Admiral,* myContacts ::: Clients,g@navy.example ::: h@navy.example,"
        "g@home.example,+1 202 555 0199 ::: +1 202 555 0142\n,,,,,* myContacts,,,\n".encode(encoding),
    )
    assert "1 row left out" in said.err
    name = "Grace Hopper" if "Family Name" in header else "Grace Brewster Hopper"
    assert people(call, "name", "company", "email", "phone", "tags") == [
        (name, "US Navy", "g@navy.example", "+1 202 555 0199", ["Clients"])
    ]
    assert people(call, "note") == [
        ("Admiral\nother e-mail: h@navy.example\nother e-mail: g@home.example\nother phone: +1 202 555 0142",)
    ]


def test_an_archive_of_linkedin_without_connections(call: Cli) -> None:
    notes = 'Notes:\n"When exporting your connection data, you may notice ..."\n\n'
    (call.home / "file.csv").write_text(
        f"{notes}First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    )
    assert call("import file.csv").out == "the file has no rows\n"
    (call.home / "file.csv").write_text(notes)
    said = call("import file.csv", 65)
    assert said.message == (
        "file.csv holds notes, and no table below them: there is nothing to import; nothing was saved"
    )


def test_a_notion_database(call: Cli) -> None:
    said = taken(
        call,
        "\ufeffName,Account,Expected close,Created,Stage,Tags\n"
        'Site,"Acme, Inc. (https://www.notion.so/Acme-0f?pvs=21), Bravo (https://www.notion.so/B-1)",'
        '2026-12-01 → 2026-12-03,2025-04-02,Proposal,"hot, new"\n'
        "Audit,Bravo (https://www.notion.so/B-1),2025-05-14 → 2025-05-16,2025-03-20 → 2025-03-22,Won 🎉,\n"
        "Untitled,,,,,\n",
    )
    assert '1 row left out: "Name" is "Untitled"' in said.err
    assert "of a range of days (→) the start is the day of creation, and the end that of closing\n" in said.err
    assert sales(call, "title", "client", "expected_close", "created_at", "closed_at", "outcome", "note") == [
        ("Site", "Acme, Inc.", "2026-12-03", "2025-04-02T12:00:00Z", None, "open", "other company: Bravo"),
        ("Audit", "Bravo", None, "2025-03-20T12:00:00Z", "2025-05-16T12:00:00Z", "won", None),
    ]


def test_hubspot_activities(call: Cli) -> None:
    call("lead add Dana --email dana@acme.example")
    taken(
        call,
        "Activity ID,Activity Type,Activity Date,Notes/Description,Call/Meeting Title/Subject,"
        "Associated Contact Email\nA1,Call,2025-07-14,Asked for a price,Price,dana@acme.example;x@acme.example\n",
    )
    [activity] = call.json("lead show Dana")["activities"]
    assert (activity["kind"], activity["text"]) == ("call", "Price\nAsked for a price\nother e-mail: x@acme.example")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Kunde;Angebot;Phase;Status\nAcme;Audit;Angebot versendet;Offen\nBravo;Kurs;Gewonnen;Gewonnen\n", "German"),
        ("Client;Affaire;Étape;Statut\nAcme;Audit;Proposition envoyée;En cours\nBravo;Kurs;Gagné;Gagné\n", "French"),
        ("Cliente;Proyecto;Etapa;Estado\nAcme;Audit;Propuesta enviada;En curso\nBravo;Kurs;Ganada;Ganado\n", "Spanish"),
        ("Klien;Proyek;Tahap;Hasil\nAcme;Audit;Penawaran dikirim;Berjalan\nBravo;Kurs;;Menang\n", "Indonesian"),
    ],
)
def test_sheets_kept_by_hand_in_other_languages(call: Cli, text: str, named: str) -> None:
    assert f"recognised a sheet with {named} columns" in taken(call, text).err
    assert sales(call, "title", "client", "stage", "outcome") == [
        ("Audit", "Acme", "proposal", "open"), ("Kurs", "Bravo", "agreement", "won"),
    ]  # fmt: skip


def test_a_sheet_with_a_title_and_a_total(call: Cli) -> None:
    said = taken(
        call,
        "Pipeline 2025,,\n,,\nClient,What,Status\nAcme,Site,proposal sent\nBravo,Course,WON!!\nTOTAL,,,extra\n",
        "--footer Total",
    )
    assert 'above it stands "Pipeline 2025", which is left out' in said.err
    assert sales(call, "title", "client", "stage", "outcome") == [
        ("Site", "Acme", "proposal", "open"), ("Course", "Bravo", "agreement", "won"),
    ]  # fmt: skip


ODOO = "id,type,name,contact_name,partner_name,email_from,stage_id,probability,expected_revenue"
ASKED, SOLD = "e.1,Lead,Ask,Ada,Acme,ada@a.org,,10,0", "e.2,Opportunity,Audit,Zoe,Beta,zoe@b.org,Qualified,45,120"


def test_an_odoo_file_of_leads_alone_is_one_of_leads(call: Cli) -> None:
    said = taken(call, f"{ODOO}\n{ASKED}\n", "--currency EUR")
    assert said.err.startswith("recognised Odoo leads by ")
    assert people(call, "name", "company", "note") == [("Ada", "Acme", "Ask")]
    assert call.rows("opp list --all") == []


def test_an_odoo_file_of_both_is_one_of_opportunities_and_tells_how_its_leads_come_in(call: Cli) -> None:
    said = taken(call, f"{ODOO}\n{ASKED}\n{SOLD}\n", "--currency EUR")
    assert said.err.startswith("recognised Odoo opportunities by ")
    assert "rows of the type Lead are leads, which --preset odoo-leads takes in\n" in said.err
    assert '1 row left out: "type" is "Lead"\n' in said.err
    assert sales(call, "title", "client", "stage") == [("Audit", "Zoe", "request")]
    said = taken(call, f"{ODOO}\n{ASKED}\n{SOLD}\n", "--as leads")
    assert "rows of the type Opportunity are opportunities, which --preset odoo-opportunities takes in\n" in said.err
    assert '1 row left out: "type" is "Opportunity"\n' in said.err
    assert people(call, "name") == [("Zoe",), ("Ada",)]


@pytest.mark.parametrize("only", ["Lead", "Opportunity"])
def test_odoo_by_labels_calls_the_name_of_a_lead_an_opportunity_too(call: Cli, only: str) -> None:
    said = taken(call, f"Created on,Opportunity,Contact Name,Email,Type\n2025-04-02,Audit,Ada,ada@a.org,{only}\n")
    is_lead = only == "Lead"
    assert f"recognised Odoo {'leads' if is_lead else 'opportunities'} by " in said.err
    assert people(call, "name", "note") == [("Ada", "Audit" if is_lead else None)]
    assert sales(call, "title") == ([] if is_lead else [("Audit",)])
