/// A way to say which places of a picture a decision comes from.
///
/// A plugin may bring one: it asks the network for scores, for what a layer puts out, and for gradients, and need not know what the
/// network is made of.
public protocol ExplanationMethod: ConfigurableKind, Configurable {
  /// How it is called in pictures: `Grad-CAM`.
  static var title: String { get }

  /// Where it looks.
  static var place: ExplainedPlace { get }

  /// Whether gradients must flow from the score to where it looks.
  static var needsGradients: Bool { get }

  /// - Throws: ``ExplanationError`` where the network does not go with the method.
  func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution
}

/// Where a method looks.
public enum ExplainedPlace: Sendable, Hashable {
  /// At what a layer puts out: the heat has the size of its maps.
  case layer
  /// At the network's input.
  case input
}

extension ExplanationMethod {
  public static var noun: String { Sort.explanations.noun }
  public static var title: String { kind }
}

extension Sort where Member == any ExplanationMethod.Type {
  /// Of what says where a decision comes from.
  public static var explanations: Sort {
    Sort("explanations", noun: "explanation method", place: .option("--method")) { $0 }
  }
}

extension Registry {
  public var explanations: KindRegistry<any ExplanationMethod.Type> { self[.explanations] }

  public mutating func register<M: ExplanationMethod>(
    _ type: M.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .explanations, from: origin)
  }

  public func makeExplanation(_ description: KindDescription) throws(KindError) -> any ExplanationMethod {
    try make(description, of: .explanations) { settings, type throws(KindError) in try settings.read(type) }
  }
}

extension ExplanationMethod {
  /// A method gives one finite number for each place of where it looks, and the same ones each time.
  public func checkContract(_ report: inout ContractReport) {
    let network = LinearNetwork()
    report.check("one number for each place, the same each time") {
      let (first, again) = (try attribution(of: network), try attribution(of: network))
      let expected = Self.place == .layer ? network.layerShape : network.input.shape
      guard first.values.shape.rank == 3, first.values.shape[1] == expected[2], first.values.shape[2] == expected[3]
      else {
        throw Breach("the heat has shape \(first.values.shape), not [maps, \(expected[2]), \(expected[3])]")
      }
      guard first.values.elements.allSatisfy(\.isFinite) else { throw Breach("some of it is no finite number") }
      guard first.values == again.values else { throw Breach("two calls give two maps") }
      return "\(first.values.shape)"
    }
  }
}

/// A network that is one linear function: its layer halves each map of the input, and the score sums what is there.
private struct LinearNetwork: ExplainedNetwork {
  let input = Tensor((0..<2 * 6 * 8).map { Float($0 % 7) / 7 + 0.1 }, [1, 2, 6, 8])
  let layerShape: Shape = [1, 2, 3, 4]
  let batchSize = 4
  let activationBatchSize = 4
  let seed: UInt64 = 1

  func activations() -> Tensor {
    let source = input.elements
    return Tensor(
      (0..<24).map { place in
        let (map, row, column) = (place / 12, place / 4 % 3, place % 4)
        let corner = (map * 6 + row * 2) * 8 + column * 2
        return (source[corner] + source[corner + 1] + source[corner + 8] + source[corner + 9]) / 4
      }, layerShape)
  }

  func activationGradients() -> Tensor { Tensor((0..<24).map { Float($0 % 5) / 5 + 0.1 }, layerShape) }

  func inputGradients(_ inputs: Tensor, _ rule: (any BackwardRule)?) -> Tensor { Tensor(repeating: 0.25, inputs.shape) }

  func inputRelevance(_ rule: any BackwardRule) -> Tensor { Tensor(input.elements.map { $0 / 4 }, input.shape) }

  func scores(ofInputs inputs: Tensor) -> [Float] { sums(inputs).map { $0 / 4 } }

  func scores(ofActivations activations: Tensor) -> [Float] { sums(activations) }

  private func sums(_ tensor: Tensor) -> [Float] {
    (0..<tensor.shape[0]).map { tensor.rows($0..<$0 + 1).elements.reduce(0, +) }
  }
}
