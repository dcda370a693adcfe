"""Watches the news for policy being put into practice: schedule, archive, revisions, reasons, alerts."""

__version__ = "0.1.0"
