/// The messages of the built-in kinds in ``WireSchema``'s notation.
enum WireText {
    static let all = [meta, core, pods, volumes, workloads, network, access, extensions, devices].joined(separator: "\n")
}
