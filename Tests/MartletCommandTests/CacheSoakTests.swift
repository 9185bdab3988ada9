import Core
import Testing

@Suite struct CacheSoakTests {
    /// A sample of what `make measure` runs with a hundred thousand changes: the program fails unless the cache equals the twin at every
    /// quiet moment and has told of each object's final version, none twice.
    @Test(arguments: [1, 2]) func cacheEqualsTheTwinOverAnUnreliableConnection(seed: Int) async throws {
        let outcome = try await Program.run(
            "bench", "cache-soak", "--changes", "3000", "--objects", "300", "--seed", "\(seed)", "--misfortune", "0.5")
        #expect(outcome.status == 0, "\(outcome.error)")
        let figure = try JSON(parsing: outcome.output)
        #expect(figure["quietMomentsEqual"]?.int == 100)
        #expect(figure["faults"]?.object?.count ?? 0 >= 8, "\(outcome.output)")
    }
}
