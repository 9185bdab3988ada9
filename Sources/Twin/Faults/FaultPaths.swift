import Core

/// Faults over HTTP: `GET` lists what can be done and what is in effect, `POST` injects, `DELETE …/ID` takes back.
extension SimulatedCluster {
    static let faultPath = "/martlet/twin/v1/faults"

    func answerFaults(_ request: TwinRequest) -> APIAnswer {
        switch (request.method, request.path) {
        case ("GET", Self.faultPath):
            let kinds: [JSON] = FaultRegistry.all.map {
                ["fault": .string($0.slug), "about": .string($0.about), "target": .string($0.target)]
            }
            return .json(200, ["faults": .array(kinds), "active": .array(faults.map(\.json))])
        case ("POST", Self.faultPath):
            guard let body = try? JSON(parsing: request.body), let slug = body["fault"]?.string, let target = body["target"]?.string else {
                return .failure(APIFailure.badRequest("\"fault\" and \"target\" must be given"))
            }
            let seconds = body["for"]?.double
            if let seconds, !(seconds > 0 && seconds <= 366 * 86_400) {
                return .failure(APIFailure.badRequest("\"for\" must be a number of seconds, at most a year"))
            }
            do throws(MartletError) { return .json(201, try inject(slug, target: target, for: seconds.map { .seconds($0) }).json) } catch {
                let text = error.fix.map { "\(error.message); \($0)" } ?? error.message
                return .failure(error.code == .notFound ? APIFailure(404, "NotFound", text) : APIFailure.badRequest(text))
            }
        case ("DELETE", let path) where path.hasPrefix(Self.faultPath + "/"):
            guard let id = Int(path.dropFirst(Self.faultPath.count + 1)), let fault = faults.first(where: { $0.id == id }), revert(id)
            else {
                return .failure(APIFailure(404, "NotFound", "no fault of this number is in effect"))
            }
            return .json(200, fault.json)
        default: return TwinAPI.notFound
        }
    }
}
