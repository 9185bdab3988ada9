import Core
import Testing

@testable import Twin

/// A scenario with a mistake is refused before anything starts, with file, line and field.
@Suite struct ScenarioFileTests {
    private static let head = "version: 1\nabout: a test\napplication: shop\nsteps:\n"

    private static func refusal(_ text: String, open: @escaping @Sendable (String) -> String? = { _ in nil }) async -> MartletError? {
        do throws(MartletError) {
            _ = try await Scenario.read(text, name: "mine", file: "mine.yaml", open: open)
            return nil
        } catch { return error }
    }

    @Test(
        arguments: [
            ("about: [", "mine.yaml:2:1: this is not YAML"),
            ("", "mine.yaml:1:1: the file is empty"),
            ("version: 1\nabout: x\nsteps: []\nloda: {}\n", "mine.yaml:4:1: unknown key \"loda\"; did you mean \"load\"?"),
            ("version: 1\nabout: x\nnodes: many\nsteps: []\n", "mine.yaml:3:8: nodes must be a whole number from 1 to 5000, not \"many\""),
            (
                "version: 1\nabout: x\napplication: shap\nsteps: []\n",
                "mine.yaml:3:14: application names no application: \"shap\"; did you mean \"shop\"?"
            ),
            ("version: 1\nabout: x\nload: {web: -1}\nsteps: []\n", "mine.yaml:3:13: load.web must be a number from 0 to 1000000"),
            ("version: 1\nabout: x\nload: {web: 5}\nsteps: []\n", "mine.yaml:3:13: load.web cannot be done: there is no Service/web"),
            (head + "- {at: soon, say: x}\n", "mine.yaml:5:8: steps[0].at must be a duration such as 90s, 5m or 1h30m, not \"soon\""),
            (head + "- {say: x}\n", "mine.yaml:5:3: steps[0] has no \"at\""),
            (head + "- {at: 1m}\n", "mine.yaml:5:3: steps[0] does nothing"),
            (
                head + "- {at: 1m, say: x}\n- {at: 30s, say: y}\n",
                "mine.yaml:6:8: steps[1].at comes before the step above, which is at 1m"
            ),
            (
                head + "- {at: 1m, inject: image-tag-not-fond, target: Deployment/cart}\n",
                "mine.yaml:5:20: steps[0].inject names no fault: \"image-tag-not-fond\"; did you mean \"image-tag-not-found\"?"
            ),
            (
                head + "- {at: 1m, inject: app-crash, target: Deployment/chekout}\n",
                "mine.yaml:5:20: steps[0].inject cannot be done: there is no Deployment/chekout in namespace shop;"
                    + " did you mean \"Deployment/checkout\"?"
            ),
            (
                head + "- {at: 1m, inject: app-crash, target: Deployment/database}\n",
                "mine.yaml:5:20: steps[0].inject cannot be done: there is no Deployment/database in namespace shop;"
                    + " did you mean \"StatefulSet/database\"?"
            ),
            (
                head + "- {at: 1m, inject: node-not-ready, target: Node/worker-9}\n",
                "mine.yaml:5:20: steps[0].inject cannot be done: there is no Node/worker-9; did you mean \"Node/worker-1\"?"
            ),
            (
                head + "- {at: 1m, inject: app-crash, target: Service/cart}\n",
                "mine.yaml:5:20: steps[0].inject cannot be done: this fault cannot be done to a Service"
            ),
            (
                head + "- {at: 1m, inject: app-crash, target: cart}\n",
                "mine.yaml:5:39: steps[0].target must be Kind/name or namespace/Kind/name"
            ),
            (head + "- {at: 1m, inject: app-crash}\n", "mine.yaml:5:3: steps[0] has no target for its inject"),
            (
                head + "- {at: 1m, delete: Service/cart, for: 1m}\n",
                "mine.yaml:5:39: steps[0].for belongs to load or inject"
            ),
            (
                head + "- {at: 1m, delete: Service/cart, load: 5, target: Service/cart}\n",
                "mine.yaml:5:40: steps[0].load cannot stand beside delete"
            ),
            (head + "- {at: 1m, load: 5, target: Deployment/cart}\n", "mine.yaml:5:29: steps[0].target must be a Service"),
            (
                head + "- {at: 1m, delete: Servce/cart}\n",
                "mine.yaml:5:20: steps[0].delete cannot be done: there is no kind Servce; did you mean \"Service\"?"
            ),
            (
                head + "- {at: 1m, patch: {spec: {replicas: many}}, target: Deployment/cart}\n",
                "mine.yaml:5:19: steps[0].patch cannot be done: "
            ),
            (
                head + "- {at: 1m, load: 5, target: Service/cart, for: 0s}\n",
                "mine.yaml:5:48: steps[0].for must be longer than nothing"
            ),
            (
                head + "- {at: 1m, target: Deployment/cart, patch: {spec: {replcas: 2}}}\n",
                "mine.yaml:5:61: steps[0].patch.spec.replcas is no field of a Deployment"
            ),
            (head + "- {at: 1m, apply: [{kind: Service}]}\n", "mine.yaml:5:20: steps[0].apply[0] is no object"),
            (
                head + "- {at: 1m, apply: [{apiVersion: v1, kind: Servce, metadata: {name: a}}]}\n",
                "mine.yaml:5:19: steps[0].apply cannot be done: v1 Servce is nothing that the twin serves"
            ),
            (
                head + "- {at: 1m, apply: [absent.yaml]}\n",
                "mine.yaml:5:20: steps[0].apply[0] names a file that cannot be read: absent.yaml"
            ),
            (head + "- {at: 1m, say: x, truth: {category: Wrong, resource: Node/a}}\n", "mine.yaml:5:38: steps[0].truth.category must be"),
        ])
    func isRefusedWithItsPlace(_ text: String, _ expected: String) async {
        let error = await Self.refusal(text)
        #expect(error?.code == .invalid)
        #expect(error?.message.hasPrefix(expected) == true, "\(error?.description ?? "no error")")
    }

