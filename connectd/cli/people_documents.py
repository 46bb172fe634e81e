"""The JSON document about a look into the address book."""

from collections.abc import Iterable

from connectd.cli.documents import Document, relation_document
from connectd.service.address_book import Refreshed
from connectd.service.status import Relation


def refreshed_document(refreshed: Refreshed, everybody: Iterable[Relation]) -> Document:
    """Whom the address book added, changed, archived and brought back, and which cards failed."""
    added = {contact.id for contact in refreshed.added}
    return {
        "added": [relation_document(one) for one in everybody if one.contact.id in added],
        "changed": [contact.id for contact in refreshed.changed],
        "archived": [contact.id for contact in refreshed.archived],
        "back": [contact.id for contact in refreshed.back],
        "problems": [
            {"card": problem.card, "reason": problem.reason} for problem in refreshed.problems
        ],
    }
