import FoveaCore

/// How a graph is computed: its nodes, with neighbours fused into one kernel where they offer it.
///
/// The graph stays what its author wrote, so that pictures show it; the plan is what runs.
///
/// Each tensor has a number: the model's inputs come first, then the outputs of one step after the other.
struct ExecutionPlan: Sendable {
  let steps: [ExecutionStep]
  /// How many tensors there are in a pass.
  let tensorCount: Int
  /// The numbers of those that come out.
  let outputs: OneOrMore<Int>
  /// Where the weights are that training changes, step by step.
  let trainableParameters: [ParameterPlace]
  /// Gradients that belong to the weights of another step.
  let sharedGradients: [SharedGradient]
  /// Whether an example's output depends on the others of its batch.
  let mixesExamples: Bool
  /// The steps whose layers keep running statistics.
  let statefulSteps: [Int]
  /// How many numbers the weights are, trainable or not.
  let weightCount: Int
  /// What tensors of a pass take at least.
  let bytesPerExample: Int
  /// See ``Model/inferEach(_:on:)``.
  let groupSize: Int

  /// Where gradients arise, and where those of the weights are that several steps share.
  struct SharedGradient: Sendable {
    let step: Int
    let slot: Int
    let owner: ParameterPlace
  }

  /// What is to be computed.
  enum Purpose {
    /// Forward and backward passes.
    case training
    /// The outputs alone, of weights that stay what they are for a while.
    case inference
    /// The outputs of each node on its own, for looking at the network.
    case everyLayer
    /// The same, and the gradients by all that comes in: forward passes are those of use, and weights have no gradients.
    case gradients
  }

  /// - Parameters:
  ///   - precision: of the layers that offer a choice; in whole numbers, networks are used, and not trained or looked at.
  ///   - quantization: what whole numbers stand for.
  init(
    _ graph: Graph, for purpose: Purpose, precision: Precision, _ quantization: Quantization? = nil
  ) throws(ModelError) {
    let nodes = graph.nodes
    let isInBytes = precision == .int8 && purpose == .inference
    let ordered = try Fusion.groups(
      of: graph, for: purpose, precision: precision == .int8 && !isInBytes ? .float32 : precision,
      isInBytes ? quantization : nil)
    var numbers: [Model.Source: Int] = [:]
    for input in graph.inputs { numbers[input.source] = numbers.count }
    for group in ordered {
      let node = group.nodes[group.nodes.count - 1]
      for output in nodes[node].outputShapes.indices {
        numbers[Model.Source(node: node, output: output)] = numbers.count
      }
    }
    func number(_ source: Model.Source) -> Int { numbers[source] ?? 0 }
    tensorCount = numbers.count
    outputs = graph.outputs.mapped { number($0.source) }
    let inputs = ordered.map { $0.inputs.map(number) }
    let released = Self.released(inputs, keeping: Array(outputs), count: tensorCount)

    var isTrainable = Array(repeating: false, count: tensorCount)
    if purpose == .gradients { for number in graph.inputs.indices { isTrainable[number] = true } }
    var next = graph.inputs.count
    var made: [ExecutionStep] = []
    for (index, group) in ordered.enumerated() {
      let needsInputGradients = inputs[index].contains { isTrainable[$0] }
      let hasWeights =
        purpose != .gradients && group.nodes.contains { graph.parameters(of: $0).contains(where: \.isTrainable) }
      let place = ExecutionStep.Place(
        nodes: group.nodes, inputs: inputs[index], firstOutput: next, needsInputGradients: needsInputGradients,
        needsParameterGradients: purpose != .gradients, released: released[index])
      let step = ExecutionStep.make(group.layer, place, of: graph)
      for number in step.outputs { isTrainable[number] = needsInputGradients || hasWeights }
      next = step.outputs.upperBound
      made.append(step)
    }
    steps = made
    mixesExamples = made.contains { $0.layer.mixesExamples }
    statefulSteps = made.indices.filter { made[$0].stateful != nil }
    weightCount = nodes.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.shape.count } }
    bytesPerExample = Self.bytesPerExample(made, graph.inputs.map(\.shape), for: purpose)
    groupSize = Self.groupSize(nodes, weights: weightCount)
    (trainableParameters, sharedGradients) = Self.places(made, graph)
  }

  /// For each step, the tensors that nobody reads after it.
  private static func released(_ inputs: [[Int]], keeping outputs: [Int], count: Int) -> [[Int]] {
    var lastUse = [Int?](repeating: nil, count: count)
    for (step, sources) in inputs.enumerated() {
      for source in sources { lastUse[source] = step }
    }
    for output in outputs { lastUse[output] = nil }
    var released = inputs.map { _ in [Int]() }
    for (number, step) in lastUse.enumerated() {
      if let step { released[step].append(number) }
    }
    return released
  }

  private static func places(
    _ steps: [ExecutionStep], _ graph: Graph
  ) -> (trainable: [ParameterPlace], shared: [SharedGradient]) {
    var places: [ParameterPlace] = []
    var shared: [(step: Int, slot: Int, node: Int, index: Int)] = []
    for (number, step) in steps.enumerated() {
      var slot = 0
      for node in step.nodes {
        for (index, parameter) in graph.parameters(of: node).enumerated() {
          if parameter.isTrainable {
            if let owner = graph.nodes[node].sharedWeights {
              shared.append((step: number, slot: slot, node: owner, index: index))
            } else {
              places.append(ParameterPlace(node: node, index: index, step: number, slot: slot))
            }
          }
          slot += 1
        }
      }
    }
    return (
      places,
      shared.compactMap { use in
        places.first { $0.node == use.node && $0.index == use.index }
          .map { SharedGradient(step: use.step, slot: use.slot, owner: $0) }
      }
    )
  }
}
