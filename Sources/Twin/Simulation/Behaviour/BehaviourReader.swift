import Core
import Documents

/// Reads behaviours from YAML, strictly: an unknown key or a value of the wrong type is an error that names its place.
struct BehaviourReader {
    let place: String

    /// The document of the annotation `twin.martlet/behaviour`: behaviours by container name.
    static func annotation(_ text: String, place: String) throws(MartletError) -> [String: Behaviour] {
        let reader = BehaviourReader(place: place)
        guard let members = try DocumentReader.json(text, place: place).object else {
            throw reader.invalid("", "is not a mapping of container names to behaviours")
        }
        var result: [String: Behaviour] = [:]
        for (name, value) in members { result[name] = try reader.behaviour(value, at: name) }
        return result
    }

    func invalid(_ path: String, _ what: String, fix: String? = nil) -> MartletError {
        MartletError(.invalid, "\(place): \(path.isEmpty ? "the document" : path) \(what)", fix: fix)
    }

    /// The behaviour that `value` makes of `base`.
    func behaviour(_ value: JSON, at path: String, over base: Behaviour = Behaviour()) throws(MartletError) -> Behaviour {
        guard let members = value.object else { throw invalid(path, "is not a mapping") }
        var result = base
        for (key, value) in members {
            let here = "\(path).\(key)"
            switch key {
            case "start": result.start = try duration(value, here)
            case "exit": result.exit = try exit(value, here)
            case "memory": result.memory = try memory(value, here)
            case "cpu": result.cpu = try cores(value, here)
            case "listen": result.listen = try listen(value, here)
            case "respond": result.responses = try each(value, here, response)
            case "refuses": result.refuses = try text(value, here)
            case "exec": result.execution = try execution(value, here)
            case "needsEnv": result.needsEnv = try each(value, here, variable)
            case "needsFile": result.needsFile = try each(value, here, file)
            case "needsPeer": result.needsPeer = try each(value, here, peer)
            case "needsAccess": result.needsAccess = try each(value, here, access)
            case "storage": result.storage = try storage(value, here)
            case "backlog": result.backlog = try memory(value, here)
            case "writes": result.writes = try each(value, here, text)
            case "errorRate": result.errorRate = try share(value, here)
            case "latency": result.latency = try duration(value, here)
            case "requests": result.requests = try number(value, here)
            case "work": result.work = try duration(value, here)
            case "workers": result.workers = try count(value, here)
            case "queue": result.queue = try count(value, here)
            case "calls": result.calls = try each(value, here, call)
            case "log": result.log = try each(value, here, logLine)
            case "stop": result.stop = value.string == "never" ? nil : try duration(value, here)
            case "commands": result.commands = try each(value, here, text)
            case "startError": result.startError = try word(value, here)
            case "user": result.user = try scalar(value, here)
            case "when": result.variants = try each(value, here, variant)
            default: throw unknown(key, at: here, Self.keys)
            }
        }
        return result
    }

    static let keys = [
        "start", "exit", "memory", "cpu", "listen", "respond", "refuses", "exec", "needsEnv", "needsFile", "needsPeer", "needsAccess",
        "storage", "backlog", "writes", "errorRate", "latency", "requests", "work", "workers", "queue", "calls", "log", "stop", "commands",
        "startError", "user",
        "when",
    ]

    func unknown(_ key: String, at path: String, _ known: [String]) -> MartletError {
        invalid(path, "is not a known key", fix: "known keys: " + known.joined(separator: ", "))
    }
}
