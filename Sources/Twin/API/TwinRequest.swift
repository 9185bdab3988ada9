/// One request to the twin's API, without a socket.
package struct TwinRequest: Sendable {
    package var method: String
    /// The path without the query, percent-decoded by segment when it is routed.
    package var path: String
    /// Decoded pairs in the order in which they came.
    package var query: [(name: String, value: String)]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Whom the client certificate names; nil without one. A bearer token in `headers` counts first.
    package var certificateUser: UserInfo?

    package init(
        _ method: String, path: String, query: [(name: String, value: String)] = [], headers: [String: String] = [:], body: [UInt8] = [],
        certificateUser: UserInfo? = .administrator
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.certificateUser = certificateUser
    }

    /// From a request target: `/api/v1/pods?limit=5`.
    package init(
        _ method: String, target: String, headers: [String: String] = [:], body: [UInt8] = [],
        certificateUser: UserInfo? = .administrator
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? TwinRequest.parse(query: parts[1]) : []
        self.init(method, path: String(parts.first ?? "/"), query: query, headers: headers, body: body, certificateUser: certificateUser)
    }

    subscript(parameter: String) -> String? { query.first { $0.name == parameter }?.value }

    /// All values of a parameter that may stand more than once.
    func all(_ parameter: String) -> [String] { query.filter { $0.name == parameter }.map(\.value) }

    /// Everything that stands there but a false and a zero is true (apimachinery runtime, Convert_Slice_string_To_bool).
    func flag(_ parameter: String) -> Bool {
        guard let value = self[parameter] else { return false }
        return value != "0" && value.lowercased() != "false"
    }

    /// `application/x-www-form-urlencoded`.
    static func parse(query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(sides[0], plus: true), sides.count == 2 ? decode(sides[1], plus: true) : "")
        }
    }

    /// Percent-decoding; a broken escape stays as it is.
    static func decode(_ text: Substring, plus: Bool = false) -> String {
        var out: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        var pending: [UInt8] = []
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        while let byte = pending.popLast() ?? bytes.next() {
            if byte == UInt8(ascii: "+"), plus { out.append(0x20); continue }
            guard byte == UInt8(ascii: "%") else { out.append(byte); continue }
            guard let high = bytes.next() else { out.append(byte); break }
            guard let low = bytes.next() else { out += [byte, high]; break }
            if let h = digit(high), let l = digit(low) { out.append(h << 4 | l) } else { out.append(byte); pending = [low, high] }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// The answer: whole, or a stream that goes on until the request ends.
package struct TwinAnswer: Sendable {
    package enum Body: Sendable {
        case full([UInt8])
        case list(ListBody)
        /// Frames as they come; ends when the server ends it. Ending the iteration gives the watch up.
        case stream(FrameStream)
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(status: Int, headers: [(name: String, value: String)], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The whole body; nil for a stream.
    package var bytes: [UInt8]? {
        switch body {
        case .full(let bytes): bytes
        case .list(let list): list.bytes
        case .stream: nil
        }
    }
}
