"""Telling a damaged file from one that is only out of reach, and saying so without a value that stands in it."""

from __future__ import annotations

import sqlite3

# What reading a damaged file can raise; Python fails on SQLite's own message where that quotes a damaged name.
READING = (sqlite3.DatabaseError, UnicodeDecodeError)

_OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM,
}  # fmt: skip


# The other failures of input and output are those of writing: of a full or a failing disk, not of what is in the file.
_FAILED_READING = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}


def is_damage(error: Exception) -> bool:
    """Whether an error of ``READING`` says that what is in the file is wrong."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return code in _FAILED_READING
    return code & 0xFF not in _OUT_OF_REACH


def unwritable(error: Exception) -> str | None:
    """Why something could not be written where it is; ``None`` where the error says something else."""
    if isinstance(error, OSError):
        return error.strerror
    code = getattr(error, "sqlite_errorcode", None) or 0
    return "it cannot be written to" if code & 0xFF == sqlite3.SQLITE_READONLY else None


def told(error: Exception) -> str:
    """The error in words. SQLite's own may quote the text that it could not read."""
    name = getattr(error, "sqlite_errorname", None)
    return f"it cannot be read ({name})" if name else "it holds text that is no UTF-8"
