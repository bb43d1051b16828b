public import ArgumentParser
public import Fovea

struct PrecisionOptions: ParsableArguments {
  @Option(
    name: .customLong("precision"),
    help: ArgumentHelp(
      "What convolutions and dense layers multiply: float32, or bfloat16, which is faster and less exact. It takes a "
        + "processor with AVX-512 BF16, and changes no model file. int8 is for models of 'fovea quantize', which use it by "
        + "themselves; others use float32.",
      valueName: "precision"))
  var choice: Precision?

  /// What was asked for, or else what is usual for training.
  var precision: Precision { choice ?? .float32 }

  /// The model as it shall compute, which is said where it is not the usual way.
  func apply(to model: Model, _ toolbox: Toolbox) throws -> Model {
    guard choice != nil || model.precision == .float32 else {
      toolbox.note(
        "the model multiplies \(model.precision.rawValue) numbers; --precision float32 has it multiply floats")
      return model
    }
    return try model.inPrecision(noted(toolbox))
  }

  /// The same of several models.
  func apply(to ensemble: Ensemble?) throws -> Ensemble? {
    guard let choice else { return ensemble }
    return try ensemble?.inPrecision(choice)
  }

  /// The precision, which is said where it is not the usual one.
  func noted(_ toolbox: Toolbox) -> Precision {
    if precision != .float32, precision.isAvailable {
      let sums = precision == .int8 ? "int32" : "float32"
      toolbox.note("convolutions and dense layers multiply \(precision.rawValue) numbers; sums are \(sums)")
    }
    return precision
  }
}

extension Precision: ExpressibleByArgument {}
