/// Reasons and messages of the controllers, word for word as captured from Kubernetes 1.36; `{}` marks a place to fill.
enum ControllerTexts {
    // MARK: Deployment

    static let scaledUp = Template("Scaled up replica set {} from {} to {}")
    static let scaledDown = Template("Scaled down replica set {} from {} to {}")
    static let minimumAvailable = Template("Deployment has minimum availability.")
    static let minimumUnavailable = Template("Deployment does not have minimum availability.")
    static let progressed = Template("ReplicaSet \"{}\" has successfully progressed.")
    static let progressing = Template("ReplicaSet \"{}\" is progressing.")
    static let timedOut = Template("ReplicaSet \"{}\" has timed out progressing.")
    static let newReplicaSet = Template("Created new replica set \"{}\"")
    static let foundReplicaSet = Template("Found new replica set \"{}\"")
    static let paused = Template("Deployment is paused")
    static let resumed = Template("Deployment is resumed")

    // MARK: ReplicaSet, Job, DaemonSet, StatefulSet

    static let createdPod = Template("Created pod: {}")
    static let deletedPod = Template("Deleted pod: {}")
    static let failedCreate = Template("Error creating: {}")
    static let statefulCreated = Template("Create Pod {} in StatefulSet {} successful")
    static let statefulDeleted = Template("Delete Pod {} in StatefulSet {} successful")
    static let jobCompleted = Template("Job completed")
    static let completionsReached = Template("Reached expected number of succeeded pods")
    static let backoffLimit = Template("Job has reached the specified backoff limit")
    static let deadlineExceeded = Template("Job was active longer than specified deadline")
    static let createdJob = Template("Created job {}")
    static let deletedJob = Template("Deleted job {}")
    static let sawCompletedJob = Template("Saw completed job: {}, condition: {}")

    // MARK: Others

    static let neverScheduled = Template("invalid schedule: {} : time difference between two schedules is less than 1 second")
    static let localAPI = Template("Local APIServices are always available")
    static let allChecksPassed = Template("all checks passed")
    static let apiServiceNotFound = Template("service/{} in \"{}\" is not present")
    static let apiServicePort = Template("service/{} in \"{}\" is not listening on port {}")
    static let apiServiceEndpoints = Template("endpointslices for service/{} in \"{}\" have no addresses with port name \"{}\"")
    static let deletedByTaint = Template("Taint manager: deleting due to NoExecute taint")
    static let resourcesDiscovered = Template("All resources successfully discovered")
    static let versionsParsed = Template("All legacy kube types successfully parsed")
    static let contentDeleted = Template("All content successfully deleted, may be waiting on finalization")
    static let contentRemains = Template("Some resources are remaining: {}")
    static let remainingCount = Template("{} has {} resource instances")
    static let finalizersRemain = Template("Some content in the namespace has finalizers remaining: {}")
    static let finalizerCount = Template("{} in {} resource instances")

    static let noMatchingPods = Template("No matching pods found")
    static let noVolumes = Template("no persistent volumes available for this claim and no storage class is set")
    static let noStorageClass = Template("storageclass.storage.k8s.io \"{}\" not found")
    static let provisioned = Template("Successfully provisioned volume {} using {}")
    static let kubeletSilent = Template("Kubelet stopped posting node status.")
    static let nodeNotReady = Template("Node is not ready")
    static let nodeStatus = Template("Node {} status is now: {}")
    static let registeredNode = Template("Node {} event: Registered Node {} in Controller")
    static let markedForDeletion = Template("Marking for deletion Pod {}/{}")

    // MARK: Not captured

    static let missingJob = Template("Active job went missing: {}")
    static let unknownTimeZone = Template("invalid timeZone: \"{}\": unknown time zone {}")
    static let unparseableSchedule = Template("unparseable schedule: \"{}\"")
    static let tooManyMissed = Template(
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew")
    static let missedSchedule = Template("Missed scheduled time to start a job: {}")
    static let alreadyActive = Template(
        "Not starting job because prior execution is running and concurrency policy is Forbid")
    static let failedCreateJob = Template("Error creating job: {}")
    static let jobSuspended = Template("Job suspended")
    static let jobResumed = Template("Job resumed")
    static let daemonFailed = Template("Found failed daemon pod {}/{} on node {}, will try to kill it")
    static let daemonSucceeded = Template("Found succeeded daemon pod {}/{} on node {}, will try to delete it")
    static let recreatingFailed = Template("StatefulSet {}/{} is recreating failed Pod {}")
    static let recreatingEnded = Template("StatefulSet {}/{} is recreating terminated Pod {}")
    static let nodeIsGone = Template("PodGC: node no longer exists")
    static let failedIndexes = Template("Job has failed indexes")
    static let tooManyFailedIndexes = Template("Job has exceeded the specified maximal number of failed indexes")
    static let matchedRule = Template("Matched rules at index {}")
    static let failedByRule = Template("{} matching {} rule at index {}")
    static let exitCodeMatched = Template("Container {} for pod {} failed with exit code {}")
    static let conditionMatched = Template("Pod {} has condition {}")
    static let statefulFailed = Template("{} Pod {} in StatefulSet {} failed error: {}")
    static let claimCreated = Template("create Claim {} Pod {} in StatefulSet {} success")
    static let deletionCancelled = Template("Cancelling deletion of Pod {}/{}")
    static let contentRemoved = Template("All content successfully removed")
    static let noFinalizers = Template("All content-preserving finalizers finished")
    static let volumeTaken = Template("volume \"{}\" already bound to a different claim.")
    static let volumeMismatch = Template("Cannot bind to requested volume \"{}\": {}")
    static let externalProvisioner = Template(
        "Waiting for a volume to be created either by the external provisioner '{}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
    )
    static let waitsForConsumer = Template("waiting for first consumer to be created before binding")
    static let waitsForPod = Template("waiting for pod {} to be scheduled")
}
