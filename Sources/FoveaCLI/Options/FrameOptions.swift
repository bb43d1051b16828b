public import ArgumentParser
public import Fovea

/// Which pictures of a file that holds several are taken.
struct FrameOptions: ParsableArguments {
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

  /// Whether one file may be several pictures.
  var areSeveral: Bool { fps != nil || frames != .first }

  func validate() throws {
    if let fps, !(fps > 0 && fps <= 1000) {
      throw ValidationError("--fps must be more than 0 and at most 1000, but is \(fps)")
    }
  }

  func choose(_ inputs: inout PictureInputs) { (inputs.frames, inputs.framesPerSecond) = (frames, fps) }
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
