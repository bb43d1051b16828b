public import FoveaCore

/// Outputs to numbers in the user's own units: y = scale · z + offset. What was trained on normalized values is shown as it
/// was before.
public struct NumbersStep: PostprocessingStep, Configurable {
  public static let kind = "numbers"
  public static let summary = "numbers with names, in units of their own"
  public static let explanations = [
    "names": "of the numbers; the labels where they are not given",
    "units": "of the numbers, for people",
    "scale": "by what each output is multiplied; one for all, or one for each",
    "offset": "what is added then; one for all, or one for each",
  ]

  /// Of the numbers; the labels where nil.
  public var names: [String]?
  /// Of the numbers, for people: `cm`.
  public var units: [String]?
  /// By what each output is multiplied; one for all, or one for each.
  public var scale: [Float] = [1]
  /// What is added then; one for all, or one for each.
  public var offset: [Float] = [0]

  public init() {}

  public init(
    names: [String]? = nil, units: [String]? = nil, scale: [Float] = [1], offset: [Float] = [0]
  ) {
    self.names = names
    self.units = units
    self.scale = scale
    self.offset = offset
  }

  public var outputMeaning: OutputMeaning? { .numbers }

  public func validate() throws(PredictionError) {
    for (key, values) in [("scale", scale), ("offset", offset)] where values.isEmpty || !values.allSatisfy(\.isFinite) {
      throw .invalidConfiguration(
        kind: Self.kind, key: key, expected: "finite numbers, one at least", got: "\(values)")
    }
    if scale.contains(0) {
      throw .invalidConfiguration(
        kind: Self.kind, key: "scale", expected: "other than 0, which would make all numbers the same", got: "0")
    }
  }

  /// - Throws: ``PredictionError`` where there are not as many names, units, scales and offsets as outputs.
  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Numbers {
    let output = outputs.output
    let count = output.values.count
    let names = if let given = self.names { given } else { try outputs.labels(count: count, for: Self.kind) }
    for (key, given) in [("names", names.count), ("units", units?.count ?? count)] where given != count {
      throw .invalidConfiguration(kind: Self.kind, key: key, expected: "one for each of \(count)", got: "\(given)")
    }
    for (key, given) in [("scale", scale.count), ("offset", offset.count)] where given != 1 && given != count {
      throw .invalidConfiguration(
        kind: Self.kind, key: key, expected: "one for all or one for each of \(count)", got: "\(given)")
    }
    return Numbers(
      output.values.enumerated().map { index, value in
        Numbers.Number(
          names[index], value * scale[scale.count == 1 ? 0 : index] + offset[offset.count == 1 ? 0 : index],
          unit: units?[index])
      })
  }

  /// What the network must put out to mean these numbers, z = (y − offset) / scale: what it is trained to be.
  public func outputs(for numbers: TargetRows<Float>) -> TargetRows<Float> {
    let width = numbers.width
    guard scale != [1] || offset != [0], [1, width].contains(scale.count), [1, width].contains(offset.count) else {
      return numbers
    }
    let values = numbers.values.enumerated().map { place, value in
      (value - offset[place % width % offset.count]) / scale[place % width % scale.count]
    }
    return TargetRows(values, width: width)
  }
}
