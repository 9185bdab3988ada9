package import Core
import Documents

/// The image file of a twin: what each image's registry answers and what its programs do.
///
/// ```yaml
/// version: 1
/// images:
///   - image: registry.example.com/shop/web        # a reference, a repository, or a registry with a slash at its end
///     tags: ["1.4.2", "1.5.0"]                    # others are absent; left out: every tag exists
///     behaviour: {listen: 8080}
///     runs:                                       # where a manifest sets exactly this command and these arguments
///       - {command: [sh, -c, "exit 3"], behaviour: {exit: {code: 3}}}
///   - {image: registry.example.com/private/billing, pull: denied}
/// ```
package struct BehaviourCatalogue: Sendable, Equatable {
    package enum Pull: String, Sendable, CaseIterable {
        case ok, absent, denied, unreachable
        case rateLimited = "rate-limited"
    }

    package struct Run: Sendable, Equatable {
        package var command: [String]?
        package var args: [String]?
        package var behaviour: Behaviour
    }

    package struct Image: Sendable, Equatable {
        package var name: String
        package var pull: Pull = .ok
        package var tags: [String]?
        /// Bytes, as the kubelet reports it after a pull.
        package var size: Int?
        /// How long a pull takes; nil: a second to three.
        package var pullTime: Duration?
        package var behaviour: Behaviour?
        package var runs: [Run] = []
    }

    private var images: [String: Image] = [:]

    package init() {}

    package init(_ images: [Image]) {
        for image in images { self.images[image.name] = image }
    }

    /// Reads the YAML document; `place` names the file in errors.
    package init(yaml text: String, place: String = "the image file") throws(MartletError) {
        let reader = BehaviourReader(place: place)
        guard let members = try DocumentReader.json(text, place: place).object else { throw reader.invalid("", "is not a mapping") }
        for key in members.keys where key != "version" && key != "images" { throw reader.unknown(key, at: key, ["version", "images"]) }
        if let version = members["version"], version.int != 1 { throw reader.invalid("version", "is not 1") }
        guard let list = members["images"]?.array ?? (members["images"] == nil ? [] : nil) else {
            throw reader.invalid("images", "is not a list")
        }
        for (i, value) in list.enumerated() {
            let image = try reader.image(value, at: "images[\(i)]")
            images[image.name] = image
        }
    }

    /// The entry of an image: the exact reference before the repository before the registry.
    func entry(_ reference: ImageReference) -> Image? {
        if let digest = reference.digest, let exact = images["\(reference.repository)@\(digest)"] { return exact }
        return images["\(reference.repository):\(reference.tag ?? "latest")"] ?? images[reference.repository]
            ?? images["\(reference.host)/"]
    }

    /// What the registry answers. Names below `.invalid` resolve nowhere (RFC 2606).
    package func pull(_ reference: ImageReference) -> Pull {
        guard let image = entry(reference) else { return reference.host.hasSuffix(".invalid") ? .unreachable : .ok }
        if image.pull == .ok, let tags = image.tags, reference.digest == nil, !tags.contains(reference.tag ?? "latest") { return .absent }
        return image.pull
    }

    /// The behaviour of an image that runs `command` and `args`; nil when the catalogue does not know it. What an image does by itself
    /// says nothing of another command than its own, but which commands it has and whose they are.
    package func behaviour(_ reference: ImageReference, command: [String]?, args: [String]?) -> Behaviour? {
        guard let image = entry(reference) else { return nil }
        if let run = image.runs.first(where: { $0.command == command && $0.args == args }) { return run.behaviour }
        guard command != nil || args != nil, let own = image.behaviour else { return image.behaviour }
        var other = Behaviour()
        (other.commands, other.user, other.startError) = (own.commands, own.user, own.startError)
        return other
    }

    /// What exactly this command does, where the catalogue knows it of an image.
    func run(_ reference: ImageReference, command: [String]) -> Behaviour? {
        entry(reference)?.runs.first { ($0.command ?? []) + ($0.args ?? []) == command }?.behaviour
    }

    /// Whether the catalogue tells what the program of a container (its `image`, `command` and `args`) does.
    package func describes(_ container: JSON) -> Bool {
        guard let reference = try? ImageReference(container["image"]?.string ?? ""), let image = entry(reference) else { return false }
        let command = container["command"]?.array?.compactMap(\.string)
        let args = container["args"]?.array?.compactMap(\.string)
        if image.runs.contains(where: { $0.command == command && $0.args == args }) { return true }
        return command == nil && args == nil && image.behaviour != nil
    }
}

extension BehaviourReader {
    func image(_ value: JSON, at path: String) throws(MartletError) -> BehaviourCatalogue.Image {
        guard let members = value.object else { throw invalid(path, "is not a mapping") }
        guard let name = members["image"]?.string, !name.isEmpty else { throw invalid("\(path).image", "is missing") }
        var image = BehaviourCatalogue.Image(name: try canonicalName(name, "\(path).image"))
        for (key, value) in members {
            let here = "\(path).\(key)"
            switch key {
            case "image": break
            case "pull": image.pull = try word(value, here)
            case "tags": image.tags = try each(value, here, scalar)
            case "pullTime": image.pullTime = try duration(value, here)
            case "size": image.size = Int(try number(value, here))
            case "behaviour": image.behaviour = try behaviour(value, at: here)
            case "runs": image.runs = try each(value, here, run)
            default: throw unknown(key, at: here, ["image", "pull", "pullTime", "tags", "size", "behaviour", "runs"])
            }
        }
        return image
    }

    private func run(_ value: JSON, _ path: String) throws(MartletError) -> BehaviourCatalogue.Run {
        guard let members = value.object else { throw invalid(path, "is not a mapping") }
        var run = BehaviourCatalogue.Run(command: nil, args: nil, behaviour: Behaviour())
        for (key, value) in members {
            switch key {
            case "command": run.command = try each(value, "\(path).command", scalar)
            case "args": run.args = try each(value, "\(path).args", scalar)
            case "behaviour": run.behaviour = try behaviour(value, at: "\(path).behaviour")
            default: throw unknown(key, at: "\(path).\(key)", ["command", "args", "behaviour"])
            }
        }
        return run
    }

    /// A registry keeps its slash; a repository stays without a tag; short names get their registry.
    private func canonicalName(_ name: String, _ path: String) throws(MartletError) -> String {
        if name.hasSuffix("/") { return name }
        do {
            let reference = try ImageReference(name)
            if let digest = reference.digest { return "\(reference.repository)@\(digest)" }
            return reference.tag.map { "\(reference.repository):\($0)" } ?? reference.repository
        } catch {
            throw invalid(path, "is not an image reference: \(error.reason)")
        }
    }
}
