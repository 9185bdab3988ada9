import Core

/// Pages that only say something: not signed in, not allowed, not there, not possible.
struct MessagePage: Sendable {
    let error: MartletError
    let status: Int

    var title: String {
        switch status {
        case 401: "Sign in"
        case 403: "Not allowed"
        case 404: "Not found"
        case 409: "Refused"
        case 429: "Too many attempts"
        case 503: "Not available"
        default: status < 500 ? "Not possible" : "Not answered"
        }
    }

    var html: HTML {
        if status == 401 {
            return #"""
                <div class="panel empty"><h2>Sign in</h2><p>On the machine where Martlet runs, print a link and open it here:</p><pre class="run">martlet login</pre>
                <p>A link works once, for ten minutes. Have you just opened one? <a href="/">Continue</a></p></div>
                """#
        }
        let details = error.details.isEmpty ? HTML.empty : "<ul>\(error.details.html { "<li class=\"soft\">\($0)</li>" })</ul>"
        let fix = error.fix.map { fix -> HTML in "<p>\(fix)</p>" }
        return
            #"<div class="panel empty" role="alert"><h2>\#(Self.sentence(error.message))</h2>\#(details)\#(fix)<p><a href="/">Incidents</a></p></div>"#
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
