import ArgumentParser
import Foundation
import Fovea

/// What `make install` runs: a manual page for the program and for each of its commands.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write manual pages into a folder.", shouldDisplay: false)

  @Argument(
    help: ArgumentHelp("The folder; it is made where there is none.", valueName: "folder"), completion: .directory)
  var folder: String

  func run() throws {
    let help = try JSONDecoder().decode(CommandHelp.Root.self, from: Data(FoveaCommand._dumpHelp().utf8))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for page in ManualPage.all(of: help.command) { try TextFile.write(page.text, to: "\(folder)/\(page.name).1") }
  }
}

/// What the parser knows of a command: its own dump of help, as far as manual pages need it.
struct CommandHelp: Decodable {
  struct Root: Decodable {
    let command: CommandHelp
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String

      /// As it is typed.
      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let discussion: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool
  }

  let commandName: String
  let superCommands: [String]?
  let abstract: String?
  let discussion: String?
  let arguments: [Argument]?
  let subcommands: [CommandHelp]?
  let shouldDisplay: Bool

  /// Those that people are told of.
  var shownArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }
  var shownCommands: [CommandHelp] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
  /// `fovea plugin new`
  var path: [String] { (superCommands ?? []) + [commandName] }
}
