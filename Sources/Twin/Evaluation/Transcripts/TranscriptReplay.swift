import Core
import Kubernetes

/// Asks the twin what a real API server was asked, and compares the answers.
///
/// Each exchange is replayed on the state that *other* exchanges show for its moment. An exchange that names no version may have happened at
/// any moment of its second; it agrees if it does at one of them.
package struct TranscriptReplay: Sendable {
    private let evidence: Evidence
    private let api = TwinAPI()

    package init(_ folder: TranscriptFolder) { evidence = Evidence(folder.exchanges) }

    package var count: Int { evidence.exchanges.count }

    /// Replays one exchange, by its place in the order.
    package func result(of source: Int) async -> EvaluationCase {
        let exchange = evidence.exchanges[source]
        if let why = Unseeded.reason(source, evidence) { return EvaluationCase(exchange.name, .unseeded, notes: [why]) }
        var best: Attempt?
        for version in moments(of: source) {
            let attempt = await attempt(source, at: version)
            if attempt.comparison.differences.isEmpty {
                return EvaluationCase(exchange.name, .agrees, notes: attempt.comparison.notes)
            }
            if best.map({ attempt.comparison.differences.count < $0.comparison.differences.count }) ?? true { best = attempt }
        }
        guard let best else { return EvaluationCase(exchange.name, .unseeded, notes: ["no moment"]) }
        if let why = Unseeded.reason(source, evidence, found: best.status, body: best.body, on: best.origins) {
            return EvaluationCase(exchange.name, .unseeded, notes: [why])
        }
        return EvaluationCase(exchange.name, differences: best.comparison.differences, notes: best.comparison.notes)
    }

    private struct Attempt {
        var comparison: BodyComparison
        let status: Int
        let body: JSON?
        /// What each object of the state was taken from.
        let origins: [ObjectKey: Observation]
    }

    /// The versions of the store on which an exchange may have been answered, likeliest first.
    private func moments(of source: Int) -> [Int64] {
        let exchange = evidence.exchanges[source]
        let bounds = Evidence.bounds(of: source, in: evidence.exchanges)
        let isRead = exchange.method == "GET"
        if exchange.status < 300, let version = exchange.version, version > 0 {
            let changesNothing = exchange.requestedVersion == String(version)
            if isRead || exchange.isDryRun || changesNothing { return [version] }
            // Where another answer shows the same version, either may have made it.
            let isShared = evidence.exchanges.enumerated().contains {
                $0.offset != source && $0.element.method != "GET" && $0.element.version == version
            }
            return isShared ? [version - 1, version] : [version - 1]
        }
        guard let place = RecordedPlace(exchange) else { return [bounds.upperBound] }
        var versions: Set<Int64> = [bounds.lowerBound]
        for key in evidence.keys
        where key.type.plural == place.plural && key.type.group == place.group && (place.name ?? key.name) == key.name
            && (place.namespace ?? key.namespace) == key.namespace
        {
            for seen in evidence.others(of: key, without: source) where bounds.contains(seen.version) { versions.insert(seen.version) }
        }
        return versions.sorted()
    }

    private func attempt(_ source: Int, at version: Int64) async -> Attempt {
        let exchange = evidence.exchanges[source]
        let user = RecordedUser(exchange)
        var state = RecordedState(evidence, for: source, at: version, user: user)
        var request = exchange.request
        request.certificateUser = user.certificate
        if let tag = request.headers["if-none-match"] { request.headers["if-none-match"] = ownTag(for: tag, state) ?? tag }
        let now = exchange.date ?? Timestamp(seconds: Int64(0))
        var comparison = BodyComparison()
        switch api.handle(request, state: &state.cluster, now: now) {
        case .answer(let answer):
            comparison.compare(expected: JSON(exchange.status), found: JSON(answer.status), at: "status")
            let body = Self.document(answer)
            AnswerComparison(evidence: evidence, source: source, state: state).compare(answer, body, into: &comparison)
            return Attempt(comparison: comparison, status: answer.status, body: body, origins: state.origins)
        case .watch(let watch):
            let frames = await WatchReplay(evidence: evidence, source: source).frames(of: watch, on: state.cluster, now: now)
            comparison.compare(expected: JSON(exchange.status), found: 200, at: "status")
            WatchReplay(evidence: evidence, source: source).compare(frames, into: &comparison)
            return Attempt(comparison: comparison, status: 200, body: nil, origins: state.origins)
        case .follow(let log):
            comparison.compare(expected: JSON(exchange.status), found: 200, at: "status")
            let text = LogReplay.text(of: log, on: state.cluster)
            comparison.compare(
                expected: .string(exchange.responseBody.trimmingNewlines), found: .string(text.trimmingNewlines), at: "lines")
            return Attempt(comparison: comparison, status: 200, body: nil, origins: state.origins)
        }
    }

    static func document(_ answer: APIAnswer) -> JSON? {
        answer.contentType.contains("yaml")
            ? try? JSON(requestBody: answer.body, allowsYAML: true)
            : answer.contentType.contains("json") ? try? JSON(parsing: answer.body) : nil
    }

    /// The twin's own tag of the document whose recorded tag a request gives.
    private func ownTag(for tag: String, _ state: RecordedState) -> String? {
        guard let other = evidence.exchanges.first(where: { $0.responseHeaders["etag"] == tag && $0.status == 200 }) else { return nil }
        var copy = state.cluster
        var request = other.request
        request.certificateUser = .administrator
        guard case .answer(let answer) = api.handle(request, state: &copy, now: other.date ?? Timestamp(seconds: Int64(0))) else {
            return nil
        }
        return answer.headers.first { $0.name == "Etag" }?.value
    }
}

extension String {
    var trimmingNewlines: String {
        var text = self[...]
        while text.last?.isNewline == true { text = text.dropLast() }
        return String(text)
    }
}
