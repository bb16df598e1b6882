"""What the ending of a file's name says that it holds."""

from __future__ import annotations

ENDINGS = {  # the usual one first
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "xlsx": (".xlsx",),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson", ".ldjson"),
    "md": (".md",),
    "ics": (".ics", ".ical"),
    "vcard": (".vcf", ".vcard"),
}
# What is none of ours. Other endings say nothing: a name may hold a dot.
_OTHERS = (
    ".7z", ".bz2", ".db", ".doc", ".docx", ".gif", ".gz", ".htm", ".html", ".jpeg", ".jpg", ".numbers", ".odf", ".ods",
    ".odt", ".pdf", ".png", ".ppt", ".pptx", ".rar", ".rtf", ".sql", ".sqlite", ".sqlite3", ".tar", ".tgz", ".xls",
    ".xlsb", ".xlsm", ".xml", ".xz", ".yaml", ".yml", ".zip", ".zst",
)  # fmt: skip


def ending_of(path: str) -> str:
    """The ending of a name in small letters, with its dot; nothing where it has none."""
    _, dot, last = path.rpartition(".")
    return dot + last.lower()


def misnamed(path: str, *forms: str) -> str:
    """How a file of one of these ``forms`` could be called, where ``path`` says by its ending that it is none of them;
    else nothing."""
    ending = ending_of(path)
    known = [form for form, endings in ENDINGS.items() if ending in endings]
    if ending in _OTHERS or (known and not set(known).intersection(forms)):
        return path[: -len(ending)] + ENDINGS[forms[0]][0]
    return ""
