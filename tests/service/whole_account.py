"""Everything that lies in a user's account on a server, down to the last byte."""

from accounts import server_for
from servers import User

ALL_PROPERTIES = '<propfind xmlns="DAV:"><allprop/></propfind>'


def inbox_of(user: User) -> str:
    """Return the URL of the schedule inbox, as the server names it."""
    server = server_for(user)
    inbox = server.discover().inbox
    server.close()
    assert inbox is not None
    return inbox


def inbox_texts(user: User) -> list[str]:
    return list(user.dav.objects(inbox_of(user)).values())


def every_byte(user: User) -> str:
    """Return all that the server gives this user: each object, and each property of each thing."""
    collections = [user.home, *(url for url in user.dav.hrefs(user.home) if url.endswith("/"))]
    said = [
        user.dav.propfind(collection, ALL_PROPERTIES, depth=1).expect(207).text
        for collection in collections
    ]
    # Xandikos fails when it is asked for all properties of an inbox
    for collection in (*collections, *([inbox_of(user)] if user.schedules else [])):
        for href, text in user.dav.objects(collection).items():
            said += [href, text, str(user.dav.get(href).expect(200).headers)]
    return "\n".join(said)
