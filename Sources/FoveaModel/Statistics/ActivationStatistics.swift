public import FoveaCore

/// What each layer of a network puts out over many examples: in which range, how much of it is 0, and which units never answer.
///
/// ```swift
/// var statistics = try ActivationStatistics(of: model)
/// for input in inputs { try statistics.add(input) }
/// for (node, layer) in zip(model.nodes, statistics.layers) { print(node.name, layer.zeros, layer.units?.dead ?? []) }
/// ```
///
/// However many examples there are, a few numbers of each layer and one of each unit are kept. Examples may be looked at on several
/// threads, ``looked(at:)``, and then added in one order, so that the numbers do not depend on the threads.
public struct ActivationStatistics: Sendable {
  /// What the layers have made of one example.
  public struct Example: Sendable {
    /// By node.
    let layers: [LayerTally]
  }

  private let model: Model
  private let plan: ExecutionPlan
  /// By node.
  private let saturations: [Saturation?]
  /// By node.
  private var tallies: [LayerTally]
  /// How many examples were added.
  public private(set) var count = 0

  public init(of model: Model) throws(ModelError) {
    self.model = model
    plan = try model.everyLayer()
    saturations = model.nodes.map { Saturation(kind: type(of: $0.layer).kind) }
    tallies = model.nodes.map { _ in LayerTally() }
  }

  /// In the order of the model's nodes.
  public var layers: [LayerStatistics] {
    zip(tallies, saturations).map { LayerStatistics($0, isBounded: $1 != nil) }
  }

  /// What the layers make of each example of a batch; nothing is added.
  ///
  /// - Parameter inputs: `[batch, …shape]` each, in the order of the model's inputs; of any size that the network takes.
  /// - Throws: as ``Model/activations(_:)-(Tensors)``.
  public func looked(at inputs: Tensors) throws(ModelError) -> [Example] {
    var layers: [[LayerTally]] = []
    try model.visitLayers(inputs, own: plan) { node, outputs in
      let tallies = LayerTally.each(of: outputs, saturations[node])
      if layers.isEmpty {
        layers = Array(repeating: Array(repeating: LayerTally(), count: saturations.count), count: tallies.count)
      }
      for (example, tally) in tallies.enumerated() { layers[example][node] = tally }
    }
    return layers.map(Example.init)
  }

  /// - Parameter example: that ``looked(at:)`` of the same network has made.
  public mutating func add(_ example: Example) {
    for (node, tally) in zip(tallies.indices, example.layers) { tallies[node].add(tally) }
    count += 1
  }

  /// Looks at each example of a batch, and adds them in their order.
  ///
  /// - Throws: as ``looked(at:)``; nothing is added then.
  public mutating func add(_ inputs: Tensors) throws(ModelError) {
    for example in try looked(at: inputs) { add(example) }
  }

  /// The same for a network with one input.
  public mutating func add(_ input: Tensor) throws(ModelError) { try add(Tensors(input)) }
}
