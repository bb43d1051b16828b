import ArgumentParser
import Fovea

/// Where images are put by what was found in them.
struct SortingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Copy each image into the folder of its label in this folder: of each label that was decided for, into 'none' where "
        + "that is none, into 'unreadable' where it could not be classified. The images themselves stay as they are.",
      valueName: "folder"), completion: .directory)
  var copyTo: String?

  @Option(
    help: ArgumentHelp("The same with symbolic links to the images.", valueName: "folder"), completion: .directory)
  var linkTo: String?

  func validate() throws {
    if copyTo != nil && linkTo != nil { throw ValidationError("give --copy-to or --link-to, not both") }
  }

  /// Nil where nobody wants it.
  ///
  /// - Parameter inputs: what is classified.
  func make(for pipeline: Pipeline, inputs: [FilePath]) throws -> PictureSorter? {
    guard let folder = copyTo ?? linkTo else { return nil }
    guard pipeline.pictureNames.count == 1 else {
      throw CommandError(
        "\(copyTo == nil ? "--link-to" : "--copy-to") sorts images, but '\(pipeline.model.name)' takes several of each example"
      )
    }
    return try PictureSorter(copyTo == nil ? .link : .copy, to: folder, like: pipeline.blankResult, inputs: inputs)
  }
}

extension Toolbox {
  /// What became of the images that were sorted.
  func tell(_ summary: PictureSorter.Summary, _ options: SortingOptions) {
    let noun = options.copyTo == nil ? ("link", "links") : ("copy", "copies")
    note(
      "made \(Format.count(summary.made, noun.0, noun.1))"
        + (summary.found > 0 ? "; \(Format.grouped(summary.found)) had been there already" : ""))
    guard summary.failures > 0, let first = summary.firstFailure else { return }
    warn(
      "\(Format.count(summary.failures, "image")) could not be sorted: \(first)" + (summary.failures > 1 ? ", …" : ""))
  }
}
