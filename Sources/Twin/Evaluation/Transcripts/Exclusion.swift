import Core
import Foundation

/// Everything that the replay does not compare, each with its reason: the only such list.
enum Exclusion: String, CaseIterable {
    case uid = "uids are random"
    case version = "resource versions, and what is made of them, count the writes of a whole cluster"
    case time = "times are those of the run"
    case generatedName = "generated names are random"
    case address = "addresses are those of the cluster's networks"
    case credential = "the digest of a certificate is that of a key that was made for the cluster"
    case documentHash = "the hash of a document covers its bytes, also those of texts that describe and of build numbers"
    case build = "the commit, compiler and date of the build are those of the program"
    case compressed = "the capture leaves a compressed body out"
    case unseenState = "hangs on state that no transcript shows"

    /// Members that are left out wherever they stand.
    private static let members: [String: Exclusion] = [
        "uid": .uid, "resourceVersion": .version, "gitCommit": .build, "buildDate": .build, "goVersion": .build, "compiler": .build,
        "gitTreeState": .build, "serverAddress": .address, "clusterIP": .address, "podIP": .address, "hostIP": .address,
    ]

    /// Why a member is not compared; nil: it is.
    static func reason(_ member: String, _ expected: JSON, _ found: JSON) -> Exclusion? {
        if let reason = members[member] { return reason }
        if member == "continue", ContinueToken.start(expected.string) == ContinueToken.start(found.string) { return .version }
        if let a = expected.string, let b = found.string, Timestamp(a) != nil, Timestamp(b) != nil { return .time }
        return nil
    }

    /// `5s`, `3m12s`, `4h5m`, `2d3h`: a duration as tables write it.
    static func isAge(_ text: String) -> Bool { text.range(of: "^(\\d+[smhdy])+$", options: .regularExpression) != nil }

    /// What of texts is left out: the same text stands for all values.
    static func leveled(_ text: String) -> String {
        var out = text
        for (pattern, replacement) in patterns {
            out = out.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return out
    }

    private static let patterns = [
        // A refusal that quotes the whole object on which the request worked.
        ("Invalid value: \"\\{.*\\\\\"uid\\\\\":.*\\}\": ", "Invalid value: <object>: "),
        ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>"),
        ("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)", "<time>"),
        ("\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b", "<address>"),
        ("X509SHA256=[0-9a-f]{64}", "X509SHA256=<digest>"),
        ("kube-api-access-[a-z0-9]{5}", "kube-api-access-<name>"),
        ("hash=[0-9A-F]+", "hash=<hash>"),
        ("(resource version: \\d+) \\(\\d+\\)", "$1 (<version>)"),
        ("(resource version: \\d+, current: )\\d+", "$1<version>"),
    ]
}

extension ContinueToken {
    /// The key after which a token goes on; nil for no token.
    static func start(_ token: String?) -> String? { token.flatMap { try? read($0).after } }
}
