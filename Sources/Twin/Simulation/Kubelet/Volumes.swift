import Core
import Kubernetes

/// What a pod's volumes hold, and what keeps them from being mounted.
enum Volumes {
    /// The first volume that cannot be set up, and why.
    static func problem(_ pod: PodWorker, _ world: World) -> (volume: String, message: String)? {
        for volume in pod.spec["volumes"]?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            for source in sources(volume) {
                if let message = missing(source, pod.key.namespace, world) { return (name, message) }
            }
            if let path = volume["hostPath"]?["path"]?.string, let type = volume["hostPath"]?["type"]?.string {
                if let kind = Self.kinds[type], !isThere(path, type) { return (name, KubeletTexts.wrongHostPath(path, kind)) }
            }
        }
        return nil
    }

    /// What must be there already, as the kubelet calls it; all else is made.
    private static let kinds = [
        "Directory": "directory", "File": "file", "Socket": "socket file", "CharDevice": "character device",
        "BlockDevice": "block device",
    ]

    private static func isThere(_ path: String, _ type: String) -> Bool {
        switch type {
        case "Directory": hostDirectories.contains { path == $0 || path.hasPrefix($0 + "/") }
        case "File":
            ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/localtime", "/etc/machine-id", "/etc/os-release"].contains(path)
        case "Socket": ["/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"].contains(path)
        case "CharDevice": ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/kmsg", "/dev/fuse"].contains(path)
        default: ["/dev/vda", "/dev/vda1"].contains(path)
        }
    }

    /// Directories that every node has.
    private static let hostDirectories = [
        "/", "/etc", "/var/log", "/var/lib", "/var/run", "/run", "/proc", "/sys", "/dev", "/tmp", "/usr", "/opt", "/home",
    ]
    .filter { $0 != "/" }

    struct Source {
        let type: ResourceType
        let name: String
        let isOptional: Bool
        let items: [JSON]
        let mode: Int
    }

    /// The ConfigMaps and Secrets of a volume.
    static func sources(_ volume: JSON) -> [Source] {
        var result: [Source] = []
        func add(_ source: JSON?, _ type: ResourceType, _ nameField: String, _ mode: Int?) {
            guard let source, let name = source[nameField]?.string else { return }
            result.append(
                Source(
                    type: type, name: name, isOptional: source["optional"]?.bool == true, items: source["items"]?.array ?? [],
                    mode: source["defaultMode"]?.int ?? mode ?? 0o644))
        }
        add(volume["configMap"], .configMaps, "name", nil)
        add(volume["secret"], .secrets, "secretName", nil)
        let mode = volume["projected"]?["defaultMode"]?.int
        for part in volume["projected"]?["sources"]?.array ?? [] {
            // The cluster's own certificate bundle comes with every namespace.
            if part["configMap"]?["name"]?.string == "kube-root-ca.crt" { continue }
            add(part["configMap"], .configMaps, "name", mode)
            add(part["secret"], .secrets, "name", mode)
        }
        return result
    }

    private static func missing(_ source: Source, _ namespace: String, _ world: World) -> String? {
        guard !source.isOptional else { return nil }
        guard let object = world.store.get(ObjectKey(type: source.type, namespace: namespace, name: source.name)) else {
            if source.type == .secrets, world.options.assumeSecretsExist { return nil }
            return KubeletTexts.objectNotFound(source.type.kind.lowercased(), source.name)
        }
        let data = Environment.decoded(object, source.type)
        for item in source.items {
            guard let key = item["key"]?.string, data[key] == nil else { continue }
            return KubeletTexts.referencedKey(source.type == .secrets ? "secret" : "config", key)
        }
        return nil
    }

    /// What a container finds mounted.
    struct Mounted {
        /// Text by path; nil where it is not known.
        var files: [String: String?] = [:]
        /// Mode by path.
        var modes: [String: Int] = [:]
        /// Directories below which nothing can be written, and those below which it can.
        var readOnly: [String] = []
        var writable: [String] = []

        /// Whether writing to `path` fails, given what holds outside of all mounts.
        func isReadOnly(_ path: String, root: Bool) -> Bool {
            func depth(_ directories: [String]) -> Int? {
                directories.filter { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }.map(\.count).max()
            }
            switch (depth(readOnly), depth(writable)) {
            case (nil, nil): return root
            case (let a?, let b?): return a >= b
            case (nil, _?): return false
            case (_?, nil): return true
            }
        }
    }

    static func mounted(_ container: JSON, in pod: PodWorker, _ world: World) -> Mounted {
        var result = Mounted()
        let volumes = pod.spec["volumes"]?.array ?? []
        for mount in container["volumeMounts"]?.array ?? [] {
            guard var path = mount["mountPath"]?.string, let volume = volumes.first(where: { $0["name"] == mount["name"] }) else {
                continue
            }
            while path.count > 1, path.hasSuffix("/") { path.removeLast() }
            let found = sources(volume)
            let isData = !found.isEmpty || volume["projected"] != nil || volume["downwardAPI"] != nil
            if isData || mount["readOnly"]?.bool == true { result.readOnly.append(path) } else { result.writable.append(path) }
            for source in found { add(source, at: path, subPath: mount["subPath"]?.string, &result, pod, world) }
        }
        return result
    }

    private static func add(
        _ source: Source, at path: String, subPath: String?, _ result: inout Mounted, _ pod: PodWorker, _ world: World
    ) {
        let key = ObjectKey(type: source.type, namespace: pod.key.namespace, name: source.name)
        let data = world.store.get(key).map { Environment.decoded($0, source.type) }
        var files: [(name: String, text: String?, mode: Int)] = []
        if source.items.isEmpty {
            for (name, text) in data ?? [:] { files.append((name, text, source.mode)) }
        } else {
            for item in source.items {
                guard let name = item["key"]?.string else { continue }
                if data != nil, data?[name] == nil { continue }
                files.append((item["path"]?.string ?? name, data?[name], item["mode"]?.int ?? source.mode))
            }
        }
        for file in files {
            if let subPath, subPath != file.name { continue }
            let place = subPath == nil ? "\(path)/\(file.name)" : path
            result.files[place] = .some(file.text)
            result.modes[place] = file.mode
        }
    }
}
