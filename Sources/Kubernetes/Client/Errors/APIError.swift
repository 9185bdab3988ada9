package import Core

/// Why a call failed. ``martletError`` says it to people.
package struct APIError: Error, Sendable {
    package enum Reason: Sendable {
        /// The server answered with an error.
        case status(APIStatus)
        /// No answer came, or it broke off.
        case transport(TransportError)
        /// The answer is not the JSON that was expected.
        case unreadable(JSONError)
        /// Every page of a list names a next one, and none gets on; with what shows it.
        case endlessList(String)
        /// The answer is larger than this client is willing to hold.
        case tooLarge(limit: Int)
        /// The credentials could not be had: a plug-in failed, a file is gone.
        case credentials(MartletError)
    }

    package let reason: Reason
    /// `GET`, `PATCH`, ….
    package let method: String
    package let path: String
    package let server: ServerIdentity

    package init(_ reason: Reason, method: String, path: String, server: ServerIdentity) {
        self.reason = reason
        self.method = method
        self.path = path
        self.server = server
    }

    /// The server's `Status`, when it answered.
    package var status: APIStatus? { if case .status(let status) = reason { status } else { nil } }
    package var isNotFound: Bool { status?.isNotFound ?? false }
    package var isConflict: Bool { status?.isConflict ?? false }
    package var isAlreadyExists: Bool { status?.isAlreadyExists ?? false }
    package var isForbidden: Bool { status?.code == 403 }
    package var isExpired: Bool { status?.isExpired ?? false }
    /// No answer, or one that broke off: a write may or may not have been carried out.
    package var isOutcomeUnknown: Bool {
        switch reason {
        case .transport(let error): error.kind == .closed || error.kind == .timeout
        case .unreadable, .tooLarge: true
        case .status(let status): status.code == 504 || (status.code == 500 && status.reason == "Timeout")
        case .credentials, .endlessList: false
        }
    }
}

/// Which server a client speaks to and as whom, for error texts.
package struct ServerIdentity: Sendable, Hashable {
    /// `https://10.0.0.4:6443`.
    package var url: String
    package var context: String?
    package var user: String?
    /// When the client certificate ends.
    package var certificateExpiry: Timestamp?

    package init(url: String, context: String? = nil, user: String? = nil, certificateExpiry: Timestamp? = nil) {
        self.url = url
        self.context = context
        self.user = user
        self.certificateExpiry = certificateExpiry
    }
}
