package import Core
import Foundation

/// The exchanges of a folder, in the order in which they happened: by `Date`, then by resource version, then as `INDEX.tsv` lists them.
package struct TranscriptFolder: Sendable {
    let exchanges: [Exchange]
    /// Files that are no exchange.
    package let unreadable: [String]

    package init(path: String) throws(MartletError) {
        let root = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
        guard let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
            throw MartletError(.notFound, "the folder \(path) cannot be read", fix: "check the path given with --transcripts")
        }
        var texts: [(name: String, text: String)] = []
        for case let file as URL in files where file.pathExtension == "http" {
            let name = String(file.standardizedFileURL.deletingPathExtension().path.dropFirst(root.path.count)).drop { $0 == "/" }
            guard let data = FileManager.default.contents(atPath: file.path) else {
                throw MartletError(.io, "\(file.path) cannot be read")
            }
            texts.append((String(name), String(decoding: data, as: UTF8.self)))
        }
        guard !texts.isEmpty else {
            throw MartletError(
                .notFound, "there are no exchanges (*.http) in \(path)", fix: "give the folder that holds the captured exchanges")
        }
        let index = FileManager.default.contents(atPath: root.appending(path: "INDEX.tsv").path).map { String(decoding: $0, as: UTF8.self) }
        self.init(texts, index: index ?? "")
    }

    /// `index`: the text of `INDEX.tsv`, whose first column names the exchanges; those that it does not name come last, by name.
    init(_ texts: [(name: String, text: String)], index: String) {
        var places: [String: Int] = [:]
        for line in index.split(separator: "\n") {
            let name = line.prefix { $0 != "\t" }
            if places[String(name)] == nil { places[String(name)] = places.count }
        }
        let read = texts.sorted { $0.name < $1.name }.map { ($0.name, Exchange(name: $0.name, text: $0.text)) }
        unreadable = read.filter { $0.1 == nil }.map(\.0)
        exchanges = read.compactMap(\.1).map { exchange in
            let time = exchange.date.map { $0.wholeSeconds } ?? .max
            return (place: (time, exchange.version ?? .max, places[exchange.name] ?? .max, exchange.name), exchange: exchange)
        }.sorted { $0.place < $1.place }.map(\.exchange)
    }
}
