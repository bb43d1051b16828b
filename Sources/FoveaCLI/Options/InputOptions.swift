public import ArgumentParser
public import Fovea

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

  @Option(
    help: ArgumentHelp(
      "Classify what is in a folder and what arrives there, until ctrl-C; files are waited for until they are whole.",
      valueName: "folder"))
  var watch: String?

  @Flag(help: "Open archives that lie in folders, too.")
  var archives = false

  @Option(
    help: ArgumentHelp(
      "Which frames of a file with several to take: first, all or every:N.", valueName: "which"))
  var frames: PictureInputs.Frames = .first

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of videos, take so many frames a second. Without it and without --frames, videos are not read.",
      valueName: "rate"))
  var fps: Double?

  func validate() throws {
    if let fps, !(fps > 0 && fps <= 1000) {
      throw ValidationError("--fps must be more than 0 and at most 1000, but is \(fps)")
    }
    if null || column != nil, from == nil {
      throw ValidationError("\(null ? "-0" : "--column") is about a file of --from")
    }
    if null, column != nil { throw ValidationError("-0 and --column do not go together") }
  }

  /// Whether anything but named paths is read.
  var isGiven: Bool { from != nil || watch != nil }

  /// With the paths that are named.
  func inputs(_ paths: [FilePath]) -> PictureInputs {
    var inputs = PictureInputs(paths)
    (inputs.included, inputs.excluded, inputs.opensArchives) = (include, exclude, archives)
    (inputs.frames, inputs.framesPerSecond) = (frames, fps)
    inputs.watchedFolder = watch.map { FilePath.paths(of: [$0])[0] }
    if let from {
      let path = from == "-" ? nil : FilePath.paths(of: [from])[0]
      inputs.list = .init(path, separator: null ? .zero : column.map { .column($0) } ?? .lineFeed)
    }
    return inputs
  }
}

extension PictureInputs.Frames: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "first": self = .first
    case "all": self = .all
    default:
      guard argument.hasPrefix("every:"), let step = Int(argument.dropFirst(6)), step >= 1 else { return nil }
      self = .every(step)
    }
  }

  public var defaultValueDescription: String {
    switch self {
    case .first: "first"
    case .every(let step): step == 1 ? "all" : "every:\(step)"
    }
  }
}
