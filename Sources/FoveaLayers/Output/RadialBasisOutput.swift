public import FoveaCore

/// Euclidean radial basis units: y[u] = Σ (x[k] − codes[u, k])². The smallest output belongs to the nearest code.
///
/// Input `[features]`, output `[units]`. Parameter: `codes` `[units, features]`, trained only where asked for.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B eq. 7, and section II-C.
public struct RadialBasisOutput: SecondDerivativeLayer {
  public struct Configuration: Settings {
    public static let explanations = [
      "units": "how many; may be left out where 'codes' tells it",
      "codes": "what the distances are to; drawn from -1 and +1 where left out",
      "characters": "whose bitmaps the paper's codes are; the ten digits where left out",
      "trainable": "whether training changes the codes",
    ]

    /// May be left out where `codes` tells it. Without `codes`, those of so many units are drawn from −1 and +1.
    public var units: Int?
    /// `paper`, or one row of numbers for each unit.
    public var codes: OutputCodes?
    /// Whose bitmaps the paper's codes are; the ten digits where nil.
    public var characters: String?
    public var trainable: Bool

    public static var prototype: Self { Self() }

    public init(
      units: Int? = nil, codes: OutputCodes? = nil, characters: String? = nil, trainable: Bool = false
    ) {
      self.units = units
      self.codes = codes
      self.characters = characters
      self.trainable = trainable
    }
  }

  /// The input.
  public struct Cache: Sendable {
    let input: Tensor
  }

  public static let kind = "radialBasisOutput"
  public static let summary = "squared distances to one code per class; the smallest wins"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public let connections: Int
  private let features: Int

  /// - Throws: ``LayerError`` where neither units nor codes are given, or they do not go with each other or the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.vector(input)
    let units: Int
    let initialization: Initialization
    if let rows = try configuration.rows(features: input[0], check) {
      units = rows.count
      initialization = .values(rows.flatMap { $0 })
    } else {
      guard let count = configuration.units else {
        throw check.invalid("units", "given, or 'codes' be given", "missing")
      }
      try check.range(count, "units")
      units = count
      initialization = .signs
    }
    try check.size([units, input[0]], "units", "codes")
    self.configuration = configuration
    features = input[0]
    outputShape = [units]
    parameters = [
      Parameter("codes", [units, input[0]], initialization, isTrainable: configuration.trainable)
    ]
    connections = units * input[0]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let input = input.plain()
    return (try infer(input, parameters), Cache(input: input))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let batch = try Check(kind: Self.kind).batch(of: input, [features])
    return Tensor(outputShape.batched(batch)) { distances in
      forEachPair(input.plain(), parameters[0]) { pair, x, code in
        var sum: Float = 0
        for k in 0..<features { sum += (x[k] - code[k]) * (x[k] - code[k]) }
        distances[pair.output] = sum
      }
    }
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    outputGradient.withUnsafeFloats { outer in
      if configuration.trainable {
        gradients.add(to: 0) { sums in
          forEachPair(cache.input, parameters[0]) { pair, x, code in
            let factor = 2 * outer[pair.output]
            for k in 0..<features { sums[pair.unit * features + k] += factor * (code[k] - x[k]) }
          }
        }
      }
      guard context.needsInputGradients else { return nil }
      return Tensor(cache.input.shape) { result in
        forEachPair(cache.input, parameters[0]) { pair, x, code in
          let factor = 2 * outer[pair.output]
          for k in 0..<features { result[pair.example * features + k] += factor * (x[k] - code[k]) }
        }
      }
    }
  }

  /// The units are part of the criterion, so their own second derivative, 2·∂E/∂y, counts too. Where both together are
  /// negative, the estimate is 0.
  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var byInput = [Float](repeating: 0, count: cache.input.shape.count)
    var byCode = [Float](repeating: 0, count: parameters[0].shape.count)
    outputCurvature.withUnsafeFloats { outer in
      outputGradient.withUnsafeFloats { gradient in
        forEachPair(cache.input, parameters[0]) { pair, x, code in
          for k in 0..<features {
            let difference = x[k] - code[k]
            let second = 4 * difference * difference * outer[pair.output] + 2 * gradient[pair.output]
            byInput[pair.example * features + k] += second
            byCode[pair.unit * features + k] += second
          }
        }
      }
    }
    if configuration.trainable { curvatures.add(Tensor(byCode.map { max($0, 0) }, parameters[0].shape), to: 0) }
    return context.needsInputGradients ? Tensor(byInput.map { max($0, 0) }, cache.input.shape) : nil
  }

  /// Calls `body` for each example and unit, with the example's input and the unit's code.
  @inline(__always)
  private func forEachPair(
    _ input: Tensor, _ codes: Tensor,
    _ body: (
      _ pair: (example: Int, unit: Int, output: Int), _ x: UnsafePointer<Float>, _ code: UnsafePointer<Float>
    ) -> Void
  ) {
    let (x, codes) = (input.plain(), codes.plain())
    let units = outputShape[0]
    for example in 0..<x.shape[0] {
      for unit in 0..<units {
        body(
          (example, unit, example * units + unit), UnsafePointer(x.address + example * features),
          UnsafePointer(codes.address + unit * features))
      }
    }
    withExtendedLifetime((x, codes)) {}
  }
}

extension RadialBasisOutput.Configuration {
  /// The codes that are given, one row per unit; nil where there are none.
  fileprivate func rows(features: Int, _ check: Check) throws(LayerError) -> [[Float]]? {
    if codes != .paper, let characters {
      throw check.invalid("characters", "left out where 'codes' is not 'paper'", "'\(characters)'")
    }
    let rows: [[Float]]
    switch codes {
    case nil: return nil
    case .paper: rows = try paperRows(features: features, check)
    case .rows(let given):
      try check.that(!given.isEmpty, "codes", "a list of at least one row", "empty")
      for (index, row) in given.enumerated() {
        try check.that(
          row.count == features, "codes.\(index)", "\(features.counted("number")), as many as inputs", row.count)
        try check.that(row.allSatisfy(\.isFinite), "codes.\(index)", "finite numbers", row)
      }
      rows = given
    }
    let units = units ?? rows.count
    try check.that(units == rows.count, "units", "\(rows.count), as many as there are codes, or left out", units)
    return rows
  }

  private func paperRows(features: Int, _ check: Check) throws(LayerError) -> [[Float]] {
    let pixels = CharacterBitmap.width * CharacterBitmap.height
    guard features == pixels else {
      throw check.input("\(pixels) features, one for each pixel of the paper's codes", [features])
    }
    let characters = characters ?? "0123456789"
    try check.that(
      !characters.isEmpty && Set(characters).count == characters.count, "characters",
      "at least one character, and none twice", "'\(characters)'")
    var rows: [[Float]] = []
    for character in characters {
      guard let row = CharacterBitmap.pixels(of: character) else {
        throw check.invalid("characters", "printable ASCII", "'\(character)'")
      }
      rows.append(row)
    }
    return rows
  }
}
