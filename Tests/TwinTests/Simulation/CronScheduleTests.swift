import Core
import Foundation
import Testing

@testable import Twin

@Suite struct CronScheduleTests {
    private func next(_ text: String, _ from: String, zone: String = "UTC") throws -> String? {
        let zone = try #require(TimeZone(identifier: zone))
        return try #require(CronSchedule(text, zone: zone)).next(after: try #require(Timestamp(from)))?.rfc3339()
    }

    @Test(arguments: [
        ("*/15 * * * *", "2026-11-21T12:00:00Z", "2026-11-21T12:15:00Z"), ("0 0 * * *", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
        ("30 9-17/4 * * mon-fri", "2026-11-20T17:31:00Z", "2026-11-23T09:30:00Z"),
        ("0 12 1 jan,jul ?", "2026-02-01T00:00:00Z", "2026-07-01T12:00:00Z"),
        // Either day may match where both are given.
        ("0 0 13 * 5", "2026-11-14T00:00:00Z", "2026-11-20T00:00:00Z"), ("@hourly", "2026-11-21T12:34:00Z", "2026-11-21T13:00:00Z"),
        ("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"),
    ]) func findsTheNextTime(text: String, from: String, expected: String) throws { #expect(try next(text, from) == expected) }

    @Test func followsTheClocksOfItsZone() throws {
        #expect(try next("0 9 * * *", "2026-03-28T09:00:00Z", zone: "Europe/Berlin") == "2026-03-29T07:00:00Z")
        // At half past two that night the clocks have already gone on.
        #expect(try next("30 2 * * *", "2026-03-28T12:00:00Z", zone: "Europe/Berlin") == "2026-03-30T00:30:00Z")
    }

    @Test func aTimeThatNeverComesIsNone() throws { #expect(try next("0 0 30 2 *", "2026-01-01T00:00:00Z") == nil) }

    @Test func countsWhatWasMissed() throws {
        let schedule = try #require(CronSchedule("*/10 * * * *", zone: .gmt))
        let start = try #require(Timestamp("2026-11-21T12:00:00Z"))
        let few = schedule.latest(after: start, until: start + .seconds(3599))
        #expect(few?.time == start + .seconds(3000) && few?.count == 5)
        let many = schedule.latest(after: start, until: start + .seconds(10 * 86400 + 5))
        #expect(many?.time == start + .seconds(10 * 86400) && many?.count == 101)
        #expect(schedule.latest(after: start, until: start + .seconds(599)) == nil)
    }

    @Test(arguments: ["", "* * * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "@often"])
    func whatIsNoScheduleIsRefused(text: String) { #expect(CronSchedule(text, zone: .gmt) == nil) }
}
