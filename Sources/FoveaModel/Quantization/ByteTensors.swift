package import FoveaCore

/// Which tensors a quantized network rounds to bytes: for other programs, which are told so in a file.
package struct ByteTensors {
  /// What everybody who reads them sees in bytes.
  package private(set) var everywhere: [Model.Source: ByteScale] = [:]
  /// What a single node sees in bytes of floats.
  private var readers: [Int: [Model.Source: ByteScale]] = [:]

  init(_ model: Model) {
    guard let quantization = model.quantization else { return }
    let steps = model.inference.steps.filter(\.takesBytes)
    let taken = Set(steps.flatMap { Self.incoming($0, model).map(\.source) })
      .subtracting(model.outputs.map(\.source))
    func scale(_ source: Model.Source) -> ByteScale? { quantization.tensors[model.name(of: source)] }
    for step in steps {
      guard let last = step.nodes.last else { continue }
      let output = Model.Source(node: last)
      let incoming = Self.incoming(step, model)
      if step.weightedNodes.isEmpty {
        let role = (model.nodes[last].layer as? any QuantizableOperator)?.byteRole
        if role == .passes, taken.contains(output), let input = incoming.first {
          everywhere[output] = everywhere[input.source]
        }
        continue
      }
      for (node, source) in incoming where everywhere[source] == nil {
        readers[node, default: [:]][source] = scale(source)
      }
      if taken.contains(output) { everywhere[output] = scale(output) }
    }
  }

  /// What one node sees in bytes, where not everybody does.
  package func scale(of source: Model.Source, for node: Int) -> ByteScale? { readers[node]?[source] }

  /// What comes into a step from outside, and for which of its nodes.
  private static func incoming(_ step: ExecutionStep, _ model: Model) -> [(node: Int, source: Model.Source)] {
    step.nodes.flatMap { node in
      model.nodes[node].inputs.filter { $0.isInput || !step.nodes.contains($0.node) }.map { (node, $0) }
    }
  }
}

extension Model {
  /// Empty unless the model computes in ``Precision/int8``.
  package var byteTensors: ByteTensors { ByteTensors(self) }
}
