import Core
import Documents
import Kubernetes

extension BehaviourReader {
    func each<T>(_ value: JSON, _ path: String, _ read: (JSON, String) throws(MartletError) -> T) throws(MartletError) -> [T] {
        guard let elements = value.array else { return [try read(value, path)] }
        var result: [T] = []
        for (i, element) in elements.enumerated() { result.append(try read(element, "\(path)[\(i)]")) }
        return result
    }

    /// The members of a mapping whose keys are all known.
    func members(_ value: JSON, _ path: String, _ known: [String]) throws(MartletError) -> JSONObject {
        guard let members = value.object else { throw invalid(path, "is not a mapping with " + known.joined(separator: ", ")) }
        for key in members.keys where !known.contains(key) { throw unknown(key, at: "\(path).\(key)", known) }
        return members
    }

    func text(_ value: JSON, _ path: String) throws(MartletError) -> String {
        guard let text = value.string else { throw invalid(path, "is not a string") }
        return text
    }

    func scalar(_ value: JSON, _ path: String) throws(MartletError) -> String {
        if let number = value.int { return String(number) }
        return try text(value, path)
    }

    func number(_ value: JSON, _ path: String) throws(MartletError) -> Double {
        guard let number = value.double, number >= 0, number.isFinite else { throw invalid(path, "is not a number of 0 or more") }
        return number
    }

    func share(_ value: JSON, _ path: String) throws(MartletError) -> Double {
        let number = try number(value, path)
        guard number <= 1 else { throw invalid(path, "is not a share between 0 and 1") }
        return number
    }

    func count(_ value: JSON, _ path: String) throws(MartletError) -> Int {
        guard let number = value.int, (1...1_000_000).contains(number) else { throw invalid(path, "is not a number from 1 to 1000000") }
        return number
    }

    func duration(_ value: JSON, _ path: String) throws(MartletError) -> Duration {
        if let seconds = value.double, seconds >= 0, seconds < 1e8 { return .seconds(seconds) }
        guard let text = value.string, let duration = DurationText.parse(text, plainIsSeconds: true) else {
            throw invalid(path, "is not a duration", fix: "write it as 250ms, 5s, 2m or 1h")
        }
        return duration
    }

    private func bytes(_ value: JSON, _ path: String) throws(MartletError) -> Double {
        var text = try scalar(value, path)
        if text.hasSuffix("/s") { text.removeLast(2) }
        guard let amount = Quantity(text)?.double, amount >= 0 else {
            throw invalid(path, "is not an amount of memory", fix: "write it as 64Mi")
        }
        return amount
    }

    func cores(_ value: JSON, _ path: String) throws(MartletError) -> Double {
        let text = value.double.map { "\($0)" } ?? value.string ?? ""
        guard let amount = Quantity(text)?.double, amount >= 0 else {
            throw invalid(path, "is not an amount of CPU", fix: "write it as 250m or 2")
        }
        return amount
    }

