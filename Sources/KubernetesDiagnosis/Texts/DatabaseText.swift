/// What databases answer to those whom they turn away, in the words of their servers and clients (PostgreSQL, MySQL, MongoDB, Redis, RabbitMQ,
/// Elasticsearch, Oracle, SQL Server).
enum DatabaseText {
    static func refusal(_ line: LogLine) -> LogClue.Kind? {
        if line.hasAny(
            "too many connections", "too many clients already", "remaining connection slots are reserved", "max number of clients reached",
            "error 1040", "ora-12516", "ora-00018", "ora-12519", "connection limit exceeded",
            "no more connections allowed", "max_client_conn")
        {
            return .databaseFull
        }
        if line.hasAny(
            "read-only transaction", "--read-only option", "--super-read-only option", "read only replica", "notwritableprimary",
            "not master", "read-only-allow-delete", "read-only / allow delete",
            "database is read-only", "database is read only", "ora-16000", "cannot execute insert in a read", "error 1290",
            "readonly you can", "command not allowed when used memory")
        {
            return .databaseReadOnly
        }
        // Who logs in to the program itself is refused in such words, too: those count that only a database says.
        if line.hasAny(
            "password authentication failed", "access denied for user", "wrongpass", "noauth authentication required", "ora-01017",
            "login was refused",
            "access_refused",
            "invalid username-password pair", "error 1045", "nats: authorization violation", "server error: authorization violation")
            || line.hasAny("authentication failed", "login failed for user", "auth failed")
                && line.hasAny(
                    "mongo", "scram", "sasl", "redis", "postgres", "pq:", "mysql", "mariadb", "mssql", "sql server", "sqlclient",
                    "sqlexception",
                    "database")
        {
            return .loginRefused
        }
        return nil
    }

    /// Whether a refusal is told in the words of a database's own answer, rather than those of a program about its users.
    static func isOfServer(_ line: LogLine) -> Bool {
        line.hasAny(
            "fatal:", "sqlstate", "pq:", "psycopg", "postgres", "mysql", "mariadb", "mongo", "scram", "sasl", "redis", "amqp", "rabbit",
            "access_refused", "noauth", "wrongpass", "ora-", "sqlclient", "sqlexception", "access denied for user", "error 1045", "(1045",
            "nats")
    }

    /// The port of the database that a line speaks of, where its words are those of one kind.
    static func usualPort(_ line: LogLine) -> Int? {
        if line.hasAny("redis", "wrongpass", "noauth", "'maxmemory'") { return 6379 }
        if line.hasAny(
            "postgres", "pq:", "psycopg", "npgsql", "pgx", "psqlexception", "remaining connection slots", "too many clients already")
        {
            return 5432
        }
        if line.hasAny("mysql", "mariadb", "error 1040", "error 1045", "(1045", "error 1290") { return 3306 }
        if line.hasAny("mongo", "notwritableprimary") { return 27_017 }
        if line.hasAny("amqp", "rabbit") { return 5672 }
        if line.hasAny("sqlclient", "sql server") { return 1433 }
        if line.has("ora-") { return 1521 }
        if line.has("nats") { return 4222 }
        if line.hasAny("kafka", "broker", "node assignment") { return 9092 }
        return nil
    }
}
