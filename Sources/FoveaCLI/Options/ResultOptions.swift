import ArgumentParser
import Fovea

/// What is told of each result, and from which confidence on something is decided for.
struct ResultOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "From which confidence on the second of two classes, each of several labels, or a box is decided for, 0 to 1, in place of "
        + "what the model says.", valueName: "t"))
  var threshold: Float?

  @Flag(help: "Tell what the network puts out, too, before any postprocessing.")
  var logits = false

  @Option(
    help: ArgumentHelp("Save each image with its result drawn on it into this folder, as PNG.", valueName: "folder"),
    completion: .directory)
  var savePictures: String?

  @Option(
    help: ArgumentHelp(
      "Save each mask into this folder, as PNG in gray: each pixel is the number of its class, 255 where the network has seen "
        + "nothing of the image.", valueName: "folder"), completion: .directory)
  var saveMasks: String?

  func validate() throws {
    if let threshold, !(0...1).contains(threshold) {
      throw ValidationError("--threshold must be 0 to 1, but is \(threshold)")
    }
  }

  /// The description with the threshold, which is said.
  func apply(to description: ModelDescription, _ toolbox: Toolbox) throws -> ModelDescription {
    guard let threshold else { return description }
    let (changed, replaced) = try description.deciding(from: threshold, registry: toolbox.registry)
    guard !replaced.isEmpty else {
      throw CommandError(
        "--threshold is for models that decide for one of two classes by a single output, for each of several labels, or for "
          + "boxes; '\(description.name)' has no such step behind its outputs. Leave it out")
    }
    toolbox.note("decides from a confidence of \(threshold) on; the model's own: \(replaced.joined(separator: "; "))")
    return changed
  }

  /// What saves pictures; nil where nobody wants any.
  func pictures(
    for pipeline: Pipeline, inputs: [FilePath], limits: DecodingLimits
  ) throws -> ResultPictures? {
    guard savePictures != nil || saveMasks != nil else { return nil }
    return try ResultPictures(
      pictures: savePictures, masks: saveMasks, like: pipeline.blankResult, inputs: inputs, limits: limits)
  }
}
