import Core
import Kubernetes

/// The options that stand in the query of a write, and what is wrong with them (apimachinery meta/v1/validation).
enum RequestOptions {
    /// `kind`: `CreateOptions`, `UpdateOptions`, `PatchOptions`.
    static func check(_ request: TwinRequest, kind: String, isApply: Bool = false) throws(APIFailure) {
        var validation = Validation()
        let manager = request["fieldManager"] ?? ""
        if kind == "PatchOptions" {
            if !isApply, request["force"] != nil { validation.forbidden("force", "may not be specified for non-apply patch") }
            if isApply, manager.isEmpty { validation.required("fieldManager", "is required for apply patch") }
        }
        if manager.utf8.count > 128 { validation.tooLong("fieldManager", 128) }
        for (i, character) in manager.unicodeScalars.enumerated() where character.value < 0x20 || character.value == 0x7F {
            let code = String(character.value, radix: 16, uppercase: true)
            validation.invalid(
                "fieldManager", .string(manager),
                "invalid character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) (at position \(i))")
        }
        dryRun(request.all("dryRun"), &validation)
        let level = request["fieldValidation"] ?? ""
        if !["", "Ignore", "Strict", "Warn"].contains(level) {
            validation.unsupported("fieldValidation", .string(level), ["", "Ignore", "Strict", "Warn"])
        }
        try refuse(kind, validation)
    }

    /// Options of a delete, which may stand in its body instead.
    static func checkDelete(dryRun values: [String], propagation: String?, orphans: Bool?) throws(APIFailure) {
        var validation = Validation()
        if let propagation {
            if orphans != nil {
                validation.invalid(
                    "propagationPolicy", .string(propagation), "orphanDependents and deletionPropagation cannot be both set")
            }
            let known = ["Foreground", "Background", "Orphan"]
            if !known.contains(propagation) { validation.unsupported("propagationPolicy", .string(propagation), known + ["nil"]) }
        }
        dryRun(values, &validation)
        try refuse("DeleteOptions", validation)
    }

    /// Options of a list or a watch (meta/internalversion/validation).
    static func checkList(_ request: TwinRequest, isWatch: Bool) throws(APIFailure) {
        for name in ["limit", "timeoutSeconds"] {
            if let text = request[name], !text.isEmpty, Int64(text) == nil { throw noNumber(text) }
        }
        var validation = Validation()
        let version = request["resourceVersion"] ?? ""
        let match = request["resourceVersionMatch"] ?? ""
        if isWatch {
            watchOptions(request, match, &validation)
        } else if request["sendInitialEvents"] != nil {
            validation.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")
        }
        if !isWatch, !match.isEmpty {
            if version.isEmpty {
                validation.forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")
            }
            if request["continue"]?.isEmpty == false {
                validation.forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided")
            }
            if match != "Exact", match != "NotOlderThan" {
                validation.unsupported("resourceVersionMatch", .string(match), ["Exact", "NotOlderThan", ""])
            }
            if match == "Exact", version == "0" {
                validation.forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
            }
        }
        try refuse("ListOptions", validation)
        if !isWatch, request["continue"]?.isEmpty == false, !version.isEmpty, version != "0" {
            throw APIFailure.badRequest("specifying resource version is not allowed when using continue")
        }
    }

    private static func watchOptions(_ request: TwinRequest, _ match: String, _ validation: inout Validation) {
        let asksForInitial = request["sendInitialEvents"] != nil
        if asksForInitial, match != "NotOlderThan" {
            validation.forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
        } else if !asksForInitial, !match.isEmpty {
            validation.forbidden(
                "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        }
    }

    /// The version that a read asks for; a version of the future is not there yet.
    @discardableResult
    static func checkVersion(_ text: String, current: Int64) throws(APIFailure) -> Int64 {
        let wanted = try version(text)
        if wanted > current {
            throw APIFailure(
                504, "Timeout", "Timeout: Too large resource version: \(text), current: \(current)",
                causes: [.init(reason: "ResourceVersionTooLarge", message: "Too large resource version")], retryAfter: 1)
        }
        return wanted
    }

    /// A resource version: what is beyond all that the twin counts is told as the largest that it can count.
    static func version(_ text: String) throws(APIFailure) -> Int64 {
        if let wanted = UInt64(text), !text.hasPrefix("+") { return Int64(clamping: wanted) }
        throw APIFailure(
            500, "",
            "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": \(numberProblem(text, isSigned: false))")
    }

    static func noNumber(_ text: String) -> APIFailure {
        APIFailure.badRequest("strconv.ParseInt: parsing \(JSON.string(text).text()): \(numberProblem(text, isSigned: true))")
    }

    private static func numberProblem(_ text: String, isSigned: Bool) -> String {
        let digits = isSigned && (text.hasPrefix("-") || text.hasPrefix("+")) ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber } ? "value out of range" : "invalid syntax"
    }

    private static func dryRun(_ values: [String], _ validation: inout Validation) {
        if values.contains(where: { $0 != "All" }) { validation.unsupported("dryRun", JSON(values), ["All"]) }
    }

    private static func refuse(_ kind: String, _ validation: Validation) throws(APIFailure) {
        guard !validation.causes.isEmpty else { return }
        let type = ResourceType(group: "meta.k8s.io", version: "v1", plural: "", kind: kind, isNamespaced: false)
        throw APIFailure.invalid(type, name: "", causes: validation.causes)
    }
}
