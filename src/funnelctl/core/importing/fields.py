"""What a column can be mapped to, and the names under which other programs export it.

A name that is written another way (``Deal-Name``, ``deal_name *``) is the same name. Of two columns that mean one
field the name that stands first here wins (our own lists have a ``client``, by name, beside a ``lead``, by id); the
other one is told to be unmapped.
"""

from __future__ import annotations

# What people call the same in Spanish, German, French and Indonesian. Opportunities have presets of these languages.
_PERSON = (
    "contacto, persona de contacto, cliente, ansprechpartner, ansprechpartnerin, kontakt, kontaktperson, kunde,"
    " interlocuteur, interlocutrice, kontak, klien, pelanggan"
)
_EMAIL = "correo, correo electrónico, dirección de correo electrónico, e-mail-adresse, adresse e-mail, courriel, surel"
_PHONE = "teléfono, móvil, celular, telefon, telefonnummer, handy, téléphone, portable, telepon, nomor telepon"
_STAGE = "etapa, fase, stufe, étape, tahap"
_DAY = "fecha, fecha y hora, datum, zeitpunkt, date et heure, tanggal, waktu"
_NOTE = (
    "nota, notas, observaciones, comentario, comentarios, notiz, notizen, bemerkung, bemerkungen, kommentar, remarque,"
    " remarques, commentaire, commentaires, catatan"
)

