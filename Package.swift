// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 mode, warnings are errors, imports are internal unless they say otherwise.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "MartletTesting"] + dependencies, exclude: exclude,
        resources: resources, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let ordered = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "martlet", targets: ["martlet"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // Down this list may import up, never the reverse (ARCHITECTURE.md).
        room("Core", [crypto, ordered]),
        room("Documents", ["Core", yams]),
        room("CEL", ["Core"]),
        room(
            "Kubernetes",
            ["Core", httpClient, nioCore, nioPosix, nioHTTP1, nioSSL, nioFoundation, yams, x509, asn1, subprocess, system, logging]),
        room(
            "Twin",
            [
                "Core", "Documents", "CEL", "Kubernetes", "CAssets", hummingbird, hummingbirdCore, hummingbirdTLS, httpTypes, nioCore,
                nioPosix,
                nioSSL, x509, asn1,
                crypto, heap, ordered, yams,
                lifecycle, logging,
            ]),
        room("Journal", ["Core", crypto, grdb]),
        room("Diagnosis", ["Core"]),
        room("KubernetesDiagnosis", ["Core", "Diagnosis", "Kubernetes"]),
        room("Incidents", ["Core", "Journal", "Diagnosis"]),
        room("Remediation", ["Core", "Journal", logging]),
        room("KubernetesRemediation", ["Core", "Remediation", "Kubernetes", "Twin", logging]),
        .target(name: "CAssets", exclude: ["files"]),
        room(
            "Server",
            [
                "Core", "Documents", "Kubernetes", "Twin", "Journal", "Diagnosis", "KubernetesDiagnosis", "Incidents", "Remediation",
                "KubernetesRemediation", "CAssets", hummingbird, hummingbirdCore, hummingbirdTLS, httpTypes, nioCore, nioHTTP1, nioSSL,
                httpClient,
                crypto, lifecycle, unixSignals, logging, yams,
            ]),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Core", "Documents", "Kubernetes", "Twin", "Journal", "Diagnosis", "KubernetesDiagnosis", "Incidents", "Remediation",
                "KubernetesRemediation", "Server", argumentParser, yams, lifecycle, unixSignals, logging, httpClient, nioCore, nioHTTP1,
                nioSSL,
            ],
            swiftSettings: settings),
        // For tests only: a manual clock, fixtures, fakes.
        .target(name: "MartletTesting", dependencies: ["Core"], path: "Tests/MartletTesting", swiftSettings: settings),
        .target(name: "TwinTesting", dependencies: ["Twin"], path: "Tests/TwinTesting", swiftSettings: settings),
        tests(of: "Core"),
        tests(of: "CEL", ["Core"]),
        tests(of: "Kubernetes", ["Core", hummingbird, nioCore]),
        tests(
            of: "Twin", ["Core", "Documents", "Kubernetes", crypto, logging, nioCore, nioPosix, nioSSL],
            exclude: ["Fixtures", "Clients/session.py"]),
        tests(of: "Journal", ["Core", grdb]),
        tests(of: "Diagnosis", ["Core"]),
        tests(of: "KubernetesDiagnosis", ["Core", "Diagnosis", "Documents", "Kubernetes", "Twin"], exclude: ["Fixtures"]),
        tests(of: "Incidents", ["Core", "Journal", "Diagnosis"]),
        tests(of: "Remediation", ["Core", "Journal"]),
        tests(of: "KubernetesRemediation", ["Core", "Remediation", "Kubernetes", "Twin", "TwinTesting"]),
        // Drives the built program.
        .testTarget(
            name: "MartletCommandTests",
            dependencies: [
                "martlet", "MartletTesting", "Core", "Kubernetes", "KubernetesDiagnosis", "KubernetesRemediation", "Remediation", "Server",
                "Twin", "Journal", argumentParser, hummingbird, httpClient, httpTypes, nioCore, logging,
            ],
            exclude: ["Kill/death.c"], swiftSettings: settings),
        tests(
            of: "Server",
            [
                "Core", "Documents", "Kubernetes", "KubernetesDiagnosis", "Twin", "TwinTesting", "Journal", "Incidents", "Remediation",
                hummingbird, hummingbirdTesting,
                httpTypes, httpClient, grdb,
                lifecycle, logging, nioCore,
            ]),
    ],
    swiftLanguageModes: [.v6]
)
