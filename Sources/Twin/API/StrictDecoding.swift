import Core
import Kubernetes

/// What becomes of a body that says more than its type takes: fields that nobody knows, and keys that stand twice
/// (`fieldValidation`: `Strict` refuses, `Warn`, which is usual, warns, `Ignore` drops).
extension TwinAPI {
    /// Refuses a body for them, or warns of them.
    func strictly(_ texts: [String], _ what: String, _ context: inout RequestContext) throws(APIFailure) {
        switch context.request["fieldValidation"] {
        case _ where texts.isEmpty: break
        case "Strict": throw APIFailure.badRequest(what + "strict decoding error: " + texts.joined(separator: ", "))
        case "Ignore": break
        default: context.warnings += texts
        }
    }

    /// What stands twice in a patch, or is no part of an operation of a JSON patch.
    static func doubled(inPatch context: RequestContext, _ kind: PatchDocument.Kind) -> [String] {
        let body = context.request.body
        guard context.request["fieldValidation"] != "Ignore" else { return [] }
        let keys = DuplicateKeys(body)
        guard kind == .json else { return keys.texts }
        var unknown: [String] = []
        for (i, operation) in ((try? JSON(parsing: body))?.array ?? []).enumerated() {
            for key in operation.object?.keys ?? [] where !["op", "path", "from", "value"].contains(key) { unknown.append("[\(i)].\(key)") }
        }
        return keys.texts(withUnknown: unknown).map { "json patch \($0)" }
    }

    /// The same for an applied document, which is read as YAML.
    static func checkApplied(_ context: inout RequestContext) throws(APIFailure) {
        let body = context.request.body
        let level = context.request["fieldValidation"]
        guard level != "Ignore" else { return }
        let texts = DuplicateKeys(body).yamlTexts(in: body)
        if texts.isEmpty { return }
        if level == "Strict" {
            throw APIFailure.badRequest(
                "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n"
                    + texts.map { "  \($0)" }.joined(separator: "\n"))
        }
        context.warnings += texts
    }
}
