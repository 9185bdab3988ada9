import CAssets
import Core

/// What surrounds every page.
struct Layout: Sendable {
    enum Place: Sendable { case incidents, journal, none }

    let title: String
    let place: Place
    /// The time of what the page is about: of the cluster, where it is about one.
    let now: Timestamp
    let status: ServerStatus
    let caller: AccessControl.Caller?
    /// The entry that the page shows the state after: its live updates begin behind it. Nil for a page that does not change.
    var seq: Int64?
    /// The incident that a page is about.
    var incident: Int?

    /// The whole document, or, for a page that is already open, the part that changes.
    func page(_ content: HTML, onlyPart: Bool = false) -> HTML {
        let part: HTML = #"<div id="page">\#(banners)<main id="main" tabindex="-1">\#(content)</main></div>"#
        if onlyPart { return part }
        return #"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\#(title) · Martlet</title>
            <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/app.css?v=\#(Asset.css.version)">
            <script src="/assets/app.js?v=\#(Asset.js.version)" defer></script>
            </head>
            <body\#(data)>
            <a class="skip" href="#main">Skip to content</a>
            \#(top)
            \#(part)
            \#(keys)
            </body>
            </html>

            """#
    }

    private var data: HTML {
        var out = HTML.empty
        if let seq { out += #" data-seq="\#(seq)""# }
        if let incident { out += #" data-incident="\#(incident)""# }
        return out
    }

    private var top: HTML {
        #"""
        <header class="top">
        <a class="brand" href="/" aria-label="Martlet: incidents">\#(Asset.markPath)<b>Martlet</b></a>
        <nav aria-label="Main">\#(link("/", "Incidents", .incidents))\#(link("/journal", "Journal", .journal))</nav>
        <div class="right"><span id="live" class="live" role="status" aria-live="polite">as of \#(Times.clock(now))</span>\#(clusters)\#(pauseForm)</div>
        </header>
        """#
    }

    private func link(_ path: HTML, _ name: String, _ place: Place) -> HTML {
        caller == nil ? .empty : #"<a href="\#(path)"\#(self.place == place ? #" aria-current="page""# : HTML.empty)>\#(name)</a>"#
    }

    private var clusters: HTML {
        guard caller != nil else { return .empty }
        let names = status.clusters.prefix(3).map { cluster -> HTML in
            #"\#(cluster.environment) · <span class="mono">\#(cluster.name)</span>"#
        }
        return names.isEmpty ? .empty : #"<span class="where">\#(names.joined(", "))</span>"#
    }

    private var pauseForm: HTML {
        guard let caller, caller.principal.may(.operator), status.pause == nil else { return .empty }
        return FormToken(caller).form("/pause") { #"<button title="Stop acting everywhere; watching goes on">Pause all</button>"# }
    }

    private var banners: HTML {
        guard caller != nil else { return .empty }
        var out = HTML.empty
        if let pause = status.pause {
            let resume = caller.map { caller in
                caller.principal.may(.approver) ? FormToken(caller).form("/resume") { "<button>Resume</button>" } : .empty
            }
            out += #"""
                <div class="banner paused" role="status"><div><span><strong>Paused.</strong> Martlet watches and changes nothing, since \#(Times.clock(pause.since)), by \#(pause.actor): \#(pause.reason)</span>\#(resume)</div></div>
                """#
        }
        for cluster in status.clusters {
            if let error = cluster.error {
                let since = cluster.heardAt.map { time -> HTML in ", last heard of \(Times.clock(time))" }
                out +=
                    #"<div class="banner trouble" role="alert"><div><span><strong>\#(cluster.name) cannot be watched\#(since):</strong> \#(error)</span></div></div>"#
            } else if cluster.isBlind {
                out +=
                    #"<div class="banner trouble" role="alert"><div><span><strong>\#(cluster.name) is not seen whole:</strong> not allowed to list \#(Words.list(cluster.unreadable, atMost: 4)). What is wrong there may be missing here; <code>martlet doctor</code> prints the rights.</span></div></div>"#
            } else if !cluster.isSynced {
                out +=
                    #"<div class="banner reading" role="status"><div><span>Reading cluster \#(cluster.name): \#(cluster.objects) objects so far. What is wrong shows when that is done.</span></div></div>"#
            }
        }
        return out
    }

    private var keys: HTML {
        """
        <dialog id="keys" aria-label="Keys"><h2>Keys</h2><dl>\
        <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous incident</dd><dt><kbd>enter</kbd></dt><dd>open it</dd>\
        <dt><kbd>a</kbd></dt><dd>go to approve</dd><dt><kbd>r</kbd></dt><dd>go to reject</dd><dt><kbd>n</kbd></dt><dd>next plan</dd>\
        <dt><kbd>/</kbd></dt><dd>search</dd><dt><kbd>?</kbd></dt><dd>this list</dd></dl><form method="dialog"><button>Close</button></form></dialog>
        """
    }
}

/// Forms of one session: each carries its token against requests of other sites.
struct FormToken: Sendable {
    private let token: String

    init(_ caller: AccessControl.Caller) { token = caller.session?.formToken ?? "" }

    func form(_ action: String, id: String? = nil, attributes: HTML = .empty, _ content: () -> HTML) -> HTML {
        let id = id.map { id -> HTML in #" id="\#(id)""# }
        return
            #"<form method="post" action="\#(action)"\#(id)\#(attributes)><input type="hidden" name="form" value="\#(token)">\#(content())</form>"#
    }
}
