import GRDB

/// The tables of `journal.db`. Columns hold the members of an entry as text exactly as its canonical JSON does, so that the hashed
/// bytes can be made again from them.
enum JournalSchema {
    /// "MRLT": tells this file from any other SQLite database.
    static let applicationID: Int64 = 0x4D52_4C54
    static let version: Int64 = 1

    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE entries (
                    seq INTEGER PRIMARY KEY, v INTEGER NOT NULL, time TEXT NOT NULL, type TEXT NOT NULL, cluster TEXT NOT NULL,
                    environment TEXT NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL, payload_hash TEXT NOT NULL,
                    prev TEXT NOT NULL, hash TEXT NOT NULL, leaf BLOB NOT NULL
                ) STRICT;
                CREATE INDEX entries_subject ON entries (subject, seq);
                CREATE TABLE payloads (seq INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;
                -- The signed end of the log: one row, replaced with every commit.
                CREATE TABLE head (
                    id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, peaks BLOB NOT NULL, checkpoint TEXT NOT NULL
                ) STRICT;
                -- The keys that sign, each from an entry on.
                CREATE TABLE keys (id TEXT PRIMARY KEY, public_key TEXT NOT NULL, since INTEGER NOT NULL) STRICT;

                CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
                    WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM entries)
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: the next entry has the next number'); END;
                CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
                CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
                CREATE TRIGGER payloads_of_entries BEFORE INSERT ON payloads
                    WHEN NEW.seq IS NOT (SELECT max(seq) FROM entries)
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a payload comes with its entry'); END;
                CREATE TRIGGER payloads_no_update BEFORE UPDATE ON payloads
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: payloads can only be dropped'); END;
                CREATE TRIGGER keys_no_update BEFORE UPDATE ON keys
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
                CREATE TRIGGER keys_no_delete BEFORE DELETE ON keys
                    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """)
    }
}
