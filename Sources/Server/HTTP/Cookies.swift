import HTTPTypes

/// The one cookie.
enum Cookies {
    static func value(_ name: String, in headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for part in field.split(separator: ";") {
                let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if pair.count == 2, pair[0] == name { return String(pair[1]) }
            }
        }
        return nil
    }

    /// For scripts it does not exist, and no other site's request carries it.
    static func session(_ value: String, isTLS: Bool) -> String {
        "\(AccessControl.cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict\(isTLS ? "; Secure" : "")"
    }

    static func end(isTLS: Bool) -> String { session("", isTLS: isTLS) + "; Max-Age=0" }
}
