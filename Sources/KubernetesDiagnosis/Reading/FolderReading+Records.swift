import Core
import Kubernetes

/// The files that are no lists of Kubernetes objects.
extension FolderReading {
    /// Those of them whose names end as lists do.
    static let records: Set<String> = ["units.json", "alerts.json", "calls.json"]

    mutating func readRecords(_ folder: borrowing SafeFolder) {
        let names = Set(folder.names())
        snapshot.units = elements(folder, names, "units.json", "units", "node, unit or activeState is missing", NodeUnit.init(json:))
        snapshot.alerts = elements(folder, names, "alerts.json", "alerts", "they have no labels", Alert.init(json:))
        snapshot.calls = elements(folder, names, "calls.json", "calls", "from or to is no entity path", ServiceCall.init(json:))
        snapshot.changes = lines(folder, names, "changes.jsonl", "entity is no entity path") { line throws(JSONError) in
            Change(json: try JSON(parsing: line))
        }
        snapshot.entities = lines(folder, names, "entities.jsonl", "path is no entity path") { line throws(JSONError) in
            Entity(json: try JSON(parsing: line))
        }
        snapshot.relations = lines(folder, names, "relations.jsonl", "from or to is no entity path") { line throws(JSONError) in
            EntityRelation(json: try JSON(parsing: line))
        }
        snapshot.metrics = MetricTable(
            lines(folder, names, "metrics.jsonl", "labels have no __name__, or there are no samples") { line throws(JSONError) in
                let series = try MetricSeries(parsing: line)
                return series.name.isEmpty || series.samples.isEmpty ? nil : series
            })
    }

    /// The elements of a JSON list; those that `read` refuses are counted.
    private mutating func elements<Value>(
        _ folder: borrowing SafeFolder, _ names: Set<String>, _ name: String, _ noun: String, _ why: String, _ read: (JSON) -> Value?
    ) -> [Value] {
        guard names.contains(name), let bytes = bytes(folder, name, limit: SnapshotFolder.longestRecords) else { return [] }
        guard let all = (try? JSON(parsing: bytes))?.array else { note(name, "it is not a JSON list"); return [] }
        let values = all.compactMap(read)
        if values.count < all.count {
            snapshot.notes.append("\(all.count - values.count) of \(all.count) \(noun) in \(name) were left out: \(why)")
        }
        return values
    }

    /// One value a line; a line that cannot be read, or that `read` refuses, costs itself. Empty lines are passed over.
    private mutating func lines<Value>(
        _ folder: borrowing SafeFolder, _ names: Set<String>, _ name: String, _ why: String,
        _ read: ([UInt8]) throws(JSONError) -> Value?
    ) -> [Value] {
        guard names.contains(name), let bytes = bytes(folder, name, limit: SnapshotFolder.longestRecords) else { return [] }
        var values: [Value] = []
        var count = 0, left = 0
        var first: String?
        for (i, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            count += 1
            do {
                if let value = try read(Array(line)) { values.append(value); continue }
                first = first ?? "line \(i + 1): \(why)"
            } catch {
                first = first ?? "line \(i + 1): \(error)"
            }
            left += 1
        }
        if let first { snapshot.notes.append("\(left) of \(count) lines of \(name) were left out: \(first)") }
        return values
    }
}
