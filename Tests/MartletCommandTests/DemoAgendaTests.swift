import Testing

@testable import martlet

@Suite struct DemoAgendaTests {
    @Test func asksAboutTheNextWhenTheFirstIsDecidedElsewhere() {
        var agenda = DemoAgenda()
        #expect(agenda.update([]) == (false, nil))
        #expect(agenda.update(["rollback"]) == (false, "rollback"))
        #expect(agenda.update(["rollback", "scale"]) == (false, nil))
        #expect(agenda.update(["scale"]) == (true, "scale"))
        #expect(agenda.update([]) == (true, nil))
        #expect(agenda.update(["restart"]) == (false, "restart"))
    }

    @Test func asksAboutTheNextWhenTheFirstIsAnsweredHere() {
        var agenda = DemoAgenda()
        _ = agenda.update(["rollback", "scale"])
        agenda.answer(isApproved: false)
        // What came of the answer may not have been told yet.
        #expect(agenda.update(["rollback", "scale"]) == (false, "scale"))
        #expect(agenda.update(["scale"]) == (false, nil))
    }

    /// They will be void as soon as the approved one has changed the cluster.
    @Test func whatWaitsBesideAnApprovedPlanIsNotAskedAbout() {
        var agenda = DemoAgenda()
        _ = agenda.update(["rollback", "pause"])
        agenda.answer(isApproved: true)
        #expect(agenda.update(["pause"]) == (false, nil))
        #expect(agenda.update([]) == (false, nil))
        #expect(agenda.update(["restart"]) == (false, "restart"))
    }
}
