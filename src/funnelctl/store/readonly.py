"""Looking into a file without being able to change it: backups, and the user's own SQL."""

from __future__ import annotations

import os
import sqlite3

from funnelctl.errors import NotFound, Trouble
from funnelctl.store.connection import APPLICATION_ID


def open_readonly(path: str) -> sqlite3.Connection:
    """A connection to the funnelctl file at ``path`` that can read and nothing else.

    Raises:
        NotFound: there is no file.
        Trouble: it is not a funnelctl file, or cannot be read.
    """
    if not os.path.exists(path):
        raise NotFound(f"there is no file {path}")
    if not os.path.isfile(path):
        raise Trouble(f"{path} is not a funnelctl file")
    from pathlib import Path

    conn = sqlite3.connect(Path(path).absolute().as_uri() + "?mode=ro", uri=True, timeout=5, isolation_level=None)
    try:
        conn.execute("PRAGMA trusted_schema=OFF")
        conn.execute("PRAGMA query_only=ON")
        found = conn.execute("PRAGMA application_id").fetchone()[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        conn.close()
        raise Trouble(f"{path} cannot be read as a database") from error
    if found != APPLICATION_ID:
        conn.close()
        raise Trouble(f"{path} is not a funnelctl file")
    return conn
