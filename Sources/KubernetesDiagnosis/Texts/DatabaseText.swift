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
            "readonly you can")
        {
            return .databaseReadOnly
        }
        // Who logs in to the program itself is refused in such words, too: those count that only a database says.
        if line.hasAny(
            "password authentication failed", "access denied for user", "wrongpass", "noauth authentication required", "ora-01017",
            "login was refused",
            "access_refused",
            "invalid username-password pair", "error 1045")
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
            "access_refused", "noauth", "wrongpass", "ora-", "sqlclient", "sqlexception", "access denied for user", "error 1045", "(1045")
    }
}
