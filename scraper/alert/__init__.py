"""Send outbox rows to the channels that people read; when to try again is counted here, kept by ``store``."""

from scraper.alert.channels import Poster, Sender, send
from scraper.alert.render import payload, subject, text
from scraper.alert.retry import next_try

__all__ = ["Poster", "Sender", "next_try", "payload", "send", "subject", "text"]
