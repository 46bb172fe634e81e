"""Databases as every released version of connectd left them, in SQL."""

COMMON_ROWS = """
    INSERT INTO meta VALUES ('installation', 'an-id'), ('installed_at', '2026-11-01T08:00:00Z');
    INSERT INTO contacts (id, name, category, every_days, timezone, kind, note, snoozed_until,
        archived) VALUES
        ('bob', 'Bob', 'business', 21, 'Europe/Paris', 'walk', 'met at work', '2027-01-02', 0);
    INSERT INTO contact_emails VALUES ('bob@example.test', 'bob', 0, 'Bob@example.test');
    INSERT INTO placements VALUES
        ('m-1', 'main', 'https://c/', 'https://c/m-1.ics', '"1"', 'BEGIN', 0, NULL);
    INSERT INTO encounters VALUES ('bob', '2026-12-01', 'done', 'm-1', '', 0);
    INSERT INTO facts (id, contact, kind, text, on_day, meeting, created_at) VALUES
        (1, 'bob', 'need', 'a plumber', '2026-12-01', 'm-1', '2026-12-01T11:00:00Z');
    INSERT INTO accounts (name, home, form) VALUES ('main', '{{}}', 'plain');
    INSERT INTO calendars VALUES
        ('https://c/', 'main', 'Work', 't-1', '2026-11-01T00:00:00Z', '2027-01-01T00:00:00Z',
         '2026-12-01T09:00:00Z');
    INSERT INTO calendar_objects VALUES
        ('https://c/', 'https://c/1.ics', '"1"', 'u', NULL, '{{}}', NULL);
    INSERT INTO intents VALUES (1, 'm-1', 'draft', '', '2026-11-20T09:00:00Z', NULL, NULL);
    INSERT INTO journal VALUES (1, '2026-11-20T09:00:00Z', 'draft', 'bob', 'm-1', 'long ago');
    INSERT INTO notes VALUES ('key', 'value');
    """
"""Rows that every version wrote in the same way."""

FEEDS = """
    INSERT INTO feeds VALUES
        ('work', 'a-hash', 'v-1', '"7"', NULL, '2026-12-06T09:05:00Z', 'it broke off');
    INSERT INTO feed_texts VALUES ('work', 'BEGIN:VCALENDAR');
    """

