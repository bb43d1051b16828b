import ArgumentParser

/// By which images a training is judged.
struct ValidationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Another folder or CSV file, with images that each pass is judged by.", valueName: "data"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the training images to keep apart for that, such as 0.1.", valueName: "f"))
  var validationSplit: Double?

  @Option(
    help: ArgumentHelp(
      "Keep in this file which image --validation-split has put where: a later run with more images leaves the old ones in "
        + "their parts.", valueName: "file"))
  var splitList: String?

  func validate() throws {
    if validation != nil && validationSplit != nil {
      throw ValidationError("give --validation or --validation-split, not both")
    }
    if splitList != nil && validationSplit == nil {
      throw ValidationError("--split-list keeps what --validation-split has chosen; give that, too")
    }
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw ValidationError("--validation-split must be above 0 and below 1, but is \(validationSplit)")
    }
  }
}