    @Test func everyMistakeIsReportedAtOnce() async {
        let error = await Self.refusal(
            Self.head + "- {at: 1m, inject: app-crash, target: Deployment/a}\n- {at: 2m, delete: Service/b}\n")
        #expect(error?.details.first?.hasPrefix("mine.yaml:6:") == true, "\(error?.description ?? "")")
    }

    @Test func aStepMayTouchWhatAnEarlierOneMade() async throws {
        let text = """
            version: 1
            about: a service comes and goes
            manifests: [web.yaml]
            nodes: 1
            steps:
            - {at: 10s, apply: [{apiVersion: v1, kind: Service, metadata: {name: late}, spec: {ports: [{port: 80}]}}]}
            - {at: 20s, load: 5, target: Service/late, for: 10s}
            - {at: 20s, inject: scaled-to-zero, target: Deployment/web}
            - {at: 30s, delete: Service/late}
            """
        let web = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
            """
        let scenario = try await Scenario.read(text, name: "late", file: "late.yaml") { $0 == "web.yaml" ? web : nil }
        #expect(scenario.objects.map(\.metadataName) == ["web"])
        #expect(scenario.truths == [Scenario.Truth(category: "scaled-to-zero", resource: "Deployment/web")])
        let error = await Self.refusal(text + "\n- {at: 40s, delete: Service/late}\n") { _ in web }
        #expect(error?.message.contains("steps[4].delete cannot be done: there is no Service/late") == true)
    }

    /// Every key that the reader takes is in the schema with its description, and nothing else.
    @Test func theSchemaIsThatOfTheReader() throws {
        let schema = Scenario.schema
        #expect(schema["additionalProperties"] == false)
        let keys = schema["properties"]?.object?.keys.map { $0 } ?? []
        #expect(keys == ["version", "about", "application", "manifests", "nodes", "namespace", "load", "steps"])
        let step = schema[at: "properties", "steps", "items"]
        #expect(step?["required"] == ["at"])
        #expect(step?[at: "properties", "inject", "enum"] == JSON(FaultRegistry.all.map(\.slug)))
        #expect(step?["properties"]?.object?.allSatisfy { $0.value["description"]?.string?.isEmpty == false } == true)
    }

    @Test(arguments: Scenario.builtInNames) func builtInOnesCanBePlayed(_ name: String) async throws {
        let scenario = try await Scenario.load(name)
        #expect(!scenario.truths.isEmpty)
        #expect(scenario.about.hasSuffix("."))
    }

    @Test func anUnknownNameIsAnsweredWithTheNearest() async {
        func refusal(_ word: String) async -> MartletError? {
            do throws(MartletError) { _ = try await Scenario.load(word) } catch { return error }
            return nil
        }
        #expect(await refusal("bad-relase")?.message == "there is no scenario \"bad-relase\"; did you mean \"bad-release\"?")
        #expect(await refusal("./absent.yaml")?.message == "the scenario ./absent.yaml cannot be read")
        #expect(await refusal("/dev/zero")?.code == .notFound)
    }
}
