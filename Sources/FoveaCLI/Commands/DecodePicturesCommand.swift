import ArgumentParser
import Fovea
import Glibc

/// What the program is as the child of another one with `--isolate`; nobody else calls it.
struct DecodePicturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "decode-pictures", shouldDisplay: false)

  func run() throws { DecodingChild.serve(STDIN_FILENO) }
}
