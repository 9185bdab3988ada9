import ArgumentParser
import Core
import Foundation
import Kubernetes

/// Which cluster, as kubectl's options say it.
struct ClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kubeconfig to use ($KUBECONFIG, else ~/.kube/config).", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The context to use (the current one).", valueName: "name"))
    var context: String?

    @Option(name: .customLong("as"), help: ArgumentHelp("The user to impersonate.", valueName: "user"))
    var impersonated: String?

    func connection() throws(MartletError) -> Connection {
        try Connection.resolve(
            ConnectionOptions(kubeconfig: kubeconfig, context: context, impersonation: impersonated.map { Impersonation(user: $0) }),
            environment: ProcessInfo.processInfo.environment)
    }
}
