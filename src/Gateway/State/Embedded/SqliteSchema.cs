namespace Gateway.State.Embedded;

/// <summary>The schema of the embedded database as a list of steps. A step that has been released never changes; changes are new steps.</summary>
internal static class SqliteSchema
{
    /// <summary>Step n takes a database from version n to n + 1.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        // ledger.id is the replica's number and the sequence in one integer: the key of an entry, and one that grows, so that rows are
        // appended. The columns after it follow Metering.LedgerFields. A later step has spans instead of the two indexes.
        """
        CREATE TABLE ledger_replicas (
            number INTEGER PRIMARY KEY,
            replica TEXT NOT NULL UNIQUE,
            applied INTEGER NOT NULL
        );
        CREATE TABLE ledger (
            id INTEGER PRIMARY KEY,
            replica TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            requested_model TEXT NOT NULL,
            target_model TEXT NOT NULL,
            response_model TEXT,
            provider TEXT NOT NULL,
            response_id TEXT,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cache_read_tokens INTEGER NOT NULL,
            cache_write_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL,
            audio_input_tokens INTEGER NOT NULL,
            audio_output_tokens INTEGER NOT NULL,
            estimated INTEGER NOT NULL,
            cost_nano_usd INTEGER NOT NULL,
            price_version TEXT NOT NULL,
            status INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            error_code TEXT,
            finish_reason TEXT,
            streamed INTEGER NOT NULL,
            time_to_first_token_us INTEGER,
            duration_us INTEGER NOT NULL,
            attempts INTEGER NOT NULL
        );
        CREATE INDEX ledger_time ON ledger (time);
        CREATE INDEX ledger_key ON ledger (key_id, time);
        CREATE TABLE virtual_keys (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            models TEXT NOT NULL,
            disabled INTEGER NOT NULL,
            created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        """,

        // Files and batches that keys have made at providers, so that a list shows a key its own.
        """
        CREATE TABLE stored_objects (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            key_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            provider TEXT NOT NULL,
            upstream_id TEXT NOT NULL,
            UNIQUE (key_id, kind, provider, upstream_id)
        );
        """,

        // Whom a reply is charged to besides its key. Entries of before belong to nobody.
        """
        ALTER TABLE ledger ADD COLUMN customer_id TEXT;
        ALTER TABLE ledger ADD COLUMN team_id TEXT;
        ALTER TABLE ledger ADD COLUMN user_id TEXT;
        """,

        // Searches that a reranker's provider bills instead of tokens.
        "ALTER TABLE ledger ADD COLUMN search_units INTEGER NOT NULL DEFAULT 0;",

        // Of a batch: the file its output is in, and whether its usage is in the ledger.
        """
        ALTER TABLE stored_objects ADD COLUMN output_id TEXT;
        ALTER TABLE stored_objects ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
        """,

        // Shared state. Every write makes a new row, and AUTOINCREMENT never gives a number twice: the row's number is the ETag.
        """
        CREATE TABLE state (
            etag INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            value BLOB NOT NULL,
            expires INTEGER
        );
        CREATE INDEX state_expires ON state (expires) WHERE expires IS NOT NULL;
        """,

        // How far a replica's entries have been published as usage events.
        "ALTER TABLE ledger_replicas ADD COLUMN published INTEGER NOT NULL DEFAULT 0;",

        // What was used in each hour (since 1970), so that a start need not read a month of entries to know what budgets have left. Of a life (the sequence
        // that a start of the replica began with; 0: one before it), for a start counts what came before it.
        """
        CREATE TABLE ledger_hours (
            hour INTEGER NOT NULL,
            replica INTEGER NOT NULL,
            life INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            customer_id TEXT NOT NULL,
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            requested_model TEXT NOT NULL,
            provider TEXT NOT NULL,
            target_model TEXT NOT NULL,
            requests INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            cost_nano_usd INTEGER NOT NULL,
            PRIMARY KEY (hour, replica, life, key_id, customer_id, team_id, user_id, requested_model, provider, target_model)
        ) WITHOUT ROWID;
        INSERT INTO ledger_hours
            SELECT time / 3600000000, id >> 40, 0, key_id, coalesce(customer_id, ''), coalesce(team_id, ''), coalesce(user_id, ''), requested_model, provider, target_model,
                count(*), sum(input_tokens + output_tokens), sum(cost_nano_usd)
            FROM ledger WHERE attempts > 0 GROUP BY 1, 2, 4, 5, 6, 7, 8, 9, 10;
        """,

        // Which way a reply came, what it cost in vain, and each call of a provider where there is more to tell than the row says.
        """
        ALTER TABLE ledger ADD COLUMN provider_key TEXT;
        ALTER TABLE ledger ADD COLUMN route TEXT;
        ALTER TABLE ledger ADD COLUMN rule TEXT;
        ALTER TABLE ledger ADD COLUMN arm TEXT;
        ALTER TABLE ledger ADD COLUMN wasted_nano_usd INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN attempt_list TEXT;
        """,

        // Where to look for entries, instead of indexes that take two more places of every row: for each span of ids (Metering.LedgerSpans) between which times its
        // entries lie, perhaps widely, and of which keys they are, perhaps with some more.
        """
        CREATE TABLE ledger_spans (
            span INTEGER PRIMARY KEY,
            least INTEGER NOT NULL,
            greatest INTEGER NOT NULL
        );
        CREATE TABLE ledger_span_keys (
            span INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            PRIMARY KEY (span, key_id)
        ) WITHOUT ROWID;
        INSERT INTO ledger_spans SELECT id >> 10, min(time), max(time) FROM ledger GROUP BY 1;
        INSERT INTO ledger_span_keys SELECT DISTINCT id >> 10, key_id FROM ledger;
        CREATE INDEX ledger_spans_times ON ledger_spans (greatest, least);
        DROP INDEX ledger_time;
        DROP INDEX ledger_key;
        """,

        // Entries as blocks (Metering.LedgerBlockWriter) instead of a row for each. The ledger carries over what is in the rows' table, and drops it.
        "CREATE TABLE ledger_blocks (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);",
    ];
}
