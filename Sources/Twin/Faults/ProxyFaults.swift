import Core
import Kubernetes

/// A node loses its kube-proxy: Services cannot be reached from its pods, the cluster's name server among them.
enum ProxyFaults {
    static let all: [Fault] = [
        Fault(
            "kube-proxy-down", "its kube-proxy ends again and again, and no Service can be reached from its pods", on: "Node/NAME",
            isOfCluster: true
        ) { (target, scene) throws(MartletError) in
            let key = ObjectKey(type: .daemonSets, namespace: "kube-system", name: "kube-proxy")
            // A cluster that does without one gets one on every node.
            if scene.store.get(key) == nil { try scene.make(daemonSet, .daemonSets, in: key.namespace) }
            try scene.trouble(.proxyDown, node: target.name)
            try scene.disorder(key, node: target.name) {
                $0.exit = Behaviour.Exit(
                    code: 1, after: .seconds(1),
                    log: [
                        "\"Using iptables Proxier\"",
                        "\"Error running ProxyServer\" err=\"iptables is not available on this host: failed to execute iptables-restore: exit status 4\"",
                    ])
            }
        }
    ]

    private static let daemonSet: JSON = [
        "metadata": ["name": "kube-proxy", "labels": ["k8s-app": "kube-proxy"]],
        "spec": [
            "selector": ["matchLabels": ["k8s-app": "kube-proxy"]],
            "template": [
                "metadata": ["labels": ["k8s-app": "kube-proxy"]],
                "spec": [
                    "hostNetwork": true, "priorityClassName": "system-node-critical", "tolerations": [["operator": "Exists"]],
                    "containers": [
                        [
                            "name": "kube-proxy", "image": "registry.k8s.io/kube-proxy:v1.36.2",
                            "command": ["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"],
                        ]
                    ],
                ],
            ],
        ],
    ]
}
