package import Core

extension KubernetesClient {
    /// A client of the server that a connection names.
    package init(
        _ connection: Connection, files: LocalFiles = .system, clock: any WallClock = SystemClock(), limits: Limits = Limits(),
        seed: UInt64 = 1
    ) throws(MartletError) {
        var server = ServerIdentity(url: connection.server, context: connection.contextName, user: connection.userName)
        if let certificate = try connection.user.certificate?.bytes(files, "client-certificate") {
            server.certificateExpiry = HTTPTransport.expiry(ofCertificate: certificate)
        }
        let transport = try HTTPTransport(connection, files: files, clock: clock)
        self.init(transport: transport, server: server, clock: clock, limits: limits, seed: seed)
    }
}
