package import Core
import Documents
import Foundation

/// Kubernetes objects as people write them: YAML documents, of which one may be a `List`.
package enum Manifest {
    /// - Throws: `MartletError` (`invalid`) naming the document that cannot be read.
    package static func read(_ text: String, place: String) throws(MartletError) -> [JSON] {
        var objects: [JSON] = []
        let documents = ("\n" + text.replacing("\r\n", with: "\n")).components(separatedBy: "\n---")
        for (index, document) in documents.enumerated() {
            let object = try DocumentReader.json(document, place: documents.count > 2 ? "\(place), document \(index)" : place)
            if object["kind"]?.string == "List" {
                objects += object["items"]?.array ?? []
            } else if object["kind"] != nil {
                objects.append(object)
            } else if let members = object.object, !members.isEmpty {
                throw MartletError(.invalid, "\(place), document \(index) has no kind", fix: "every object needs apiVersion and kind")
            }
        }
        return objects
    }
}
