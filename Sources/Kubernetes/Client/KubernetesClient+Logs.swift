package import Core

/// Which part of which container's log.
package struct LogRequest: Sendable, Hashable {
    package var namespace: String
    package var pod: String
    /// Needed when the pod has several.
    package var container: String?
    /// The container's run before this one.
    package var previous = false
    /// The last lines only.
    package var tail: Int?
    /// Lines not older than this; the server refuses it together with ``sinceTime``.
    package var sinceSeconds: Int?
    package var sinceTime: Timestamp?
    /// May cut in the middle of a line.
    package var limitBytes: Int?
    /// RFC 3339 before each line.
    package var timestamps = false

    package init(namespace: String, pod: String, container: String? = nil) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
    }

    func path(follow: Bool) -> String {
        var query = Query()
        query.add("container", container)
        query.add("previous", when: previous)
        query.add("follow", when: follow)
        query.add("tailLines", tail)
        query.add("sinceSeconds", sinceSeconds)
        query.add("sinceTime", sinceTime?.rfc3339())
        query.add("limitBytes", limitBytes)
        query.add("timestamps", when: timestamps)
        return ObjectKey(type: .pods, namespace: namespace, name: pod).path("log") + query.text
    }
}

extension KubernetesClient {
    /// A container's log as it is now. Empty for a pod without a node (204).
    ///
    /// The log of a run that the node has removed is an error here, though the server answers 200 with a text that says so.
    package func log(_ request: LogRequest) async throws -> String {
        let call = HTTPCall(path: request.path(follow: false))
        let text = try await send(call) { String(decoding: $0, as: UTF8.self) }
        if text.hasPrefix("unable to retrieve container logs for "), !text.dropLast().contains("\n") {
            var gone = APIStatus()
            gone.code = 404
            gone.reason = "NotFound"
            gone.message = text.filter { !$0.isNewline }
            throw failure(.status(gone), call)
        }
        return text
    }

    /// A container's log line by line as it is written, until the container ends or the reader stops.
    package func follow(_ request: LogRequest) async throws -> Lines {
        try await open(HTTPCall(path: request.path(follow: true), isLongRunning: true)).body.lines()
    }
}
