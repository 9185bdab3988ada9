import ArgumentParser
import Core

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case table, json, yaml }

/// `-o table|json|yaml`, the same for every command.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "How to print it.")
    var output: OutputFormat = .table

    /// Prints the document, or for people the lines that `table` makes of it.
    func print(_ document: JSON, table: (JSON) throws -> [String]) rethrows {
        switch output {
        case .table: Terminal.printLines(try table(document))
        case .json: Terminal.printLine(document.text(pretty: true).escapedForTerminal)
        case .yaml: Terminal.printLine(document.yaml.escapedForTerminal)
        }
    }

    /// Prints one element of a stream: a line of JSON, a YAML document, or the lines that `table` makes of it.
    func printElement(_ document: JSON, table: (JSON) -> [String]) {
        switch output {
        case .table: Terminal.printLines(table(document))
        case .json: Terminal.printLine(document.text().escapedForTerminal)
        case .yaml: Terminal.printLine("---\n" + document.yaml.escapedForTerminal)
        }
    }
}

extension String {
    /// JSON or YAML text in which control and bidirectional characters inside strings stand as `\u` escapes: the same value, and
    /// harmless on a terminal. (Both formats allow such characters in double-quoted strings only, which is where they are.)
    var escapedForTerminal: String {
        if utf8.allSatisfy({ $0 < 0x7F }) { return self }
        var out = ""
        out.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            case 0xE0000...0xE007F:
                for unit in String(scalar).utf16 { out += "\\u" + String(unit, radix: 16) }
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
