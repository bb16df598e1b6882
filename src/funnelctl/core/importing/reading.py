"""A file of rows, whatever its format: its content says which, never its name alone."""

from __future__ import annotations

from funnelctl.core.importing.delimited import read_sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet


def open_sheet(stream: BinaryIO, name: str, problems: Problems, declared: Declared) -> Sheet:
    """The sheet in a seekable ``stream``; ``name`` is how messages call the file. Its rows are read as they are taken,
    and add to ``problems`` what does not fit.

    Raises ``BadData`` where it holds no rows that can be read.
    """
    return read_sheet(
        stream,
        name,
        problems,
        encoding=declared.encoding,
        delimiter=declared.delimiter,
        footer=declared.rules.footer,
    )
