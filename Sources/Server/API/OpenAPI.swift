import Core
import HTTPTypes

/// The document that describes the API, made from the table that routes it.
enum OpenAPI {
    static func document(of endpoints: [Endpoint], version: String) -> JSON {
        var paths: JSON = [:]
        for endpoint in endpoints {
            guard let contract = endpoint.contract else { continue }
            paths[at: endpoint.path.description, endpoint.method.rawValue.lowercased()] = operation(endpoint, contract)
        }
        paths[at: "/api/v1/openapi.json", "get"] = [
            "operationId": "describe", "summary": "This document", "x-martlet-risk": "read", "security": [],
            "responses": ["200": ["description": "OK", "content": ["application/json": ["schema": [:]]]]],
        ]
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Martlet", "version": .string(version), "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
                "description": "Errors are RFC 9457 problem details. Every answer carries X-Request-Id.",
            ],
            "paths": paths, "security": [["token": []], ["session": []]],
            "components": [
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": .string(AccessControl.cookieName)],
                ], "schemas": Schema.components,
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint, _ contract: Contract) -> JSON {
        var json: JSON = [
            "operationId": .string(contract.operation), "summary": .string(contract.summary),
            "x-martlet-risk": .string(contract.risk.rawValue),
        ]
        if case .role(let role) = endpoint.access { json["x-martlet-role"] = .string(role.rawValue) }
        if endpoint.access == .open { json["security"] = [] }
        var parameters = endpoint.path.names.map { name -> JSON in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        for parameter in contract.query {
            parameters.append(
                ["name": .string(parameter.name), "in": "query", "description": .string(parameter.about), "schema": parameter.schema])
        }
        if endpoint.isChange {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "schema": ["type": "string", "maxLength": 100],
                "description": "A repeated request with the same key gets the same answer and changes nothing.",
            ])
        }
        if !parameters.isEmpty { json["parameters"] = .array(parameters) }
        if let body = contract.body {
            json["requestBody"] = ["required": .bool(body["required"] != nil), "content": ["application/json": ["schema": body]]]
        }
        let schema: JSON = contract.answer == "Any" ? [:] : Schema.reference(contract.answer)
        json["responses"] = [
            "\(contract.status)": ["description": "OK", "content": [contract.mediaType: ["schema": schema]]],
            "default": ["description": "A problem", "content": ["application/problem+json": ["schema": Schema.reference("Problem")]]],
        ]
        return json
    }
}
