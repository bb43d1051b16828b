public import FoveaCore

/// How a network computes in bytes: what the bytes of its tensors stand for, and which layers keep to floats.
///
/// Weights need no entry: each filter's and unit's scale follows from its largest weight (``QuantizedRows``). A normalization
/// behind them is folded in first, which changes scales alone.
public struct Quantization: Sendable, Codable, Equatable {
  /// By the names that tensors have in a description: `c1` is what layer `c1` puts out, with what was taken into its kernel
  /// behind it under the last layer's name; `input` what comes in.
  public var tensors: [String: ByteScale]
  /// Layers that compute in float32, by name.
  public var kept: [String]
  /// How the tensors' ranges were found, in words.
  public var method: String?
  /// The largest of the whole numbers that stand for weights; 127 where nil. With 64 or less there is a faster kernel for
  /// processors without VNNI.
  public var largestWeight: Int?

  public init(
    tensors: [String: ByteScale], kept: [String] = [], method: String? = nil, largestWeight: Int? = nil
  ) {
    (self.tensors, self.kept, self.method, self.largestWeight) = (tensors, kept, method, largestWeight)
  }

  var weightLimit: Int { largestWeight ?? QuantizedRows.usualLargest }
}

extension Model {
  /// The same network in bytes, ``Precision/int8``. Its weights stay what they are, in floats; in use, they are rounded.
  ///
  /// - Throws: ``ModelError/quantization(model:problem:)`` where it does not go with the network.
  public func quantized(by quantization: Quantization) throws(ModelError) -> Model {
    func invalid(_ problem: String) -> ModelError { .quantization(model: name, problem: problem) }
    for (tensor, scale) in quantization.tensors where !scale.isUsable {
      throw invalid("the scale of '\(tensor)' is \(scale.scale), and must be a number larger than 0")
    }
    guard (1...QuantizedRows.usualLargest).contains(quantization.weightLimit) else {
      throw invalid("the largest weight must be 1 to \(QuantizedRows.usualLargest), but is \(quantization.weightLimit)")
    }
    let known = Set(nodes.map(\.name))
    if let unknown = quantization.kept.first(where: { !known.contains($0) }) {
      throw invalid("it keeps a layer '\(unknown)' in float32 that the network does not have")
    }
    return try inPrecision(.int8, quantization)
  }

  /// The same network without its ``quantization``, in float32 where it was in bytes.
  public func inFloats() throws(ModelError) -> Model {
    quantization == nil ? self : try inPrecision(precision == .int8 ? .float32 : precision, nil)
  }

  /// The layers whose products are of bytes, in order of computation, and the parameter of each that is in bytes; none unless
  /// the model computes in ``Precision/int8``.
  public var quantizedLayers: [(layer: String, parameter: String)] {
    inference.byteSteps.compactMap { step in
      let node = nodes[step.weightedNodes.first ?? step.nodes[0]]
      return node.parameters.first.map { (node.name, $0.name) }
    }
  }

  /// The same network with the weights that bytes stand for in place of its own, where layers multiply bytes: what a model file
  /// keeps of them, so that a model is the same before and after it is saved.
  public func withRoundedWeights() -> Model {
    let largest = quantization?.weightLimit ?? QuantizedRows.usualLargest
    var rounded = parameters
    for step in inference.byteSteps {
      guard let node = step.weightedNodes.first, let weights = rounded[node].first else { continue }
      rounded[node][0] = QuantizedRows(weights, largest: largest).weights
    }
    return with(rounded)
  }
}
