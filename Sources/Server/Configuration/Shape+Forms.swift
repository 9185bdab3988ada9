import Core
import Documents

/// Forms of text that only the configuration has.
extension Shape {
    /// `host:port`, `[::1]:8420`, `:8421`
    static let address = Shape.form(
        Form("an address such as 127.0.0.1:8420", schema: ["type": "string", "pattern": "^(\\[[0-9a-fA-F:.]+\\]|[^:\\s/]*):[0-9]{1,5}$"]) {
            ListenAddress($0) != nil
        })

    /// `http://` or `https://`; may be a reference, since many such addresses carry a secret.
    static let location = Shape.form(
        Form("an http or https address", schema: ["type": "string", "pattern": "^(https?://|\\$\\{(env|file):.+\\}$)"]) {
            SecretReference($0) != nil || (!$0.contains("${") && WebAddress($0) != nil)
        })

    /// Only `${env:NAME}` or `${file:PATH}`.
    static let secret = Shape.form(
        Form("a reference, ${env:NAME} or ${file:PATH}", schema: ["type": "string", "pattern": "^\\$\\{(env|file):.+\\}$"]) {
            SecretReference($0) != nil
        })
}
