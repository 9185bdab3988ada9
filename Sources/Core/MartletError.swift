/// The one error of the borders: what went wrong, where, why, and what to do about it.
///
/// `code` maps to an exit status (``Code/exitStatus``) and to an HTTP status in `Server`.
package struct MartletError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case invalid, usage, notFound, unauthorized, forbidden, conflict, refused, tooMany, unavailable, timeout, corrupt, busy, io,
            internalError

        /// INTERFACES section 9: 1 error, 2 usage, 4 refused.
        package var exitStatus: Int32 {
            switch self {
            case .usage: 2
            case .refused: 4
            default: 1
            }
        }
    }

    package let code: Code
    /// What is so, in one line, with the place: `the server at https://… refused the credentials of context "staging" (401)`.
    package let message: String
    /// Further facts, one line each.
    package let details: [String]
    /// What to do: printed behind `fix:`.
    package let fix: String?

    package init(_ code: Code, _ message: String, details: [String] = [], fix: String? = nil) {
        self.code = code
        self.message = message
        self.details = details
        self.fix = fix
    }

    package var description: String {
        ([message] + details.map { "  \($0)" } + (fix.map { ["  fix: \($0)"] } ?? [])).joined(separator: "\n")
    }
}
