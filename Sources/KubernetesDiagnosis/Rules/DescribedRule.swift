package import Core

/// The rules as people know them: by name, with what they conclude.
package struct DescribedRule: Sendable, Hashable {
    package let name: String
    /// Slugs of `docs/categories.md`; empty for rules of symptoms and of hygiene.
    package let categories: [String]
    /// Whether nobody should be paged for what it finds.
    package let isHygiene: Bool
    package let documentation: RuleDocumentation

    init(_ rule: any Rule) {
        name = rule.name
        categories = rule.categories
        isHygiene = rule is any HygieneRule
        documentation = rule.documentation
    }

    /// All of them, by name.
    package static let all = Rules.all.map(DescribedRule.init).sorted { $0.name < $1.name }

    /// The rules of a name, or that may conclude a category.
    package static func named(_ word: String) -> [DescribedRule] {
        let exact = all.filter { $0.name == word }
        return exact.isEmpty ? all.filter { $0.categories.contains(word) } : exact
    }

    package var json: JSON {
        var out: JSON = ["name": .string(name), "categories": JSON(categories), "hygiene": .bool(isHygiene)]
        out["concludes"] = .string(documentation.concludes)
        out["sees"] = JSON(documentation.sees)
        out["evidence"] = JSON(documentation.evidence)
        out["contradictedBy"] = JSON(documentation.contradictedBy)
        out["next"] = JSON(documentation.next)
        out["references"] = JSON(documentation.references)
        return out
    }
}
