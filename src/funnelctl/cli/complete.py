"""What TAB offers: ids, and nothing else that is stored. A shell may run what a name contains."""

from __future__ import annotations

import os

MOST = 200


def references(incomplete: str) -> list[str]:
    """Ids that begin with what was typed, newest first. Never creates a file, writes or fails."""
    from funnelctl.store.connection import connect
    from funnelctl.workspace import places

    path = places.named_book() or places.default_book()
    typed = incomplete.upper()
    if not os.path.exists(path) or (typed and typed[0] not in "LO"):
        return []
    try:
        conn = connect(path)
        try:
            conn.execute("PRAGMA query_only=ON")
            found = []
            for letter, table in (("O", "opportunity"), ("L", "lead")):
                if typed in ("", letter) or typed.startswith(letter):
                    sql = f"SELECT id FROM {table} WHERE id LIKE ? ORDER BY id DESC LIMIT ?"  # noqa: S608
                    found += [f"{letter}{row[0]}" for row in conn.execute(sql, (f"{_digits(typed)}%", MOST))]
            return found
        finally:
            conn.close()
    except Exception:
        return []


def _digits(typed: str) -> str:
    digits = typed[1:]
    return digits if digits.isdigit() else ("" if not digits else "-")
