import Core
import Documents
import Kubernetes

/// How a command goes that is run inside a container, for a hook or a probe: as the image file says of exactly this command, else as far
/// as a few words of the shell tell. What is not understood ends well at once.
struct CommandRun: Sendable, Equatable {
    var time: Duration = .zero
    var code = 0
    /// What it writes to either stream, and what the runtime says where it cannot be run at all.
    var output = ""
    var problem: String?
    /// Whether every word of it is known.
    private var isUnderstood = true

    init(time: Duration = .zero, code: Int = 0, output: String = "", problem: String? = nil) {
        (self.time, self.code, self.output, self.problem) = (time, code, output, problem)
    }

    /// How a whole program goes that nothing describes; nil where not all of it is understood.
    static func program(_ words: [String]) -> CommandRun? {
        guard !words.isEmpty else { return nil }
        var run = CommandRun()
        run.follow(words)
        return run.isUnderstood ? run : nil
    }

    static func of(_ command: [String], in container: ContainerWorker, _ catalogue: BehaviourCatalogue) -> CommandRun {
        if let reference = try? ImageReference(container.image), let known = catalogue.run(reference, command: command) {
            guard let exit = known.exit else { return CommandRun() }
            return CommandRun(time: exit.after, code: exit.code, output: exit.log.joined(separator: "\n"))
        }
        guard let program = command.first else { return CommandRun() }
        if let known = container.behaviour.commands, !known.contains(program) {
            let why = program.contains("/") ? "stat \(program): no such file or directory" : "executable file not found in $PATH"
            return CommandRun(code: 126, problem: KubeletTexts.execMissing(Digest.sha256Hex(program), program, why))
        }
        var run = CommandRun()
        run.follow(command)
        return run
    }

    private mutating func follow(_ command: [String]) {
        if let shell = command.first?.split(separator: "/").last, shell.hasSuffix("sh"), command.count > 2, command[1] == "-c" {
            script(command[2])
        } else {
            perform(command)
        }
    }

    /// One simple command; false: what follows is not to be looked at.
    @discardableResult
    private mutating func perform(_ words: [String]) -> Bool {
        let name = words.first.flatMap { $0.split(separator: "/").last.map(String.init) } ?? ""
        switch name {
        case "sleep":
            for text in words.dropFirst() {
                // `infinity` is no time.
                guard text.first?.isNumber == true, let more = DurationText.parse(text, plainIsSeconds: true) else {
                    isUnderstood = false
                    continue
                }
                time += more
            }
            code = 0
        case "exit":
            code = words.count > 1 ? Int(words[1]) ?? code : code
            return false
        case "false": code = 1
        case "echo":
            let text = words.dropFirst().filter { !$0.hasPrefix(">") && !$0.hasSuffix(">&2") }.joined(separator: " ")
            // What a variable or another command would put there is not known.
            if text.contains("$") { isUnderstood = false }
            if !words.contains(where: { $0.hasPrefix(">") && !$0.hasPrefix(">&") }) { output += (output.isEmpty ? "" : "\n") + text }
            code = 0
        // A construct of more than one command.
        case "if", "while", "until", "for", "case", "{", "(":
            isUnderstood = false
            return false
        case "true", ":": code = 0
        default:
            code = 0
            isUnderstood = false
        }
        return true
    }

    private mutating func script(_ text: String) {
        var isSkipped = false
        for (words, end) in Self.commands(text) {
            if !isSkipped, !words.isEmpty, !perform(words) { return }
            isSkipped = end == "&&" ? code != 0 : end == "||" ? code == 0 : false
        }
    }

    /// The simple commands of a script, each with the operator that ends it.
    private static func commands(_ text: String) -> [(words: [String], end: String)] {
        var result: [(words: [String], end: String)] = []
        var words: [String] = []
        var word: String?
        var quote: Character?
        var operatorText = ""
        func isOperator(_ c: Character) -> Bool { c == ";" || c == "\n" || c == "|" || c == "&" }
        func endWord() {
            if let word { words.append(word) }
            word = nil
        }
        func endCommand() {
            result.append((words, operatorText))
            (words, operatorText) = ([], "")
        }
        for c in text {
            if let open = quote {
                if c == open { quote = nil } else { word = (word ?? "") + String(c) }
            } else if isOperator(c), !(c == "&" && word?.hasSuffix(">") == true) {
                endWord()
                operatorText.append(c)
            } else {
                if !operatorText.isEmpty { endCommand() }
                if c == "\"" || c == "'" {
                    quote = c
                    word = word ?? ""
                } else if c == " " || c == "\t" {
                    endWord()
                } else {
                    word = (word ?? "") + String(c)
                }
            }
        }
        endWord()
        endCommand()
        return result
    }
}
