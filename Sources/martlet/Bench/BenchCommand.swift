import ArgumentParser
import Core

/// Measurements for `make measure`: hidden, since their figures say something about a release build on a quiet machine only.
struct BenchCommand: AsyncParsableCommand {
    static let figures: [any ParsableCommand.Type] = [
        PodListBench.self, DiagnoseColdBench.self, DiagnoseWarmBench.self, DiagnoseChangeBench.self, SightingsBench.self,
        CacheMemoryBench.self,
        CacheSoakBench.self, ScenariosAlikeBench.self, TranscriptsAgreeBench.self, ConformanceBench.self, TwinPodsBench.self,
        ShopHourBench.self, IncidentLatencyBench.self, ServeBench.self,
        TwinStartBench.self, TwinLoadBench.self, TwinListBench.self, TwinWatchBench.self, DemoBench.self,
        FaultTrialsBench.self, NoiseWeekBench.self,
    ]

    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure speed and size; one JSON line a figure.", shouldDisplay: false,
        subcommands: figures + [BenchList.self])
}

struct BenchList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The names of all measurements.")

    func run() async throws { Terminal.printLines(BenchCommand.figures.compactMap { $0.configuration.commandName }) }
}
