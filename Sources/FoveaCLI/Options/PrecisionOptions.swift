public import ArgumentParser
public import Fovea

struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What convolutions and dense layers multiply: float32, or bfloat16, which is faster and less exact. It takes a "
        + "processor with AVX-512 BF16, and changes no model file."))
  var precision = Precision.float32

  /// The model as it shall compute, which is said where it is not the usual way.
  func apply(to model: Model, _ toolbox: Toolbox) throws -> Model { try model.inPrecision(noted(toolbox)) }

  /// The precision, which is said where it is not the usual one.
  func noted(_ toolbox: Toolbox) -> Precision {
    if precision != .float32, precision.isAvailable {
      toolbox.note("convolutions and dense layers multiply \(precision.rawValue) numbers; sums are float32")
    }
    return precision
  }
}

extension Precision: ExpressibleByArgument {}
