"""The only way to a mail server: one mail at a time, stage by stage."""

from connectd.edges.smtp.server import MailServer
from connectd.edges.smtp.values import Login, Stage

__all__ = ["Login", "MailServer", "Stage"]
