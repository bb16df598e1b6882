"""funnelctl: a solo consultant's sales pipeline in one SQLite file."""

__version__ = "0.1.0"
