// KubernetesRemediation