    func word<T: RawRepresentable & CaseIterable>(_ value: JSON, _ path: String) throws(MartletError) -> T where T.RawValue == String {
        guard let text = value.string, let word = T(rawValue: text) else {
            throw invalid(path, "is none of " + T.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    private func code(_ value: JSON?, _ path: String) throws(MartletError) -> Int {
        guard let value else { return 1 }
        guard let code = value.int, (0...255).contains(code) else { throw invalid("\(path).code", "is not an exit code (0 to 255)") }
        return code
    }

    private func after(_ value: JSON?, _ path: String) throws(MartletError) -> Duration {
        if let value { try duration(value, "\(path).after") } else { .zero }
    }

    private func optionalText(_ value: JSON?, _ path: String) throws(MartletError) -> String? {
        if let value { try text(value, path) } else { nil }
    }

    func exit(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Exit {
        let m = try members(value, path, ["code", "after", "log"])
        var result = Behaviour.Exit(code: try code(m["code"], path), after: try after(m["after"], path), log: [])
        if let log = m["log"] { result.log = try each(log, "\(path).log", text) }
        return result
    }

    func memory(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Memory {
        var result = Behaviour.Memory()
        if value.object == nil {
            result.workingSet = try bytes(value, path)
            result.initial = min(result.initial, result.workingSet ?? result.initial)
            return result
        }
        let m = try members(value, path, ["initial", "growth", "workingSet"])
        if let v = m["workingSet"] {
            result.workingSet = try bytes(v, "\(path).workingSet")
            result.initial = min(result.initial, result.workingSet ?? result.initial)
        }
        if let v = m["initial"] { result.initial = try bytes(v, "\(path).initial") }
        if let v = m["growth"] { result.growth = try bytes(v, "\(path).growth") }
        return result
    }

    func listen(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Listen {
        if value.object == nil { return Behaviour.Listen(ports: try each(value, path, port)) }
        let m = try members(value, path, ["ports", "after", "protocol"])
        var result = Behaviour.Listen(ports: [])
        if let v = m["ports"] { result.ports = try each(v, "\(path).ports", port) }
        if let v = m["after"] { result.after = try duration(v, "\(path).after") }
        if let v = m["protocol"] { result.speech = try word(v, "\(path).protocol") }
        return result
    }

    private func port(_ value: JSON, _ path: String) throws(MartletError) -> Int {
        guard let port = value.int, (1...65535).contains(port) else { throw invalid(path, "is not a port (1 to 65535)") }
        return port
    }

    func response(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Response {
        let m = try members(value, path, ["path", "status", "after", "log"])
        guard let status = m["status"]?.int, (100...599).contains(status) else { throw invalid("\(path).status", "is not an HTTP status") }
        return Behaviour.Response(
            path: try optionalText(m["path"], "\(path).path") ?? "/", status: status, after: try after(m["after"], path),
            log: try optionalText(m["log"], "\(path).log"))
    }

    func execution(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Execution {
        let m = try members(value, path, ["code", "output", "after"])
        return Behaviour.Execution(
            code: try code(m["code"], path), output: try optionalText(m["output"], "\(path).output") ?? "",
            after: try after(m["after"], path))
    }

    func variable(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.NeededVariable {
        if let name = value.string { return Behaviour.NeededVariable(name: name, log: nil, code: 1) }
        let m = try members(value, path, ["name", "log", "code"])
        return Behaviour.NeededVariable(
            name: try text(m["name"] ?? .null, "\(path).name"), log: try optionalText(m["log"], "\(path).log"),
            code: try code(m["code"], path))
    }

    func file(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.NeededFile {
        if let name = value.string { return Behaviour.NeededFile(path: name, contains: nil, valid: nil, log: nil, code: 1) }
        let m = try members(value, path, ["path", "contains", "valid", "log", "code"])
        var result = Behaviour.NeededFile(
            path: try text(m["path"] ?? .null, "\(path).path"), contains: try optionalText(m["contains"], "\(path).contains"), valid: nil,
            log: try optionalText(m["log"], "\(path).log"), code: try code(m["code"], path))
        if let v = m["valid"] { result.valid = try word(v, "\(path).valid") }
        return result
    }

    func peer(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.NeededPeer {
        if let address = value.string { return Behaviour.NeededPeer(address: address, env: nil, after: .zero, log: nil, code: 1) }
        let m = try members(value, path, ["address", "env", "after", "log", "code"])
        guard m["address"] != nil || m["env"] != nil else { throw invalid(path, "names neither address nor env") }
        return Behaviour.NeededPeer(
            address: try optionalText(m["address"], "\(path).address"), env: try optionalText(m["env"], "\(path).env"),
            after: try after(m["after"], path), log: try optionalText(m["log"], "\(path).log"), code: try code(m["code"], path))
    }

    func access(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.NeededAccess {
        let m = try members(value, path, ["verb", "group", "resource", "after", "log", "code"])
        return Behaviour.NeededAccess(
            verb: try text(m["verb"] ?? .null, "\(path).verb"), group: try optionalText(m["group"], "\(path).group") ?? "",
            resource: try scalar(m["resource"] ?? .null, "\(path).resource"), after: try after(m["after"], path),
            log: try optionalText(m["log"], "\(path).log"), code: try code(m["code"], path))
    }

    func call(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Call {
        if let address = value.string { return Behaviour.Call(address: address) }
        let m = try members(value, path, ["address", "env", "count", "timeout", "retries", "pool", "optional"])
        guard m["address"] != nil || m["env"] != nil else { throw invalid(path, "names neither address nor env") }
        var result = Behaviour.Call(
            address: try optionalText(m["address"], "\(path).address"), env: try optionalText(m["env"], "\(path).env"))
        if let v = m["count"] { result.count = try number(v, "\(path).count") }
        if let v = m["timeout"] { result.timeout = try duration(v, "\(path).timeout") }
        if let v = m["retries"] {
            guard let retries = v.int, (0...10).contains(retries) else { throw invalid("\(path).retries", "is not a number from 0 to 10") }
            result.retries = retries
        }
        if let v = m["pool"] { result.pool = try count(v, "\(path).pool") }
        if let v = m["optional"] {
            guard let isOptional = v.bool else { throw invalid("\(path).optional", "is neither true nor false") }
            result.isOptional = isOptional
        }
        return result
    }

    /// As memory, with the `path` that is written to.
    func storage(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Storage {
        guard var m = value.object else { return Behaviour.Storage(path: nil, amount: try memory(value, path)) }
        let place = try optionalText(m["path"], "\(path).path")
        m["path"] = nil
        var amount = try memory(.object(m), path)
        if m["initial"] == nil { amount.initial = 0 }
        return Behaviour.Storage(path: place, amount: amount)
    }

    func logLine(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.LogLine {
        if let line = value.string { return Behaviour.LogLine(text: line, after: .zero, every: nil) }
        let m = try members(value, path, ["text", "after", "every"])
        var every: Duration?
        if let v = m["every"] {
            every = try duration(v, "\(path).every")
            guard every ?? .zero >= .milliseconds(100) else { throw invalid("\(path).every", "is under 100ms") }
        }
        return Behaviour.LogLine(text: try text(m["text"] ?? .null, "\(path).text"), after: try after(m["after"], path), every: every)
    }
}