ROWS = {
    1: """
    INSERT INTO meetings VALUES
        ('m-1', 'bob', 4, 'met', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z', 'walk',
         '["long ago"]', 'plain', 1, '2026-11-20T09:00:00Z', NULL, NULL, '2026-12-04T09:00:00Z',
         'command', 0, 1, NULL, 'server', '1.2'),
        ('m-2', 'bob', 5, 'confirmed', '2026-12-24T09:00:00Z', '2026-12-24T10:00:00Z', 'walk',
         '[]', 'plain', 1, '2026-12-05T09:00:00Z', '2026-12-06T09:00:00Z',
         '2026-12-06T09:05:00Z', NULL, 'calendar', 1, 1, NULL, 'server', '2.0');
    """,
    2: """
    INSERT INTO meetings VALUES
        ('m-1', 'bob', 4, 'met', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z', 'walk',
         '["long ago"]', 'plain', 1, '2026-11-20T09:00:00Z', NULL, NULL, '2026-12-04T09:00:00Z',
         'command', 0, 1, NULL, 'server', '1.2',
         'needs-action', '', 0, 0, '2026-12-01T10:30:00Z'),
        ('m-2', 'bob', 5, 'confirmed', '2026-12-24T09:00:00Z', '2026-12-24T10:00:00Z', 'walk',
         '[]', 'plain', 1, '2026-12-05T09:00:00Z', '2026-12-06T09:00:00Z',
         '2026-12-06T09:05:00Z', NULL, 'calendar', 1, 1, NULL, 'mail', '250 ok',
         'accepted', '“Dentist”', 1, 1, NULL);
    INSERT INTO follow_ups VALUES
        ('m-1', 'main', 'https://c/', 'https://c/t-1.ics', '"1"', 'open', 't-1', 0);
    INSERT INTO mails VALUES
        ('m-2', 1, 'REQUEST', '<1@example.test>', 'alice@example.test', 'bob@example.test',
         'BEGIN', x'0DFF', '2026-12-06T09:05:00Z', 'queued', '451 later');
    """,
    3: """
    INSERT INTO meetings VALUES
        ('m-1', 'bob', 4, 'met', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z', 'walk',
         '["long ago"]', 'plain', 1, '2026-11-20T09:00:00Z', NULL, NULL, '2026-12-04T09:00:00Z',
         'command', 0, 1, NULL, 'server', '1.2',
         'needs-action', '', 0, 0, '2026-12-01T10:30:00Z', NULL),
        ('m-2', 'bob', 5, 'confirmed', '2026-12-24T09:00:00Z', '2026-12-24T10:00:00Z', 'walk',
         '[]', 'plain', 1, '2026-12-05T09:00:00Z', '2026-12-06T09:00:00Z',
         '2026-12-06T09:05:00Z', NULL, 'calendar', 1, 1, NULL, 'mail', '250 ok',
         'accepted', '“Dentist”', 1, 1, NULL, '2026-12-23T09:00:00Z');
    INSERT INTO follow_ups VALUES
        ('m-1', 'main', 'https://c/', 'https://c/t-1.ics', '"1"', 'open', 't-1', 0);
    INSERT INTO mails VALUES
        ('m-2', 1, 'REQUEST', '<1@example.test>', 'alice@example.test', 'bob@example.test',
         'BEGIN', x'0DFF', '2026-12-06T09:05:00Z', 'queued', '451 later');
    INSERT INTO their_busy VALUES
        ('bob', 'url', 'https://fb/', '2026-12-06T09:05:00Z', '2026-12-06T10:05:00Z',
         '2026-12-06T09:05:00Z', '2027-01-05T00:00:00Z',
         '[["2026-12-07T09:00:00Z", "2026-12-07T10:00:00Z"]]', '');
    """,
    4: """
    INSERT INTO meetings VALUES
        ('m-1', 'bob', 4, 'met', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z', 'walk',
         '["long ago"]', 'plain', 1, '2026-11-20T09:00:00Z', NULL, NULL, '2026-12-04T09:00:00Z',
         'command', 0, 1, NULL, 'server', '1.2',
         'needs-action', '', 0, 0, '2026-12-01T10:30:00Z', NULL, NULL, '[]', '[]'),
        ('m-2', 'bob', 5, 'confirmed', '2026-12-24T09:00:00Z', '2026-12-24T10:00:00Z', 'walk',
         '[]', 'plain', 1, '2026-12-05T09:00:00Z', '2026-12-06T09:00:00Z',
         '2026-12-06T09:05:00Z', NULL, 'calendar', 1, 1, NULL, 'mail', '250 ok',
         'accepted', '“Dentist”', 1, 1, NULL, '2026-12-23T09:00:00Z', 'cid', '["What next?"]',
         '["d “Dentist”"]');
    INSERT INTO follow_ups VALUES
        ('m-1', 'main', 'https://c/', 'https://c/t-1.ics', '"1"', 'open', 't-1', 0, '2026-12-02',
         '2026-12-09');
    INSERT INTO mails VALUES
        ('m-2', 1, 'REQUEST', '<1@example.test>', 'alice@example.test', 'bob@example.test',
         'BEGIN', x'0DFF', '2026-12-06T09:05:00Z', 'queued', '451 later');
    INSERT INTO their_busy VALUES
        ('bob', 'url', 'https://fb/', '2026-12-06T09:05:00Z', '2026-12-06T10:05:00Z',
         '2026-12-06T09:05:00Z', '2027-01-05T00:00:00Z',
         '[["2026-12-07T09:00:00Z", "2026-12-07T10:00:00Z"]]', '');
        INSERT INTO contacts (id, name, category, kind, note, archived, step, tags, birthday) VALUES
        ('cid', 'Cid', 'business', 'call', '', 0, 'introduce', '["music"]', '--03-05');
    INSERT INTO facts VALUES
        (2, 'cid', 'promised', 'a book', '2026-12-01', NULL, '2026-12-01T11:00:00Z', '2026-12-24');
    INSERT INTO letters VALUES
        ('digest/2026-W49', '<l@example.test>', 'alice@example.test', 'alice@example.test',
         x'0DFF', '2026-12-06T09:05:00Z', 'queued', '451 later');
    INSERT INTO introductions VALUES
        ('bob cid', 'cid', 'bob', '2026-12-06T09:05:00Z', 'both build', 'mail', '["a", "b"]',
         '["cid"]', '["cid"]', NULL, NULL, NULL, NULL);
    INSERT INTO acquaintances VALUES ('bob', 'cid', 'said');
    INSERT INTO former_contacts VALUES ('dan', 'Dan', '["dan@example.test"]');
    INSERT INTO address_books VALUES ('https://b/', 'main', 'v-1', '2026-12-06T09:05:00Z');
    INSERT INTO cards VALUES ('https://b/', 'https://b/1.vcf', '"1"', 'card-1', 'cid', '{}');
    """,
}
ROWS[3] += FEEDS
ROWS[4] += FEEDS
ROWS[5] = (
    ROWS[4]
    + """
    INSERT INTO accounts VALUES
        ('other', '{}', NULL, NULL, '2026-12-05T09:05:00Z', 'it does not accept the credentials',
         '2026-12-06T09:05:00Z', '2026-12-06T08:05:00Z', '2026-12-06T09:05:00Z', 'a1b2');
    """
)
"""For each released version, the other rows as a program of that version wrote them."""
