/// Messages of kubelet and containerd, word for word as captured from Kubernetes 1.36 and containerd 1.6 but for the last part; `{}` marks
/// a place to fill.
enum KubeletTexts {
    // MARK: Images

    static let pulling = Template("Pulling image \"{}\"")
    static let pulled = Template("Successfully pulled image \"{}\" in {} ({} including waiting). Image size: {} bytes.")
    static let alreadyPresent = Template("Container image \"{}\" already present on machine and can be accessed by the pod")
    static let pullFailed = Template("Failed to pull image \"{}\": {}")
    static let pullBackOff = Template("Back-off pulling image \"{}\"")
    static let pullBackOffState = Template("Back-off pulling image \"{}\": ErrImagePull: {}")
    static let neverPresent = Template("Container image \"{}\" is not present with pull policy of Never")
    static let invalidName = Template("Failed to apply default image tag \"{}\": couldn't parse image name \"{}\": {}")
    static let imageAbsent = Template(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{}\": failed to resolve reference \"{}\": {}: not found")
    static let imageStatus = Template(
        "failed to pull and unpack image \"{}\": failed to resolve reference \"{}\": pulling from host {} failed with status code [manifests {}]: {}"
    )
    static let registryUnreachable = Template(
        "failed to pull and unpack image \"{}\": failed to resolve reference \"{}\": failed to do request: Head \"https://{}/v2/{}/manifests/{}\": dial tcp: lookup {} on {}: no such host"
    )

    // MARK: Containers

    static let created = Template("Container created")
    static let started = Template("Container started")
    static let error = Template("Error: {}")
    static let backOff = Template("Back-off restarting failed container {} in pod {}_{}({})")
    static let backOffState = Template("back-off {} restarting failed container={} pod={}_{}({})")
    static let stopping = Template("Stopping container {}")
    static let commandNotFound = Template(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"{}\": stat {}: no such file or directory: unknown"
    )
    static let commandNotInPath = Template(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"{}\": executable file not found in $PATH: unknown"
    )
    static let commandPermission = Template(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"{}\": permission denied: unknown"
    )

    // MARK: Configuration

    static let objectNotFound = Template("{} \"{}\" not found")
    static let keyNotFound = Template("couldn't find key {} in {} {}/{}")
    static let runAsRoot = Template("container has runAsNonRoot and image will run as root (pod: \"{}_{}({})\", container: {})")
    static let runAsNamed = Template(
        "container has runAsNonRoot and image has non-numeric user ({}), cannot verify user is non-root (pod: \"{}_{}({})\", container: {})"
    )
    static let mountFailed = Template("MountVolume.SetUp failed for volume \"{}\" : {}")
    static let referencedKey = Template("references non-existent {} key: {}")

    // MARK: Eviction

    static let podStorage = Template("Pod ephemeral local storage usage exceeds the total limit of containers {}. ")
    static let containerStorage = Template("Container {} exceeded its local ephemeral storage limit \"{}\". ")
    static let emptyDir = Template("Usage of EmptyDir volume \"{}\" exceeds the limit \"{}\". ")
    static let nodeCondition = Template("The node had condition: [{}]. ")
    static let lowOnMemory = Template(
        "The node was low on resource: memory. Container {} was using {}, request is {}, has larger consumption of memory. ")
    static let starting = Template("Starting kubelet.")
    static let cgroupV1 = Template(
        "cgroup v1 detected. cgroup v1 support is deprecated and will be removed in a future release. Please migrate to cgroup v2. More information at https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1"
    )
    static let allocatableEnforced = Template("Updated Node Allocatable limit across pods")
    static let thresholdMet = Template("Attempting to reclaim {}")
    static let nodeStatus = Template("Node {} status is now: {}")
    static let networkNotReady = Template(
        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"
    )
    static let podNetworkNotReady = Template("network is not ready: {}")
    static let killFailed = Template(
        "error killing pod: failed to \"KillPodSandbox\" for \"{}\" with KillPodSandboxError: \"rpc error: code = Unknown desc = failed to destroy network for sandbox \\\"{}\\\": cni plugin not initialized\""
    )

    // MARK: Probes

    static let probeFailed = Template("{} probe failed: {}")
    static let probeKilling = Template("Container {} failed {} probe, will be restarted")
    static let httpStatus = Template("HTTP probe failed with statuscode: {}")
    static let httpRefused = Template("Get \"{}\": dial tcp {}: connect: connection refused")
    static let tcpRefused = Template("dial tcp {}: connect: connection refused")
    static let grpcRefused = Template(
        "service unhealthy (responded with \"NOT_SERVING\")")
    static let grpcTimeout = Template("timeout: failed to connect service \"{}\" within {}: context deadline exceeded")
    static let httpMalformed = Template("Get \"{}\": net/http: HTTP/1.x transport connection broken: malformed HTTP response \"{}\"")

    // MARK: Conditions

    static let unready = Template("containers with unready status: [{}]")
    static let incomplete = Template("containers with incomplete status: [{}]")
    static let gated = Template("Scheduling is blocked due to non-empty scheduling gates")

    // MARK: Not captured: from the sources of kubelet 1.36 (kubelet/runtime.go, kuberuntime_container.go), runc and the Go library

    static let httpForHTTPS = Template("Get \"{}\": http: server gave HTTP response to HTTPS client")
    static let overdue = Template("Pod was active on the node longer than the specified deadline")
    static let gateAbsent = Template("corresponding condition of pod readiness gate \"{}\" does not exist.")
    static let gateClosed = Template("the status of pod readiness gate \"{}\" is not \"True\", but {}")
    static let wrongHostPath = Template("hostPath type check failed: {} is not a {}")
    static let runtimeDown = Template("container runtime is down")
    static let postStartFailed = Template("PostStartHook failed")
    static let preStopFailed = Template("PreStopHook failed")
    static let execHook = Template("Exec lifecycle hook ([{}]) for Container \"{}\" in Pod \"{}\" failed - error: {}, message: \"{}\"")
    static let httpHook = Template("HTTP lifecycle hook ({}) for Container \"{}\" in Pod \"{}\" failed - error: {}")
    static let commandFailed = Template("command '{}' exited with {}: {}")
    static let commandTimedOut = Template("command timed out: \"{}\" timed out after {}")
    static let execMissing = Template(
        "rpc error: code = Unknown desc = failed to exec in container: failed to start exec \"{}\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"{}\": {}: unknown"
    )
    static let probeErrored = Template("{} probe errored and resulted in unknown state: {}")
    static let hookKilling = Template("FailedPostStartHook")
    static let execFormat = Template("exec {}: exec format error")
    static let addressInUse = Template("listen tcp :{}: bind: address already in use")
    static let nameServerSilent = Template("dial tcp: lookup {} on {}:53: read udp {}:41273->{}:53: i/o timeout")
    static let noSpace = Template("write {}: no space left on device")
    static let timedOut = Template("dial tcp {}: i/o timeout")
}
