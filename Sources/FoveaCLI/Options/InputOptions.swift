import ArgumentParser
import Fovea

/// Where pictures come from, beside the paths that are named.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of what lies in folders and archives, take what matches: '*.jpg', '2024/**/raw/*'. Repeat it for more.",
      valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave out files and folders that match. Repeat it for more.", valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp("Read more paths from a file, one on each line; '-' is standard input.", valueName: "file"))
  var from: String?

  @Flag(name: [.customShort("0"), .long], help: "Paths of --from end with a zero byte, as of 'find -print0'.")
  var null = false

  @Option(help: ArgumentHelp("The file of --from is a CSV table, with the paths in this column.", valueName: "name"))
  var column: String?

  @Flag(help: "Open archives that lie in folders, too.")
  var archives = false

  @OptionGroup var clips: FrameOptions

  func validate() throws {
    if null || column != nil, from == nil {
      throw ValidationError("\(null ? "-0" : "--column") is about a file of --from")
    }
    if null, column != nil { throw ValidationError("-0 and --column do not go together") }
  }

  /// Whether anything but named paths is read.
  var isGiven: Bool { from != nil }

  /// With the paths that are named.
  func inputs(_ paths: [FilePath]) -> PictureInputs {
    var inputs = PictureInputs(paths)
    (inputs.included, inputs.excluded, inputs.opensArchives) = (include, exclude, archives)
    clips.choose(&inputs)
    if let from {
      let path = from == "-" ? nil : FilePath.paths(of: [from])[0]
      inputs.list = .init(path, separator: null ? .zero : column.map { .column($0) } ?? .lineFeed)
    }
    return inputs
  }
}
