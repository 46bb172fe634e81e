"""How the database came to its present form: SQL scripts that are only ever appended to.

Script N takes a database from version N - 1 (``PRAGMA user_version``) to version N. A script
that has been released is never edited. It holds no BEGIN and no COMMIT: whoever runs it wraps
it in one transaction together with the new version number.

Times are UTC text, ``2026-12-01T09:00:00Z``; days are ``2026-12-01``; truths are 0 and 1.
"""

APPLICATION_ID = 0x636E6E64
"""Says in the file's header that it is connectd's (ASCII ``cnnd``)."""

MIGRATIONS: tuple[str, ...] = (
    """
    PRAGMA application_id = 1668181604;

    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    );
    CREATE TABLE notes (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    );

    CREATE TABLE contacts (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        category TEXT NOT NULL,
        every_days INTEGER,
        timezone TEXT,
        kind TEXT NOT NULL,
        note TEXT NOT NULL,
        snoozed_until TEXT,
        archived INTEGER NOT NULL
    );
    CREATE TABLE contact_emails (
        folded TEXT PRIMARY KEY,
        contact TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        address TEXT NOT NULL
    );
    CREATE INDEX contact_emails_by_contact ON contact_emails (contact, position);

    CREATE TABLE meetings (
        uid TEXT PRIMARY KEY,
        contact TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        state TEXT NOT NULL,
        starts_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        reasons TEXT NOT NULL,
        form TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        drafted_at TEXT,
        accepted_at TEXT,
        invited_at TEXT,
        ended_at TEXT,
        told_by TEXT,
        moved INTEGER NOT NULL,
        replied_yes INTEGER NOT NULL,
        missing_since TEXT,
        delivery TEXT,
        delivery_detail TEXT NOT NULL
    );
    CREATE INDEX meetings_by_state ON meetings (state);
    CREATE INDEX meetings_by_end ON meetings (COALESCE(ended_at, ends_at));
    CREATE TABLE placements (
        uid TEXT PRIMARY KEY
            REFERENCES meetings (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        account TEXT NOT NULL,
        calendar TEXT NOT NULL,
        href TEXT NOT NULL,
        etag TEXT,
        written TEXT NOT NULL,
        removed INTEGER NOT NULL,
        gesture TEXT
    );

    CREATE TABLE encounters (
        contact TEXT NOT NULL,
        on_day TEXT NOT NULL,
        how TEXT NOT NULL,
        meeting TEXT,
        source TEXT NOT NULL,
        denied INTEGER NOT NULL,
        PRIMARY KEY (contact, on_day)
    );
    CREATE TABLE facts (
        id INTEGER PRIMARY KEY,
        contact TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        on_day TEXT NOT NULL,
        meeting TEXT,
        created_at TEXT NOT NULL
    );
    CREATE INDEX facts_by_contact ON facts (contact, id);
    CREATE INDEX facts_by_kind ON facts (contact, kind);

    CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        home TEXT NOT NULL,
        drafts TEXT,
        form TEXT,
        last_success TEXT,
        last_error TEXT,
        last_error_at TEXT
    );
    CREATE TABLE calendars (
        url TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT,
        window_start TEXT NOT NULL,
        window_end TEXT NOT NULL,
        read_at TEXT NOT NULL
    );
    CREATE INDEX calendars_by_account ON calendars (account);
    CREATE TABLE calendar_objects (
        calendar TEXT NOT NULL,
        href TEXT NOT NULL,
        etag TEXT NOT NULL,
        uid TEXT NOT NULL,
        text TEXT,
        reading TEXT NOT NULL,
        unreadable TEXT,
        PRIMARY KEY (calendar, href)
    );
    CREATE INDEX calendar_objects_recurring ON calendar_objects (calendar, href)
        WHERE text IS NOT NULL;
    CREATE INDEX calendar_objects_unreadable ON calendar_objects (calendar, href)
        WHERE unreadable IS NOT NULL;

    CREATE TABLE intents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        meeting TEXT NOT NULL,
        action TEXT NOT NULL,
        detail TEXT NOT NULL,
        began_at TEXT NOT NULL,
        finished_at TEXT,
        result TEXT
    );
    CREATE INDEX intents_unfinished ON intents (id) WHERE finished_at IS NULL;
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        contact TEXT,
        meeting TEXT,
        because TEXT NOT NULL
    );
    CREATE TRIGGER journal_keeps_lines BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_keeps_words BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    """,
    """
    ALTER TABLE meetings ADD COLUMN reply TEXT NOT NULL DEFAULT 'needs-action';
    ALTER TABLE meetings ADD COLUMN conflict TEXT NOT NULL DEFAULT '';
    ALTER TABLE meetings ADD COLUMN overruled INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE meetings ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE meetings ADD COLUMN followed_up_at TEXT;
    UPDATE meetings SET reply = 'accepted' WHERE state = 'confirmed';
    CREATE INDEX meetings_by_contact ON meetings (contact);

    CREATE TABLE follow_ups (
        meeting TEXT PRIMARY KEY REFERENCES meetings (uid) ON DELETE CASCADE,
        account TEXT NOT NULL,
        calendar TEXT NOT NULL,
        href TEXT NOT NULL,
        etag TEXT,
        told TEXT NOT NULL,
        seen_version TEXT,
        removed INTEGER NOT NULL
    );
    CREATE INDEX follow_ups_standing ON follow_ups (meeting) WHERE removed = 0;

    CREATE TABLE mails (
        meeting TEXT NOT NULL REFERENCES meetings (uid) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        method TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        calendar TEXT NOT NULL,
        message BLOB NOT NULL,
        queued_at TEXT NOT NULL,
        stage TEXT NOT NULL,
        said TEXT NOT NULL,
        PRIMARY KEY (meeting, sequence, method)
    );
    CREATE INDEX mails_waiting ON mails (queued_at)
        WHERE stage NOT IN ('sent', 'refused', 'unknown', 'dropped');
    """,
    """
    ALTER TABLE contacts ADD COLUMN free_busy TEXT;
    ALTER TABLE meetings ADD COLUMN moved_from TEXT;

    CREATE TABLE their_busy (
        contact TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        way TEXT NOT NULL,
        asked TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        ask_again_at TEXT NOT NULL,
        known_since TEXT,
        reaches_to TEXT,
        spans TEXT NOT NULL,
        refusal TEXT NOT NULL,
        PRIMARY KEY (contact, way)
    );

    CREATE TABLE feeds (
        name TEXT PRIMARY KEY,
        address TEXT NOT NULL,
        version TEXT,
        etag TEXT,
        last_modified TEXT,
        read_at TEXT,
        error TEXT
    );
    CREATE TABLE feed_texts (
        feed TEXT PRIMARY KEY REFERENCES feeds (name) ON DELETE CASCADE,
        text TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE contacts ADD COLUMN step TEXT;
    ALTER TABLE contacts ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE contacts ADD COLUMN birthday TEXT;
    ALTER TABLE facts ADD COLUMN due TEXT;
    ALTER TABLE meetings ADD COLUMN other TEXT;
    ALTER TABLE meetings ADD COLUMN questions TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE meetings ADD COLUMN conflicting TEXT NOT NULL DEFAULT '[]';
    CREATE INDEX meetings_by_other ON meetings (other) WHERE other IS NOT NULL;
    ALTER TABLE follow_ups ADD COLUMN due TEXT;
    ALTER TABLE follow_ups ADD COLUMN next_due TEXT;

    CREATE TABLE mails_to_each (
        meeting TEXT NOT NULL REFERENCES meetings (uid) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        method TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        calendar TEXT NOT NULL,
        message BLOB NOT NULL,
        queued_at TEXT NOT NULL,
        stage TEXT NOT NULL,
        said TEXT NOT NULL,
        PRIMARY KEY (meeting, sequence, method, recipient)
    );
    INSERT INTO mails_to_each SELECT meeting, sequence, method, message_id, sender, recipient,
        calendar, message, queued_at, stage, said FROM mails ORDER BY rowid;
    DROP TABLE mails;
    ALTER TABLE mails_to_each RENAME TO mails;
    CREATE INDEX mails_waiting ON mails (queued_at)
        WHERE stage NOT IN ('sent', 'refused', 'unknown', 'dropped');

    CREATE TABLE letters (
        key TEXT PRIMARY KEY,
        message_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        message BLOB NOT NULL,
        queued_at TEXT NOT NULL,
        stage TEXT NOT NULL,
        said TEXT NOT NULL
    );
    CREATE INDEX letters_waiting ON letters (queued_at)
        WHERE stage NOT IN ('sent', 'refused', 'unknown', 'dropped');

    CREATE TABLE introductions (
        pair TEXT PRIMARY KEY,
        first TEXT NOT NULL,
        second TEXT NOT NULL,
        began_at TEXT NOT NULL,
        because TEXT NOT NULL,
        "by" TEXT NOT NULL,
        texts TEXT NOT NULL,
        asked TEXT NOT NULL,
        agreed TEXT NOT NULL,
        declined TEXT,
        meeting TEXT,
        introduced_at TEXT,
        dropped_at TEXT
    );
    CREATE TABLE acquaintances (
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        how TEXT NOT NULL,
        PRIMARY KEY (one, other)
    );

    CREATE TABLE former_contacts (
        contact TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        addresses TEXT NOT NULL
    );

    CREATE TABLE address_books (
        url TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        version TEXT,
        read_at TEXT
    );
    CREATE TABLE cards (
        book TEXT NOT NULL REFERENCES address_books (url) ON DELETE CASCADE,
        href TEXT NOT NULL,
        etag TEXT NOT NULL,
        uid TEXT NOT NULL,
        contact TEXT,
        said TEXT,
        PRIMARY KEY (book, href)
    );
    """,
    """
    ALTER TABLE accounts ADD COLUMN failing_since TEXT;
    ALTER TABLE accounts ADD COLUMN paused_at TEXT;
    ALTER TABLE accounts ADD COLUMN refused_secret TEXT;

    DROP TRIGGER journal_keeps_lines;
    CREATE TRIGGER journal_keeps_lines BEFORE DELETE ON journal
    WHEN OLD.at >= strftime('%Y-%m-%dT%H:%M:%SZ',
        (SELECT at FROM journal ORDER BY id DESC LIMIT 1), '-400 days')
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    """,
)
