public import FoveaCore

/// Looks at what goes through a network, and finds what its bytes are to stand for.
///
/// ```swift
/// var calibration = try Calibration(of: model)
/// for batch in batches { try calibration.add(batch) }
/// let quantized = try model.quantized(by: calibration.quantization(.percentile))
/// ```
public struct Calibration: Sendable {
  /// In floats, with the layers as they are taken together in bytes.
  private let model: Model
  private var histograms: [String: MagnitudeHistogram] = [:]
  /// How many examples it has seen.
  public private(set) var count = 0

  public init(of model: Model) throws(ModelError) {
    self.model = try model.inPrecision(.int8, nil)
  }

  /// - Parameter inputs: a batch, in the order of the model's inputs.
  public mutating func add(_ inputs: Tensors) throws(ModelError) {
    guard try model.checkInputs(inputs) != nil else {
      throw .quantization(
        model: model.name,
        problem: "calibration takes inputs of the size that it was trained in, \(model.inputs.map(\.shape))"
      )
    }
    var histograms = histograms
    for (port, tensor) in zip(model.inputs, inputs) { histograms[port.name, default: .init()].add(tensor) }
    _ = try model.infer(inputs) { step, outputs throws(ModelError) in
      let node = model.nodes[step.outputNode]
      for (index, output) in outputs.enumerated() where output.element == .float32 {
        let name = model.name(of: Model.Source(node: step.outputNode, output: index))
        guard output.largestMagnitude.isFinite else { throw .notFinite(node.faultyOutput) }
        histograms[name, default: .init()].add(output)
      }
    }
    self.histograms = histograms
    count += inputs.head.shape[0]
  }

  /// - Parameters:
  ///   - method: how ranges follow from what was seen.
  ///   - kept: layers that keep to floats; where nil, those of ``Model/layersKeptInFloats``.
  ///   - largestWeight: see ``Quantization/largestWeight``.
  /// - Throws: ``ModelError/quantization(model:problem:)`` where nothing was seen.
  public func quantization(
    _ method: RangeMethod, keeping kept: [String]? = nil, largestWeight: Int? = nil
  ) throws(ModelError) -> Quantization {
    guard count > 0 else { throw .quantization(model: model.name, problem: "calibration has seen no examples") }
    return Quantization(
      tensors: histograms.mapValues { $0.scale(by: method) }, kept: kept ?? model.layersKeptInFloats,
      method: method.rawValue, largestWeight: largestWeight)
  }
}

extension Model {
  /// Layers that lose the most in bytes and save the least: those that see the network's inputs where these have no more than four
  /// channels, and those of products that put out what comes out of it.
  public var layersKeptInFloats: [String] {
    var kept: [String] = []
    var ends = Set(outputs.map(\.source))
    for (index, node) in nodes.enumerated().reversed() {
      let isLast = ends.contains(Source(node: index))
      let multiplies = !node.parameters.isEmpty && node.layer is any ReducedPrecisionLayer
      // What follows the last products belongs to the end.
      if isLast, !multiplies { ends.formUnion(node.inputs) }
      let isFirst = node.inputs.contains { $0.isInput && inputs[$0.output].shape[0] <= 4 }
      if multiplies, isLast || isFirst { kept.append(node.name) }
    }
    return kept.reversed()
  }
}
