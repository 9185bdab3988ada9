import Core

/// Walks a log from its first entry to its last and says what does not fit. It knows neither files nor databases, so that a store
/// and an exported pack are judged alike.
struct ChainVerifier {
    /// One entry as it was found.
    struct Item {
        let seq: Int64
        let type: String
        let prev: String
        let payloadHash: String
        /// The hash that stands beside the entry, for telling a changed entry from a replaced one.
        let storedHash: String
        let payload: [UInt8]?
        /// The bytes that are hashed, if the entry had this number.
        let bytes: (Int64) -> [UInt8]
    }

    /// Problems that are listed; the rest is counted.
    static let listed = 50

    private(set) var result: JournalVerification
    private var tree = CompactTree()
    private var expected: Int64 = 1
    /// What the next entry's `prev` must be; nil when what stands before it is damaged, which is said already.
    private var previousHash: String? = Entry.noPrevious
    /// By how much entries stand away from where they belong, since the last one that did.
    private var shift: Int64 = 0
    /// Statements to compare with, smallest first, and how they are called.
    private var statements: [(checkpoint: Checkpoint, name: String)] = []
    private var nextStatement = 0
    private var gaps = PayloadGaps()
    /// The size up to which the store's own statements agreed, and those that were kept elsewhere.
    private var agreed: (own: Int64, kept: Int64) = (0, 0)
    /// Where an intact entry belongs, by the hash of the one before it.
    private let seqOfHash: (String) -> Int64?

    init(subject: String, checkpoints: [(checkpoint: Checkpoint, name: String)], seqOfHash: @escaping (String) -> Int64? = { _ in nil }) {
        result = JournalVerification(subject: subject)
        self.seqOfHash = seqOfHash
        for (checkpoint, name) in checkpoints {
            if checkpoint.hasValidSignature {
                statements.append((checkpoint, name))
            } else {
                report(.signature, nil, "the \(name) of size \(checkpoint.size) is not signed by the key it names")
            }
        }
        statements.sort { $0.checkpoint.size < $1.checkpoint.size }
        compare()
    }

    mutating func report(_ kind: JournalProblem.Kind, _ seq: Int64?, _ text: String) {
        if result.problems.count < ChainVerifier.listed {
            result.problems.append(JournalProblem(kind, seq: seq, text))
        } else {
            result.furtherProblems += 1
        }
    }

    mutating func note(_ text: String) { result.notes.append(text) }

    mutating func take(_ item: Item) {
        result.entries += 1
        let bytes = item.bytes(item.seq)
        let hash = Digest.sha256Hex(bytes)
        let isLate = item.seq < expected
        if isLate {
            report(.reordered, item.seq, "it stands behind entry \(expected - 1): a second time, or in the wrong place")
        } else if item.seq > expected {
            gap(before: item)
        }
        if hash != item.storedHash {
            misfit(item)
        } else if !isLate {
            shift = 0
            chain(item)
        }
        payload(item)
        if !isLate { (previousHash, expected) = (hash == item.storedHash ? hash : nil, item.seq + 1) }
        tree.append(leafHash: MerkleHash.leaf(bytes))
        compare()
    }

    private mutating func gap(before item: Item) {
        if item.seq == expected + 1 {
            report(.removed, expected, "it is missing")
        } else {
            report(.removed, expected, "entries \(expected) to \(item.seq - 1) are missing")
        }
        previousHash = nil
    }

    /// The entry is as it was hashed; does it follow the one before it?
    private mutating func chain(_ item: Item) {
        guard let previousHash, item.prev != previousHash else { return }
        if item.seq == 1 {
            report(.removed, 1, "the first entry follows another one, which is missing")
        } else {
            report(.replaced, item.seq - 1, "entry \(item.seq) follows another entry than this one")
        }
    }

    /// The entry is not as it was hashed: moved, or changed.
    private mutating func misfit(_ item: Item) {
        let candidates = [item.seq - shift, (seqOfHash(item.prev) ?? -2) + 1, item.seq - 1, item.seq + 1]
        guard let home = candidates.first(where: { $0 > 0 && $0 != item.seq && Digest.sha256Hex(item.bytes($0)) == item.storedHash })
        else {
            report(.changed, item.seq, "it is not what was recorded: its hash does not fit what it says")
            return
        }
        let distance = item.seq - home
        if distance == shift { return }  // one more of a run that is reported
        switch distance {
        case 1: report(.inserted, home, "it is not the entry that belongs here: that one stands at \(item.seq), as do those behind it")
        case -1: report(.removed, item.seq, "it is missing: the entries behind it were moved up")
        default: report(.reordered, item.seq, "the entry that stands here belongs at \(home)")
        }
        shift = abs(distance) == 1 ? distance : 0
    }

    private mutating func payload(_ item: Item) {
        guard let payload = item.payload else { return gaps.miss(item.seq) }
        if Digest.sha256Hex(payload) != item.payloadHash {
            report(.payload, item.seq, "its payload is not the one that was recorded")
        } else if item.type == EntryType.payloadsDropped.rawValue, let json = try? JSON(parsing: payload) {
            gaps.record(json, in: item.seq)
        }
    }

    /// Payloads that are missing and that retention did not drop, which only the end of the log tells.
    private mutating func judgeGaps() {
        result.droppedPayloads = gaps.dropped
        // What is wrong with an entry itself is said already.
        for run in gaps.removed where run.count > 1 || !result.problems.contains(where: { $0.seq == run.lowerBound }) {
            let what = run.count == 1 ? "its payload is" : "the payloads of entries \(run.lowerBound) to \(run.upperBound) are"
            report(.removed, run.lowerBound, "\(what) missing, and \(gaps.contradiction)")
        }
    }

    /// Compares the tree as it is now with every statement about this size.
    private mutating func compare() {
        while nextStatement < statements.count, statements[nextStatement].checkpoint.size == tree.size {
            let (checkpoint, name) = statements[nextStatement]
            nextStatement += 1
            let isKept = name.hasPrefix("kept")
            if Digest.hex(tree.root) == checkpoint.root {
                if isKept { agreed.kept = checkpoint.size } else { agreed.own = checkpoint.size }
                continue
            }
            // The statements after a damage disagree because of it; that adds nothing. Without one, the log was rewritten as a whole.
            let isExplained = result.problems.contains { $0.seq != nil || $0.kind == .rewritten }
            if isExplained && !isKept { continue }
            let first = (isKept ? agreed.kept : agreed.own) + 1
            report(
                .rewritten, nil,
                "the \(name) of \(checkpoint.time) (size \(checkpoint.size)) does not fit: "
                    + (first == checkpoint.size ? "entry \(first) was" : "something in entries \(first) to \(checkpoint.size) was")
                    + " rewritten after it was signed")
        }
    }

    /// The end was reached.
    mutating func finish() -> JournalVerification {
        judgeGaps()
        let end = expected - 1
        let beyond = statements[nextStatement...].filter { $0.checkpoint.size > end }
        // Those that were kept elsewhere one by one; of the store's own the largest says all.
        for (checkpoint, name) in beyond.filter({ $0.name.hasPrefix("kept") }) + beyond.filter({ !$0.name.hasPrefix("kept") }).suffix(1) {
            let (first, last) = (end + 1, checkpoint.size)
            report(
                .cut, first,
                "the log ends with entry \(end), and the \(name) was signed at \(last) entries (\(checkpoint.time)): "
                    + (first == last ? "entry \(last) was" : "entries \(first) to \(last) were") + " cut off")
        }
        result.root = Digest.hex(tree.root)
        return result
    }
}
