import Core
import Logging

/// Stands before the process' own log lines: what libraries and clusters say in errors may hold secrets and escapes (INTERFACES section 7).
struct RedactingLogHandler: LogHandler {
    private var base: any LogHandler
    private let redactor: Redactor

    init(_ base: any LogHandler, _ redactor: Redactor) {
        self.base = base
        self.redactor = redactor
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(clean(event.message.description))"
        event.metadata = event.metadata.map(clean)
        if let error = event.error {
            event.error = nil
            event.metadata = (event.metadata ?? [:]).merging(["error": "\(clean("\(error)"))"]) { first, _ in first }
        }
        base.log(event: event)
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = clean(newValue) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue.map { clean($0, under: key) } }
    }

    private func clean(_ text: String) -> String {
        var redactor = redactor
        return redactor.text(text).terminalSafe
    }

    private func clean(_ metadata: Logger.Metadata) -> Logger.Metadata {
        var out = metadata
        for (key, value) in metadata { out[key] = clean(value, under: key) }
        return out
    }

    private func clean(_ value: Logger.MetadataValue, under key: String) -> Logger.MetadataValue {
        switch value {
        case .dictionary(let members): return .dictionary(clean(members))
        case .array(let elements): return .array(elements.map { clean($0, under: key) })
        case .string, .stringConvertible:
            var redactor = redactor
            return .string((redactor.json([key: .string(value.description)])[key]?.string ?? "").terminalSafe)
        }
    }
}

extension Logger {
    /// The same logger, with every secret and every escape taken out of its lines.
    func redacted(by redactor: Redactor) -> Logger {
        var logger = self
        logger.handler = RedactingLogHandler(handler, redactor)
        return logger
    }
}
