public import ArgumentParser
public import Fovea

struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What convolutions and dense layers multiply: float32, or bfloat16, which is faster and less exact. It takes a "
        + "processor with AVX-512 BF16, and changes no model file."))
  var precision = Precision.float32

  /// The model as it shall compute, which is said where it is not the usual way.
  func apply(to model: Model, _ toolbox: Toolbox) throws -> Model {
    let model = try model.inPrecision(precision)
    if precision != .float32 {
      toolbox.note("convolutions and dense layers multiply \(precision.rawValue) numbers; sums are float32")
    }
    return model
  }
}

extension Precision: ExpressibleByArgument {}
