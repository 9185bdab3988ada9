package import Core

extension PlanRecord {
    /// The record that a `plan.proposed` entry begins; nil when its payload is not a plan.
    package init?(proposed payload: JSON, at time: Timestamp) {
        guard let plan = payload["plan"].flatMap(Plan.init(json:)) else { return nil }
        self.init(
            plan: plan, digest: payload[at: "plan", "digest"]?.string ?? plan.digest,
            gates: (payload["gates"]?.array ?? []).compactMap(GateResult.init(json:)),
            state: payload["awaiting"]?.bool == true ? .awaiting : .proposed, proposedAt: PlanRecord.time(payload, time),
            undoes: payload["undoes"]?.string,
            recommendation: Recommendation(json: payload["recommendation"] ?? [:]))
        approvalsMissing = payload["approvals"]?.int ?? 1
    }

    /// Takes in one later entry about this plan. What makes no sense in the present state changes nothing.
    package mutating func apply(_ type: EntryType, actor: String, payload: JSON, at time: Timestamp) {
        let at = PlanRecord.time(payload, time)
        let inverse = payload["inverse"]?.bool ?? false
        switch type {
        case .planApproved:
            guard !state.isFinal else { return }
            approvals.append(
                Approval(
                    actor: actor, time: at,
                    accepted: (payload["accepted"]?.array ?? []).compactMap { $0.string.flatMap(GateResult.Gate.init) },
                    reason: payload["reason"]?.string))
            approvalsMissing = payload["missing"]?.int ?? 0
            if approvalsMissing == 0 { state = .approved }
        case .planChecked:
            guard state == .awaiting || state == .proposed else { return }
            replaceGates(payload)
            state = payload["awaiting"]?.bool == true ? .awaiting : .proposed
        case .planClosed:
            // What has begun ends by its own entries only.
            guard !state.isFinal, startedAt == nil else { return }
            closedReason = payload["reason"]?.string
            closedBy = actor
            endedAt = at
            switch payload["state"]?.string {
            case "rejected": state = .rejected
            case "expired": state = .expired
            case "failed-gate": state = .failed
            default: state = .void
            }
        case .operationStarted:
            state = .acting
            startedAt = at
            before = payload["before"] ?? .null
            replaceGates(payload)
        case .stepIntended:
            guard let index = payload["step"]?.int, step(index, inverse: inverse) == nil else { return }
            steps.append(StepRecord(index: index, isInverse: inverse, write: payload["write"] ?? .null, intendedAt: at))
        case .stepDone:
            change(payload) { step in
                step.state = .done
                step.endedAt = at
                step.found = payload["found"]?.bool ?? false
                step.resourceVersion = payload["resourceVersion"]?.string
                step.left = payload["left"]?.string
            }
        case .stepFailed:
            if let index = payload["step"]?.int, step(index, inverse: inverse) == nil {
                steps.append(StepRecord(index: index, isInverse: inverse, write: .null, intendedAt: at))
            }
            change(payload) { step in
                step.state = .failed
                step.endedAt = at
                step.error = payload["error"]?.string
                step.isUncertain = payload["uncertain"]?.bool ?? false
            }
        case .verificationStarted:
            let started = VerificationRecord(
                startedAt: at, window: payload["window"]?.double ?? 0, before: payload["before"] ?? .null)
            if inverse { rollbackVerification = started } else { verification = started; state = .verifying }
        case .verificationEnded:
            func end(_ record: inout VerificationRecord?) {
                record?.endedAt = at
                record?.verdict = payload["verdict"]?.string.flatMap(Verdict.init) ?? .inconclusive
                record?.text = payload["text"]?.string
                record?.after = payload["after"]
            }
            if inverse { end(&rollbackVerification) } else { end(&verification) }
        case .rollbackStarted:
            state = .rollingBack
            rollbackReason = payload["reason"]?.string
        case .operationEnded:
            outcome = payload["outcome"]?.string
            state = outcome.flatMap(OperationOutcome.init)?.state ?? .failed
            checkpoint = payload["checkpoint"]
            record = payload["text"]?.string.map { $0 + OperationRecord.proof(checkpoint) }
            endedAt = at
        default: break
        }
    }

    private mutating func replaceGates(_ payload: JSON) {
        gates = gates.replaced(by: (payload["gates"]?.array ?? []).compactMap(GateResult.init(json:)))
    }

    private mutating func change(_ payload: JSON, _ body: (inout StepRecord) -> Void) {
        guard let index = payload["step"]?.int else { return }
        let inverse = payload["inverse"]?.bool ?? false
        guard let place = steps.firstIndex(where: { $0.index == index && $0.isInverse == inverse }) else { return }
        body(&steps[place])
    }

    private static func time(_ payload: JSON, _ fallback: Timestamp) -> Timestamp {
        payload["at"]?.string.flatMap { Timestamp($0) } ?? fallback
    }
}
