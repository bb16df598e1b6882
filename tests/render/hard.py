"""Values that have broken other programs, and the answers made of them that every format has to bear."""

from __future__ import annotations

from funnelctl.core.money import Money
from funnelctl.core.table import Answer, Column, Table
from funnelctl.render.answer import Screen

PIPE = Screen(terminal=False, width=80, colour=False, unicode=True)
NARROW = Screen(terminal=True, width=80, colour=False, unicode=True)
WIDE = Screen(terminal=True, width=200, colour=False, unicode=True)
COLOUR = Screen(terminal=True, width=130, colour=True, unicode=True)
ASCII = Screen(terminal=True, width=130, colour=False, unicode=False)

TEXTS = (
    "[/]",
    "[red]x[/red] [link=http://evil]y[/link]",
    ":smile:",
    "\x1b[31mred\x1b[0m \x1b[2Jgone",
    "\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31mC1\x9b0m",
    "\x00nul\x07bell\x7fdel",
    "exe.\u202efdp\u202c ltr\u2066x\u2069",
    "zero\u200bwidth\ufeff",
    "line\u2028paragraph\u2029next\x85",
    "株式会社大林組",
    "👨‍👩‍👧 family",
    "Cafe\u0301 in NFD",
    'say "hi", then go',
    "two\nlines",
    "windows\r\nline",
    "lone\rreturn",
    "tab\there",
    '=HYPERLINK("http://evil","click")',
    "'=x",
    "'quoted'",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "-5",
    "+34600111222",
    "-2+3",
    "a|b||c",
    "</script><img src=x onerror=alert(1)>",
    "[a](http://evil) ![i](x) `c` *b* _i_ ~~s~~ &lt; $x$ https://evil www.evil.com",
    "back\\slash \\n \\",
    "long " + "0123456789" * 30,
    " space around ",
    "",
)

HARD = Answer(
    "lead list",
    Table(
        (Column("id", "id"), Column("name", "text"), Column("tags", "list"), Column("value", "money")),
        tuple(
            (f"L{number}", text, (text, "second"), Money(number * 100_050, "EUR"))
            for number, text in enumerate(TEXTS, 1)
        ),
        total=99,
    ),
    as_of="2026-11-23T10:00:00Z",
)

EVERY_KIND = Answer(
    "report",
    Table(
        (
            Column("id", "id"),
            Column("title", "text", "what"),
            Column("count", "int"),
            Column("age_days", "days", "age"),
            Column("win_rate", "ratio"),
            Column("due", "date"),
            Column("at", "instant"),
            Column("value", "money"),
            Column("fee", "money", screen=False),
            Column("totals", "moneys", machine=False),
            Column("sums", "moneys", screen=False),
            Column("tags", "list", screen=False),
            Column("repeat", "flag"),
            Column("size", "bar", " "),
        ),
        (
            (
                "O1",
                "Dam",
                1234,
                14,
                2 / 3,
                "2026-12-01",
                "2026-11-23T10:00:00Z",
                Money(1_234_567, "EUR"),
                Money(-5, "EUR"),
                (Money(1_200_000, "EUR"), Money(1_200, "JPY")),
                (Money(1_200_000, "EUR"), Money(1_200, "JPY")),
                ("a", "b c"),
                True,
                8,
            ),
            (
                "O2",
                "Quarry",
                0,
                0,
                0.0,
                "2027-01-31",
                "2026-01-01T10:00:00Z",
                Money(1_500, "JPY"),
                Money(1_234, "KWD"),
                (),
                (),
                (),
                False,
                3,
            ),
            ("O3", None, None, None, None, None, None, None, None, None, None, None, None, None),
            ("O4", "Tunnel", 7, 120, 1.0, None, None, Money(0, "EUR"), None, None, None, None, None, 0.01),
        ),
        title="Live",
    ),
    more={
        "live": {"count": 3, "totals": (Money(5, "EUR"), Money(6, "USD")), "first": Money(1, "EUR")},
        "by_stage": Table(
            (Column("stage", "text"), Column("share", "ratio"), Column("drawn", "bar")),
            (("new", 1 / 3, 1), ("closing", None, 2)),
        ),
        "win_rate": {"interval": (0.25, 0.5), "n": 12, "why": None},
    },
    as_of="2026-11-23T10:00:00Z",
)

RECORD = Answer(
    "lead show",
    Table(
        (
            Column("id", "id"),
            Column("name", "text"),
            Column("company", "text"),
            Column("email", "text"),
            Column("phone", "text"),
            Column("source", "text"),
            Column("value", "money"),
            Column("created_at", "instant", "since"),
            Column("tags", "list"),
            Column("key", "text", screen=False),
            Column("note", "text"),
        ),
        (
            (
                "L12",
                "Núria [/] Vidal",
                "株式会社大林組",
                None,
                "+34600111222",
                "referral",
                Money(1_250, "EUR"),
                "2026-11-23T10:00:00Z",
                ("water", "dam"),
                "crm-77",
                "She asked for a second visit to the site before the end of the year, with the drawings."
                "\n\x1b[31mid   L99\x1b[0m\nhttps://example.test/" + "path/" * 30,
            ),
        ),
    ),
)

# an overview: what people see is more than the rows
OVERVIEW = Answer(
    "report",
    Table((Column("stage", "text"),), (("new",),)),
    screen=(
        Table((Column("stage", "text"), Column("n", "int")), (("new", 3), ("closing", 12)), title="By stage"),
        Table((Column("id", "id"),), (), title="Stale", empty="nothing is [/] stale"),
        Table((Column("id", "id"), Column("who", "text")), (("T1", "Acme"),)),
    ),
)
