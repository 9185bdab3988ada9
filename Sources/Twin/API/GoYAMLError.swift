import Yams

/// Why a text is no YAML, in the words of Go's yaml package, which the API server hands on.
enum GoYAMLError {
    /// nil for what is YAML.
    static func text(_ yaml: String) -> String? {
        do {
            _ = try Yams.compose(yaml: yaml)
            return nil
        } catch YamlError.scanner(let context, let problem, let mark, _) {
            return words(problem, at: (context?.mark).map { $0.line > 1 ? $0 : mark } ?? mark, isScanner: true)
        } catch YamlError.parser(let context, let problem, let mark, _) {
            return words(problem, at: (context?.mark).map { $0.line > 1 ? $0 : mark } ?? mark, isScanner: false)
        } catch {
            return "yaml: \(error)"
        }
    }

    /// The parser counts lines from 0 and tells no line 0; only the scanner's are counted from 1.
    private static func words(_ problem: String, at mark: Mark, isScanner: Bool) -> String {
        let line = mark.line - 1
        return line > 0 ? "yaml: line \(isScanner ? line + 1 : line): \(problem)" : "yaml: \(problem)"
    }
}
