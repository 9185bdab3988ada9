/// What the API refused a service account, as a program's log has it:
/// `User "system:serviceaccount:NS:NAME" cannot VERB resource "R" in API group "G"`.
struct AccessDenial: Sendable, Hashable {
    let namespace: String, account: String, verb: String, resource: String, group: String

    init?(_ text: String) {
        let line = LogLine(text)
        guard let user = line.word(after: "system:serviceaccount:"), let verb = line.word(after: "cannot "),
            let resource = line.word(after: "resource ")
        else { return nil }
        let parts = user.split(separator: ":")
        guard parts.count == 2 else { return nil }
        (namespace, account) = (String(parts[0]), String(parts[1]))
        (self.verb, self.resource) = (verb, resource)
        group = text.firstRange(of: "API group \"").map { String(text[$0.upperBound...].prefix { $0 != "\"" && $0 != "\\" }) } ?? ""
    }
}
