/// The windows of the life cycle, counted on the cluster's own time.
package struct IncidentRules: Sendable, Hashable {
    /// How long the findings must be gone before an incident closes by itself.
    package var closingWindow: Duration
    /// Within this time of its end the same incident is reopened; later a new one links to it.
    package var reopenWindow: Duration
    /// How long a fresh incident may stay undecided before a person is asked: the first seconds of a failure often say little.
    package var undecidedPatience: Duration

    /// A look that comes later than this after the one before leaves a hole in which nobody looked.
    package var lookPatience: Duration { closingWindow / 5 }

    package init(
        closingWindow: Duration = .seconds(300), reopenWindow: Duration = .seconds(1800), undecidedPatience: Duration = .seconds(30)
    ) {
        self.closingWindow = closingWindow
        self.reopenWindow = reopenWindow
        self.undecidedPatience = undecidedPatience
    }
}
