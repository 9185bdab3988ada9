import Core
import Yams

/// Whether a file that a program needs is there and is as it must be.
enum FileCheck {
    /// What is wrong, as a program would say it; nil: nothing.
    static func problem(_ file: Behaviour.NeededFile, _ files: [String: String?]) -> String? {
        guard let found = files[file.path] else { return "open \(file.path): no such file or directory" }
        guard let text = found else { return nil }
        if let part = file.contains, !text.contains(part) { return "\(file.path): missing \(part)" }
        switch file.valid {
        case .yaml?:
            do { _ = try Yams.compose(yaml: text) } catch let error as YamlError { return "\(file.path): \(describe(error))" } catch {
                return "\(file.path): yaml: cannot be read"
            }
        case .json?:
            do { _ = try JSON(parsing: text) } catch {
                let line = text.utf8.prefix(error.offset).count { $0 == 0x0A } + 1
                return "\(file.path): json: line \(line): \(error.reason)"
            }
        case nil: break
        }
        return nil
    }

    private static func describe(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "yaml: line \(mark.line): \(problem)"
        default: "yaml: cannot be read"
        }
    }
}
