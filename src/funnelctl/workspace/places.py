"""Where things lie: the book, the funnel files, and the words of the environment that say so."""

from __future__ import annotations

import os
import sys

APP = "funnelctl"


def default_book() -> str:
    """The file that is used where none is named, in the platform's directory for a user's data."""
    return os.path.join(_directory("XDG_DATA_HOME", ".local/share", "user_data_dir"), "funnel.db")


def named_book() -> str | None:
    """The file that ``FUNNELCTL_DB`` names."""
    return os.environ.get("FUNNELCTL_DB") or None


def funnel_directories() -> list[str]:
    """Where the user's own funnels lie: ``FUNNELCTL_FUNNELS`` (several, separated as in PATH), else beside the
    configuration."""
    named = os.environ.get("FUNNELCTL_FUNNELS")
    if named:
        return [part for part in named.split(os.pathsep) if part]
    return [os.path.join(_directory("XDG_CONFIG_HOME", ".config", "user_config_dir"), "funnels")]


def preset_directories() -> list[str]:
    """Where the user's own presets lie: ``presets`` beside each directory of funnels."""
    return [os.path.join(os.path.dirname(os.path.abspath(directory)), "presets") for directory in funnel_directories()]


def shipped(what: str) -> str:
    """The directory of ``funnels`` or ``presets`` that came with the program: inside the package, or beside ``src`` in
    a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, what)
    return inside if os.path.isdir(inside) else os.path.join(package, "..", "..", what)


def user_name() -> str:
    """Who writes, as moves and the log keep it: ``FUNNELCTL_USER``, else the name of the login."""
    for name in ("FUNNELCTL_USER", "LOGNAME", "USER", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name][:60]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # no such thing on Windows; no such user in a container
        return "unknown"


def language() -> str:
    """The language of labels where nobody says one: the locale's, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value[:2].lower()
    return "en"


def make_directory_of(path: str) -> None:
    """Make the directories above ``path`` where they are missing, closed to others."""
    missing = []
    parent = os.path.dirname(os.path.abspath(path))
    while not os.path.isdir(parent) and parent not in missing:
        missing.append(parent)
        parent = os.path.dirname(parent)
    for directory in reversed(missing):  # one by one: at once, all but the last would be as open as the umask says
        os.makedirs(directory, mode=0o700, exist_ok=True)


def _directory(variable: str, under_home: str, platform_name: str) -> str:
    if sys.platform in ("darwin", "win32"):
        import platformdirs

        return str(getattr(platformdirs, platform_name)(APP, appauthor=False))
    # What platformdirs says elsewhere, without the 12 ms that every command would pay for its import.
    base = os.environ.get(variable, "")
    if not os.path.isabs(base):  # the XDG specification: a relative path is to be ignored
        base = os.path.join(os.path.expanduser("~"), under_home)
    return os.path.join(base, APP)
