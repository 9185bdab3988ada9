/// Server-Sent Events out of bytes as they arrive (WHATWG HTML, section 9.2.6).
struct EventStreamParser {
    struct Event: Equatable {
        var id: String?
        var name = "message"
        var data = ""
    }

    /// Longer lines are dropped to their beginning, so that a broken server cannot exhaust memory.
    private static let maximumLine = 4 << 20
    private var line: [UInt8] = []
    private var endedWithReturn = false
    private var event = Event()
    private var data: [String] = []
    /// What to send as `Last-Event-ID` when the connection is made again.
    private(set) var lastEventID: String?
    /// Milliseconds to wait before that, when the server said so.
    private(set) var retry: Int?

    /// The events that these bytes complete.
    mutating func append(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            switch byte {
            case 0x0A where endedWithReturn: endedWithReturn = false
            case 0x0A, 0x0D:
                endedWithReturn = byte == 0x0D
                if let event = endLine() { events.append(event) }
            default:
                endedWithReturn = false
                if line.count < EventStreamParser.maximumLine { line.append(byte) }
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if text.isEmpty {
            defer { event = Event(); data = [] }
            guard !data.isEmpty else { return nil }
            event.id = lastEventID
            event.data = data.joined(separator: "\n")
            return event
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.first == " " { value = value.dropFirst() }
        switch parts[0] {
        case "id" where !value.contains("\0"): lastEventID = String(value)
        case "event": event.name = String(value)
        case "data": data.append(String(value))
        case "retry": retry = Int(value) ?? retry
        default: break
        }
        return nil
    }
}
