package import Core
import Documents

extension Shape {
    /// The whole file of a scenario.
    static let scenario = Shape.record([
        Field("version", .integer(1...1), "The version of this format.", required: true),
        Field("about", .text(example: "a release drops a setting"), "What happens, in one sentence.", required: true),
        Field("application", .name("the name of a built-in application", BuiltInApplication.allCases.map(\.rawValue)), "What runs in it."),
        Field("manifests", .list(manifest), "What else runs in it, made in this order."),
        Field("nodes", .integer(1...5000), "How many workers: worker-1, worker-2 and so on; 3 by default."),
        Field(
            "namespace", .form(Form("the name of a namespace", schema: ["type": "string", "pattern": "\(label)"]) { isLabel($0) }),
            "Where objects and targets are that name no namespace: the application's by default, else default."),
        Field("load", .table(.number(0...1_000_000)), "Requests per second that reach Services from outside."),
        Field("steps", .list(step), "The timeline, in the order of its times.", required: true),
    ])

    private static let step = Shape.record([
        Field("at", .duration, "When, counted from the start.", required: true),
        Field("say", .text(example: "a release of checkout"), "What whoever watches is told."),
        Field("apply", .list(manifest), "Objects that are made or changed, as kubectl apply does."),
        Field("delete", .target, "The object that is deleted."),
        Field("patch", .any, "A strategic merge patch of the target."),
        Field("load", .number(0...1_000_000), "Requests per second that reach the target, a Service, from outside."),
        Field("inject", .name("a fault that martlet twin faults lists", FaultRegistry.all.map(\.slug)), "The fault that the target gets."),
        Field("target", .target, "What is patched, loaded or broken."),
        Field("for", .duration, "After how long a load or a fault ends."),
        Field(
            "truth",
            .record([
                Field("category", .form(category), "The category of docs/categories.md.", required: true),
                Field("resource", .target, "What is to blame, as Kind/name.", required: true),
            ]), "What a diagnosis must come to; by default the fault itself, of its target."),
    ])

    /// An object as it stands, or a file of them beside the scenario.
    private static let manifest = Shape.either(.text(example: "web.yaml"), .any)

    private static let target = Shape.form(
        Form("Kind/name or namespace/Kind/name", schema: ["type": "string", "pattern": "^([^/]+/)?[A-Z][A-Za-z]*/[^/]+$"]) {
            (try? FaultTarget($0))?.kind.first?.isUppercase ?? false
        })

    private static let category = Form("a category such as missing-env", schema: ["type": "string", "pattern": "\(label)"]) { isLabel($0) }

    private static let label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
    private static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= 63 && (try? Regex(label).wholeMatch(in: text)) != nil
    }

    /// One of a list that is too long for a message. What it is instead is said after reading, with the nearest name.
    private static func name(_ expectation: String, _ names: [String]) -> Shape {
        .form(Form(expectation, schema: ["enum": JSON(names)]) { !$0.isEmpty })
    }
}

extension Scenario {
    /// The format as a JSON Schema (2020-12), for editors: the answer of `martlet twin scenarios --schema`.
    package static var schema: JSON {
        var schema: JSON = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Martlet scenario"]
        for (key, value) in Shape.scenario.schema.object ?? [:] { schema[key] = value }
        return schema
    }
}
