"""Looking into a file without being able to change it: backups, and the user's own SQL."""

from __future__ import annotations

import os
import sqlite3

from funnelctl.errors import NotFound, Trouble
from funnelctl.store.connection import APPLICATION_ID, waited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def open_readonly(path: str, tell: Callable[[], None] = lambda: None) -> sqlite3.Connection:
    """A connection to the funnelctl file at ``path`` that can read and nothing else. ``tell`` is called once if another
    program is waited for.

    Raises:
        Locked: the other program did not finish in time.
        NotFound: there is no file.
        Trouble: it is not a funnelctl file, or cannot be read.
    """
    if not os.path.exists(path):
        raise NotFound(f"there is no file {path}")
    if not os.path.isfile(path):
        raise Trouble(f"{path} is not a funnelctl file")
    from pathlib import Path

    conn = sqlite3.connect(Path(path).absolute().as_uri() + "?mode=ro", uri=True, timeout=0.1, isolation_level=None)
    try:
        conn.execute("PRAGMA trusted_schema=OFF")
        conn.execute("PRAGMA query_only=ON")
        found = waited(conn, "PRAGMA application_id", tell).fetchone()[0]
        conn.execute("PRAGMA busy_timeout=5000")  # for a writer who comes between two reads, and is gone soon
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        conn.close()
        raise Trouble(f"{path} cannot be read as a database") from error
    except BaseException:
        conn.close()
        raise
    if found != APPLICATION_ID:
        conn.close()
        raise Trouble(f"{path} is not a funnelctl file")
    return conn
