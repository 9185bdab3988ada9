/// Recognises complaints about settings and configuration files.
enum ConfigurationText {
    /// The environment variable that a line says is not set; nil for anything else.
    static func missingSetting(_ line: LogLine) -> String? {
        guard
            line.hasAny(
                "not set", "must be set", "is required", "required", "missing", "unset", "not defined", "undefined", "is empty",
                "not provided", "keyerror", "unbound variable", "must be specified", "must not be empty", "not specified",
                "no value", "not present", "cannot be empty", "not found in environment", "not configured", "must specify",
                "could not resolve placeholder")
                || line.has("environment variable") && line.hasAny("not found", "set the ", "please set", "expected", "couldn't find")
        else { return nil }
        let aboutEnvironment = line.hasAny(
            "environment", "env ", "env:", "env var", "variable", "setting", "keyerror", "required key", "unbound", "parameter not set",
            "process.env", "config", "placeholder")
        var fallback: String?
        for token in line.tokens {
            var name = token
            while let first = name.first, first == "$" || first == ":" || first == "." || first == "/" || first == "-" {
                name.removeFirst()
            }
            while let last = name.last, last == ":" || last == "." || last == "-" { name.removeLast() }
            guard isVariable(name) else { continue }
            if name.contains("_") { return String(name) }
            if aboutEnvironment, !levels.contains(String(name)), fallback == nil { fallback = String(name) }
        }
        return fallback
    }

    /// The configuration file that a line says is wrong, or its format where the line names no file; nil for anything else.
    static func fileAtFault(_ line: LogLine) -> String? {
        let complaint = line.hasAny(
            "parse", "parsing", "unmarshal", "syntax error", "did not find expected", "unexpected token", "unexpected character",
            "unknown field", "unknown directive", "unknown key", "invalid configuration", "invalid config", "mapping values",
            "cannot decode", "could not load config", "failed to load config", "invalid character", "[emerg]", "bad config",
            "malformed config", "unknown option", "duplicate key", "configuration error", "config error")
        guard complaint || (line.has("line ") && line.hasAny("yaml:", "toml:", "json:")) else { return nil }
        if let file = line.tokens.lazy.compactMap(configurationFile).first { return file }
        for format in ["yaml", "toml", "json", "ini", "xml", "properties"] {
            let isNamed: Bool =
                switch format {
                case "yaml": line.hasAny("yaml:", "yaml error", " yaml")
                case "toml": line.hasAny("toml:", " toml")
                case "json": line.has("json") && line.has("config")
                default: false
                }
            if isNamed { return format }
        }
        return line.hasAny("invalid configuration", "invalid config", "configuration error", "config error", "load config", "bad config")
            ? "configuration" : nil
    }

    /// The path when a token ends like a configuration file, also with `:line` behind it.
    static func configurationFile(_ token: Substring) -> String? {
        let path = token.split(separator: ":", omittingEmptySubsequences: true).first ?? token
        guard let dot = path.lastIndex(of: ".") else { return nil }
        let kind = path[path.index(after: dot)...].lowercased()
        guard ["yaml", "yml", "json", "toml", "ini", "conf", "cfg", "properties", "xml", "cnf", "hcl", "env", "config"].contains(kind)
        else {
            return nil
        }
        return String(path)
    }

    /// Whether it looks like the name of an environment variable: capitals, digits and underscores.
    static func isVariable(_ name: Substring) -> Bool {
        guard name.count >= 3, name.count <= 100, let first = name.utf8.first, (0x41...0x5A).contains(first) || first == 0x5F else {
            return false
        }
        return name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    /// Words in capitals that are no variables.
    private static let levels: Set<String> = [
        "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "TRACE", "CRITICAL", "NOTICE", "PANIC", "SEVERE", "HTTP", "HTTPS", "URL",
        "JSON", "YAML", "TOML", "TCP", "UDP", "TLS", "SSL", "DNS", "SQL", "API", "GET", "POST", "PUT", "HEAD", "DELETE", "ENV", "CONFIG",
        "EOF", "UTC", "ERR", "ALERT", "EMERG", "CRIT", "FAIL", "OAUTH", "JWT",
    ]
}
