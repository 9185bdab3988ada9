import Core
import Diagnosis
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// The annotation `martlet/ignore`.
@Suite struct IgnoreTests {
    private func report(_ annotation: String?) throws -> DiagnosisReport {
        var sample = Sample()
        for name in ["web", "api"] {
            try sample.deployment(name, templates: [Sample.template(name, Sample.container())], ready: [0])
            try sample.pod("\(name)-a", of: name, state: Sample.ended(1, restarts: 2), ready: false)
            sample.log("\(name)-a", "KeyError: 'DB_HOST'")
        }
        for i in sample.snapshot.deployments.indices where sample.snapshot.deployments[i].metadata.name == "web" {
            sample.snapshot.deployments[i].metadata.annotations["martlet/ignore"] = annotation
        }
        return diagnose(sample.snapshot)
    }

    private func resources(_ annotation: String?) throws -> [String] { try report(annotation).causes.map(\.resource.resource).sorted() }

    @Test(arguments: ["missing-env", "*", "oom-killed, missing-env"])
    func whatIsNamedIsNotReportedOfThatObject(_ annotation: String) throws {
        #expect(try resources(nil) == ["Deployment/api", "Deployment/web"])
        #expect(try resources(annotation) == ["Deployment/api"])
        #expect(try report(annotation).undetermined == report(nil).undetermined)
    }

    @Test func theRuleThatFoundItMayBeNamed() throws {
        let rules = try #require(report(nil).causes.first { $0.resource.name == "web" }).findings.map(\.rule)
        #expect(!rules.isEmpty)
        for rule in rules { #expect(try resources(rule) == ["Deployment/api"], "\(rule)") }
    }

    @Test func otherCategoriesAreStillReported() throws {
        #expect(try resources("oom-killed") == ["Deployment/api", "Deployment/web"])
    }

    @Test func aNameThatIsNoneIsSaid() throws {
        let report = try report("mising-env")
        #expect(report.causes.count == 2)
        #expect(report.undetermined.contains("n/Deployment/web is annotated martlet/ignore: mising-env, which is no rule and no category"))
    }

    @Test func namesAreToldApartWithoutADiagnosis() {
        #expect(IgnoreAnnotations.unknownNames(in: "oom-killed, mising-env * nonsense") == ["mising-env", "nonsense"])
        #expect(IgnoreAnnotations.unknownNames(in: "*") == [])
    }

    @Test func whoSuffersIsNotHiddenByIt() throws {
        var other = try report(nil).causes.first { $0.resource.name == "web" }
        let victim = EntityPath(cluster: "test", namespace: "n", kind: "Deployment", name: "shop")
        other?.symptoms.append(victim)
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [0])
        sample.snapshot.deployments[0].metadata.annotations["martlet/ignore"] = "*"
        let made = DiagnosisReport(time: Sample.now, cluster: "test", causes: [try #require(other)])
        #expect(IgnoreAnnotations(Scene(sample.snapshot)).apply(to: made, rules: Rules.all).causes.count == 1)
    }
}
