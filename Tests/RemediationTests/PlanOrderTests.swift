import Remediation
import Testing

@Suite struct PlanOrderTests {
    @Test(
        arguments: [
            ([.awaiting, .awaiting], [0, 1]),
            ([.void, .awaiting, .awaiting], [1, 2, 0]),
            ([.done, .void], [0, 1]),
            ([.failed, .void, .done, .expired], [2, 0, 3, 1]),
            ([.rejected, .done, .awaiting, .verifying], [2, 3, 1, 0]),
        ] as [([PlanState], [Int])]) func whatCanBeDecidedComesFirstAsProposed(states: [PlanState], order: [Int])
    {
        #expect(Array(states.indices).inOrderOfInterest { states[$0] } == order)
    }
}
