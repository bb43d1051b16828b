import Foundation
import FoveaCore

/// The branches and tags of a Git repository, as far as a package's dependency needs them.
struct RemoteReferences: Equatable {
  var tags: Set<String> = []
  /// The branch that is checked out where none is asked for.
  var branch: String?
  /// The commit at its head.
  var revision: String?

  /// - Parameter listing: what `git ls-remote --symref` prints.
  init(listing: String) {
    for line in listing.split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 2 else { continue }
      if fields[1] == "HEAD" {
        if fields[0].hasPrefix("ref: refs/heads/") {
          branch = String(fields[0].dropFirst("ref: refs/heads/".count))
        } else {
          revision = fields[0]
        }
      } else if fields[1].hasPrefix("refs/tags/"), !fields[1].hasSuffix("^{}") {
        tags.insert(String(fields[1].dropFirst("refs/tags/".count)))
      }
    }
  }

  /// Asks the repository.
  ///
  /// - Throws: ``PluginMakingError/unreachable(_:reason:)`` in Git's words.
  init(of address: String) throws(PluginMakingError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "ls-remote", "--symref", "--", address, "HEAD", "refs/tags/*"]
    // Nobody is there to be asked for a password.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes", "LC_ALL": "C"]) { $1 }
    let (output, complaints) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    do { try process.run() } catch { throw .unreachable(address, reason: "Git cannot be started") }
    let listing = output.fileHandleForReading.readDataToEndOfFile()
    let words = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let lines = words.split(separator: "\n").map(String.init)
      let reason = lines.first { $0.hasPrefix("fatal:") } ?? lines.first ?? "git ended with an error"
      throw .unreachable(address, reason: reason.replacingOccurrences(of: "fatal: ", with: ""))
    }
    self.init(listing: String(decoding: listing, as: UTF8.self))
  }

  /// What a dependency on the repository asks for: this version where there is a tag for it, else what is checked out.
  ///
  /// - Throws: ``PluginMakingError/unreachable(_:reason:)`` for a repository without commits.
  func requirement(_ address: String) throws(PluginMakingError) -> ToolkitLocation.Requirement {
    if tags.contains(Toolkit.version) || tags.contains("v" + Toolkit.version) { return .version(Toolkit.version) }
    if let branch, revision != nil { return .branch(branch) }
    if let revision { return .revision(revision) }
    throw .unreachable(address, reason: "it has no commits")
  }
}
