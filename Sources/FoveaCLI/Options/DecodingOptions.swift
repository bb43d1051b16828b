import ArgumentParser
import Fovea

/// How large pictures may be.
struct DecodingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most pixels that an image may have. A larger one is treated like one that cannot be read.", valueName: "n"))
  var maxPixels = ImageDecoder.usualMaximumPixels

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Megabytes that decoding may take at one time, on all threads together. An image waits until enough of it is free; one "
        + "that takes more than all of it is treated like one that cannot be read.", valueName: "mb"))
  var maxMemory = 350

  @Flag(
    help: "Decode in processes of their own, so that a codec that crashes costs one image and not the run.")
  var isolate = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --isolate, give up an image whose decoding takes longer than so many seconds.", valueName: "seconds"))
  var timeoutPerPicture: Double?

  func validate() throws {
    if let timeoutPerPicture, !(timeoutPerPicture >= 0.001 && timeoutPerPicture <= 1_000_000) {
      throw ValidationError("--timeout-per-picture must be 0.001 to 1000000 seconds, but is \(timeoutPerPicture)")
    }
    if timeoutPerPicture != nil, !isolate {
      throw ValidationError("--timeout-per-picture goes with --isolate: only a process of its own can be ended")
    }
    if maxPixels < 1 { throw ValidationError("--max-pixels must be 1 or more, but is \(maxPixels)") }
    if !(1...1_000_000_000).contains(maxMemory) {
      throw ValidationError("--max-memory must be 1 to 1000000000 megabytes, but is \(maxMemory)")
    }
  }

  /// With a budget of their own: to be asked for once in a command.
  var limits: DecodingLimits {
    DecodingLimits(
      maximumPixels: maxPixels, budget: DecodingBudget(bytes: maxMemory * 1_000_000),
      isolation: isolate
        ? IsolatedDecoding(
          command: ["/proc/self/exe", DecodePicturesCommand.configuration.commandName ?? ""],
          seconds: timeoutPerPicture)
        : nil)
  }
}