_LEADS = {
    "name": "name, full name, lead name, contact name, contact person, person name, lead, contact, person, client,"
    " nombre completo, nombre y apellidos, nama, nama lengkap, nom complet",
    "first_name": "first name, given name, forename, person first name, nombre, vorname, prénom, nama depan",
    "last_name": "last name, family name, surname, person last name, apellido, apellidos, nachname, nom,"
    " nom de famille, nama belakang",
    "company": "company, company name, organisation, organization, organisation name, organization name, account name,"
    " account, person organization, empresa, organización, firma, unternehmen, entreprise, société, perusahaan",
    "email": f"email, e-mail, email address, e-mail address, mail, person email, person email work, {_EMAIL}",
    "phone": f"phone, phone number, telephone, mobile, mobile phone, person phone, person phone work, {_PHONE}",
    "source": "source, lead source, original source, origin, channel, deal lead source, origen, fuente,"
    " quelle, herkunft, sumber",
    "note": f"note, notes, description, comment, comments, remarks, {_NOTE}",
    "tags": "tags, tag, labels, label, person label, etiqueta, etiquetas, étiquettes",
    "key": "key, external key, external id, lead id, contact id, record id, person id, id",
    "stage": f"stage, lead stage, lead status, status, phase, {_STAGE}",
    "state": "state, outcome",
    "reason": "reason, disqualified reason, lost reason, reason for loss",
    "created": "created, created at, create date, created date, created time, created on, date created, creation date,"
    " first contact, first contact date, added on, person created, fecha de creación, fecha de alta, creado, creado el,"
    " primer contacto, erstellt, erstellt am, angelegt am, erstkontakt, date de création, créé le, premier contact,"
    " tanggal dibuat, kontak pertama",
    "closed": "closed, closed at, closed date, closed on, date closed, converted at, converted date",
    "funnel": "funnel",
}
_OPPORTUNITIES = {
    "title": "title, deal name, deal title, opportunity name, potential name, opportunity title, subject, project,"
    " opportunity, deal",
    "lead": "client, client name, customer, customer name, contact name, contact person, deal contact person, contact,"
    " lead, lead name",
    "client_email": "client email, contact email, customer email, associated contact email, email, e-mail,"
    " email address",
    "client_phone": "client phone, contact phone, customer phone, phone, phone number, telephone, mobile",
    "client_company": "client company, company, company name, account name, account, organisation, organization,"
    " organisation name, organization name, deal organization, associated company",
    "client_key": "client key, client id, contact id, customer id, account id, lead id, organization id",
    "value": "value, amount, deal value, deal amount, value amount, close value, total, price",
    "currency": "currency, currency code, amount currency, deal currency of value, currency of value,"
    " currency iso code",
    "service": "service, product, service name, product name",
    "stage": "stage, deal stage, sales stage, opportunity stage, stage name, phase, deal stage name",
    "outcome": "outcome, result, deal status, state",
    "status": "status",
    "reason": "reason, lost reason, loss reason, closed lost reason, reason for loss, deal lost reason",
    "competitor": "competitor, lost to, main competitor",
    "probability": "probability, win probability, deal probability",
    "close": "close, expected close, expected close date, deal expected close date, expected closing,"
    " expected closing date, close date, closing date",
    "created": "created, created at, create date, created date, created time, created on, date created, creation date,"
    " deal created, deal deal created, engage date, opened",
    "closed": "closed, closed at, closed date, closed on, date closed, actual close date",
    "note": "note, notes, description, comment, comments, remarks",
    "tags": "tags, tag, labels, label, deal label",
    "key": "key, external key, external id, deal id, opportunity id, record id, id",
    "source": "source, lead source, original source, origin, channel, deal lead source",
    "funnel": "funnel",
    "history": "history, stage history",
}
_ACTIVITIES = {
    "kind": "kind, activity type, type, activity, engagement type, tipo, tipo de actividad, actividad, art, typ,"
    " aktivität, type d'activité, activité, jenis, tipe, aktivitas, kegiatan",
    "at": "at, activity date, date, when, activity time, start time, call start time, start date time, timestamp,"
    f" created, created at, created time, create date, {_DAY}",
    "subject": "subject, title, call title, meeting title, call meeting title subject, activity subject, asunto,"
    " título, betreff, titel, objet, sujet, titre, judul, subjek",
    "text": "text, note, notes, notes description, description, body, content, comment, comments, call notes,"
    f" meeting notes, note content, details, {_NOTE}, texto, descripción, detalles, beschreibung, inhalt, texte,"
    " contenu, teks, keterangan",
    "key": "key, external key, external id, activity id, engagement id, call id, task id, event id, note id, record id,"
    " id",
    "lead": "lead, client, client name, customer, customer name, who, contact, contact name, contact person, person,"
    f" name, lead name, {_PERSON}, nombre, nom, nama",
    "client_email": f"client email, contact email, associated contact email, email, e-mail, email address, {_EMAIL}",
    "client_phone": f"client phone, contact phone, phone, phone number, telephone, mobile, {_PHONE}",
    "client_key": "client key, client id, contact id, customer id, lead id, person id",
    "opportunity": "opportunity, opportunity id, opportunity key, deal id, associated deal id, associated deal, deal,"
    " deal name, opportunity name, potential id, oportunidad, verkaufschance, opportunité, affaire, peluang",
}
_MOVES = {
    "key": "key, opportunity id, opportunity key, deal id, case id, case, case concept name, record id, external key,"
    " external id, card id, lead id, deal",
    "opportunity": "opportunity, ref",
    "stage": "stage, to, to stage, new stage, stage name, deal stage, sales stage, opportunity stage, phase, activity,"
    f" concept name, event, {_STAGE}",
    "outcome": "outcome, state, result",
    "at": "at, date, when, timestamp, time, time timestamp, changed at, change date, changed on, moved at, moved on,"
    " entered at, date entered, entered on, created date, created at, created time, event time, event date,"
    f" {_DAY}",
    "reason": "reason, lost reason, loss reason, closed lost reason, deal lost reason",
    "note": f"note, notes, description, comment, comments, {_NOTE}",
    "title": _OPPORTUNITIES["title"].removesuffix(", opportunity, deal"),
    **{
        field: _OPPORTUNITIES[field]
        for field in (
            "value", "currency", "service", "close", "lead", "client_email", "client_phone", "client_company",
            "client_key", "source", "funnel",
        )
    },
}  # fmt: skip
_NAMES = {"leads": _LEADS, "opportunities": _OPPORTUNITIES, "activities": _ACTIVITIES, "moves": _MOVES}

FIELDS: dict[str, tuple[str, ...]] = {kind: tuple(names) for kind, names in _NAMES.items()}


def word_of(name: str) -> str:
    """A column's name without what people write in different ways: case, spaces, punctuation."""
    from funnelctl.core.text import fold

    return "".join([char for char in fold(name) if char.isalnum()])


def usual_names(kind: str) -> dict[str, tuple[str, int]]:
    """The field that each usual name means, and its rank among the names of that field (0 is the first)."""
    names: dict[str, tuple[str, int]] = {}
    for field, usual in _NAMES[kind].items():
        for rank, name in enumerate(usual.split(",")):
            names.setdefault(word_of(name), (field, rank))
    return names
