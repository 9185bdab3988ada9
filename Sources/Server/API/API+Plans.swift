import Core
import HTTPTypes
import Incidents
import Remediation

extension API {
    private var acceptedGates: JSON { Schema.list(Schema.choice(GateResult.Gate.allCases.map(\.rawValue))) }

    var plans: [Endpoint] {
        [
            .api(
                .get, "/plans", .role(.viewer),
                Contract(
                    operation: "listPlans", summary: "Plans, newest first", risk: .read,
                    query: Contract.page + [
                        .init("incident", "Only of this incident (ULID or number)."), .init("state", "States with commas between."),
                    ], answer: "PlanList"),
                handle: listPlans),
            .api(
                .get, "/plans/{plan}", .role(.viewer),
                Contract(operation: "getPlan", summary: "One plan with its gates and what became of it", risk: .read, answer: "Plan")
            ) { .json(await shown(try await plan($0.parameter("plan")))) },
            .api(
                .post, "/plans/{plan}/approve", .role(.approver),
                Contract(
                    operation: "approvePlan",
                    summary: "Approve exactly the plan with this digest; what was not accepted by name stays required",
                    risk: .change,
                    body: Schema.object(
                        [
                            "digest": Schema.string, "accept": acceptedGates,
                            "reason": Schema.string,
                        ],
                        required: ["digest"]), answer: "Plan")
            ) { exchange in
                let body = try exchange.json()
                let id = try await plan(exchange.parameter("plan")).plan.id
                let accepted = try Self.gates((body["accept"]?.array ?? []).map { $0.string ?? "" })
                try await backend.approve(
                    plan: id, digest: Self.text(body, "digest"), accepted: accepted, reason: Self.optionalText(body, "reason"),
                    actor: exchange.actor)
                return .json(await shown(try await plan(id)))
            },
            .api(
                .post, "/plans/{plan}/reject", .role(.approver),
                Contract(
                    operation: "rejectPlan", summary: "Close a plan without doing it", risk: .propose,
                    body: Schema.object(["digest": Schema.string, "reason": Schema.string], required: ["reason"]), answer: "Plan")
            ) { exchange in
                let body = try exchange.json()
                let id = try await plan(exchange.parameter("plan")).plan.id
                try await backend.reject(
                    plan: id, digest: Self.optionalText(body, "digest"), reason: Self.text(body, "reason"), actor: exchange.actor)
                return .json(await shown(try await plan(id)))
            },
            .api(
                .post, "/plans/{plan}/undo", .role(.approver),
                Contract(
                    operation: "undoPlan", summary: "Take back what a plan did; answers the plan that does so", risk: .change,
                    body: Schema.object(["accept": acceptedGates, "reason": Schema.string]), answer: "Plan")
            ) { exchange in
                let body = try exchange.json()
                let accepted = try Self.gates((body["accept"]?.array ?? []).map { $0.string ?? "" })
                let id = try await plan(exchange.parameter("plan")).plan.id
                let undoing = try await backend.undo(
                    plan: id, accepted: accepted, reason: Self.optionalText(body, "reason"), actor: exchange.actor)
                return .json(await shown(try await plan(undoing)))
            },
        ]
    }

    /// - Throws: `invalid` for a name that is no gate.
    static func gates(_ names: [String]) throws(MartletError) -> [GateResult.Gate] {
        var gates: [GateResult.Gate] = []
        for name in names {
            guard let gate = GateResult.Gate(rawValue: name) else {
                throw MartletError(
                    .invalid, "there is no gate \"\(name.prefix(40))\"",
                    details: [GateResult.Gate.allCases.map(\.rawValue).joined(separator: ", ")])
            }
            gates.append(gate)
        }
        return gates
    }

    private func plan(_ id: String) async throws -> PlanRecord {
        guard let plan = await backend.boards().plan(id) else {
            throw MartletError(.notFound, "there is no plan \(id.prefix(40))", fix: "martlet plans list")
        }
        return plan
    }

    private func shown(_ plan: PlanRecord) async -> JSON { dated(plan.json, in: plan.plan.cluster, await backend.status()) }

    private func listPlans(_ exchange: Exchange) async throws -> Answer {
        let page = try ListPage(exchange.query)
        let boards = await backend.boards()
        var states: Set<PlanState> = []
        for name in (exchange.query["state"] ?? "").split(separator: ",").map(String.init) {
            guard let state = PlanState(rawValue: name) else {
                throw MartletError(.invalid, "there is no plan state \"\(name.prefix(40))\"")
            }
            states.insert(state)
        }
        let incident = try exchange.query["incident"].map { name in
            guard let incident = boards.incident(name) else { throw MartletError(.notFound, "there is no incident \(name.prefix(40))") }
            return incident.id
        }
        // Plans keep their place on the board, so that place is the cursor.
        let found = boards.plans.enumerated().reversed().filter { index, plan in
            (states.isEmpty || states.contains(plan.state)) && (incident == nil || plan.plan.incident == incident)
                && Int64(index) < page.cursor ?? .max
        }
        let items = found.prefix(page.limit)
        let status = await backend.status()
        return ListPage.answer(
            items.map { dated($0.element.json, in: $0.element.plan.cluster, status) },
            next: found.count > page.limit ? items.last.map { Int64($0.offset) } : nil)
    }
}
