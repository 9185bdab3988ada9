import Core

/// A worker as its kubelet registers it.
enum BootstrapNode {
    static func json(_ number: Int, _ options: TwinOptions) -> JSON {
        let name = "worker-\(number)"
        let time = JSON.string(options.start.rfc3339())
        func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSON {
            [
                "type": .string(type), "status": .string(status), "lastHeartbeatTime": time, "lastTransitionTime": time,
                "reason": .string(reason), "message": .string(message),
            ]
        }
        let amounts: JSON = [
            "cpu": .string(options.nodeCPU), "memory": .string(options.nodeMemory), "ephemeral-storage": "100Gi", "hugepages-1Gi": "0",
            "hugepages-2Mi": "0", "pods": "110",
        ]
        let address = "10.10.\(number / 250).\(number % 250 + 10)"
        return [
            "metadata": [
                "name": .string(name),
                "labels": [
                    "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                    "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux", "topology.kubernetes.io/region": "lab",
                    "topology.kubernetes.io/zone": .string("lab-\(["a", "b", "c"][(number - 1) % 3])"),
                ],
            ],
            "spec": [
                "podCIDR": .string("10.\(244 + number / 256).\(number % 256).0/24"),
                "podCIDRs": [.string("10.\(244 + number / 256).\(number % 256).0/24")],
            ],
            "status": [
                "capacity": amounts, "allocatable": amounts,
                "conditions": [
                    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                    condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
                ],
                "addresses": [["type": "InternalIP", "address": .string(address)], ["type": "Hostname", "address": .string(name)]],
                "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
                "nodeInfo": [
                    "machineID": "martlet", "systemUUID": .string(name), "bootID": .string(name), "kernelVersion": "6.1.0",
                    "osImage": "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion": "containerd://1.6.20",
                    "kubeletVersion": .string(options.version), "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64",
                ],
            ],
        ]
    }
}
