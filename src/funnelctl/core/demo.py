"""A plausible year of a solo consultant, as deeds in the order of their days: for ``funnelctl demo``.

The same for everybody and on every day but for its dates, so that what the README shows is what people see. All people
and companies are invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

CLIENTS = (
    ("Ingrid Solheim", "Fjordlys Energi", "referral"),
    ("Marco Bellini", "Bellini Ceramiche", "event"),
    ("Dewi Lestari Putri", "Koperasi Harapan", "referral"),
    ("Hannah Krüger", "Krüger Logistik", "website"),
    ("Tomás Iriarte", "Bodegas Iriarte", "referral"),
    ("Aoife Brennan", "Brennan & Daughters", "linkedin"),
    ("Samuel Okonjo", "Okonjo Medical", "event"),
    ("Lucía Ferrer", "Ayuntamiento de Vall", "tender"),
    ("Pieter van Dael", "Van Dael Bouw", "website"),
    ("Yuki Tanabe", "Tanabe Trading", "linkedin"),
    ("Clara Novak", "Novak Textil", "referral"),
    ("Budi Santoso", "CV Sinar Laut", "event"),
    ("Élodie Marchand", "Atelier Marchand", "website"),
    ("Rafael Quintero", "Quintero Abogados", "referral"),
    ("Greta Lindholm", "Lindholm Papper", "linkedin"),
    ("Owen Pritchard", "Pritchard Farms", "website"),
    ("Nadia Haddad", "Haddad Pharma", "event"),
    ("Jonas Weiss", "Weiss Optik", "referral"),
    ("Carmen Robledo", "Clínica Robledo", "tender"),
    ("Arthur Penrose", "Penrose Trust", "linkedin"),
    ("Siti Rahmawati", "Batik Rahma", "referral"),
    ("Viktor Dragan", "Dragan Motors", "website"),
    ("Maite Elorza", "Elorza Ingeniería", "referral"),
    ("Frida Holm", "Holm Design", "event"),
)
SERVICES = (
    ("process audit", 4800),
    ("strategy workshop", 2600),
    ("data migration", 14500),
    ("monthly advice", 9600),
    ("team training", 3900),
    ("market study", 11200),
)
COMPETITORS = ("Northbridge Partners", "Delta & Sons", "in-house team")
LOSSES = ("price", "competitor", "no-decision", "timing", "no-budget", "not-a-fit")
DROPS = ("not-a-fit", "no answer", "too small")


class Deed(NamedTuple):
    """One command on one day. ``who`` is the number of the client, ``which`` the number of the opportunity."""

    day: date
    verb: str  # lead | drop | request | advance | win | lose | postpone
    who: int
    which: int
    words: dict[str, Any]


def year(today: date, chance: Random) -> list[Deed]:
    """The deeds of the year up to ``today``, oldest first."""
    deeds: list[Deed] = []
    which = 0
    for who, (name, company, source) in enumerate(CLIENTS):
        arrives = today - timedelta(days=352 - who * 15 + chance.randrange(7))
        deeds.append(Deed(arrives, "lead", who, -1, {"name": name, "company": company, "source": source}))
        contacted = arrives + timedelta(days=2 + chance.randrange(12))
        met = chance.random()
        if met > 0.9:
            continue  # nobody has answered yet
        if met < 0.15:
            deeds.append(Deed(contacted, "drop", who, -1, {"reason": chance.choice(DROPS)}))
            continue
        for visit in range(1 + chance.randrange(3)):  # repeat business is the core of a consultancy
            starts = contacted + timedelta(days=visit * (40 + chance.randrange(50)))
            deeds += _sale(starts, who, which, today, chance)
            which += 1
    return sorted((deed for deed in deeds if deed.day <= today), key=lambda deed: deed.day)


def _sale(starts: date, who: int, which: int, today: date, chance: Random) -> list[Deed]:
    service, usual = chance.choice(SERVICES)
    value = round(usual * (0.7 + 0.8 * chance.random()) / 100) * 100
    words = {"title": service.capitalize(), "service": service, "value": f"{value} EUR"}
    proposed = starts + timedelta(days=4 + chance.randrange(12))
    agreed = proposed + timedelta(days=8 + chance.randrange(25))
    closed = agreed + timedelta(days=3 + chance.randrange(20))
    words["close"] = closed.isoformat()
    deeds = [Deed(starts, "request", who, which, words), Deed(proposed, "advance", who, which, {})]
    fate = chance.random()
    if fate < 0.45:
        return [*deeds, Deed(agreed, "advance", who, which, {}), Deed(closed, "win", who, which, {})]
    if fate < 0.75:
        reason = chance.choice(LOSSES)
        rival = chance.choice(COMPETITORS) if reason in ("price", "competitor") else None
        return [*deeds, Deed(agreed, "lose", who, which, {"reason": reason, "competitor": rival})]
    if fate < 0.88 and proposed > today - timedelta(days=120):
        until = today + timedelta(days=5 + chance.randrange(30))
        return [*deeds, Deed(proposed + timedelta(days=9), "postpone", who, which, {"until": until})]
    if proposed > today - timedelta(days=90):
        return [
            *deeds,
            Deed(agreed, "advance", who, which, {}),
        ]  # nobody has said no, nobody yes: it grows stale
    return [*deeds, Deed(closed, "lose", who, which, {"reason": "no-decision", "competitor": None})]
