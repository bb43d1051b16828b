import FoveaCore

extension Model {
  /// Sees to it that all weights before the outputs that are learned from can be trained.
  ///
  /// - Parameter isLearned: for each of ``outputs`` whether it has a loss.
  /// - Throws: ``ModelError/layer(name:origin:error:)`` that names what computes forward only and stands in the way.
  public func checkTrainability(_ isLearned: (Port) -> Bool = { _ in true }) throws(ModelError) {
    var isTrainable = Array(repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let hasWeights = graph.parameters(of: index).contains(where: \.isTrainable)
      isTrainable[index] = hasWeights || node.inputs.contains { !$0.isInput && isTrainable[$0.node] }
    }
    var needsGradient = Array(repeating: false, count: nodes.count)
    for output in outputs where isLearned(output) { needsGradient[output.source.node] = true }
    for (index, node) in nodes.enumerated().reversed() where needsGradient[index] && isTrainable[index] {
      let before = node.inputs.filter { !$0.isInput && isTrainable[$0.node] }
      guard before.isEmpty || node.layer is any Layer || node.layer is any MultiOutputLayer else {
        throw node.failure(.forwardOnly(kind: node.kind))
      }
      for source in before { needsGradient[source.node] = true }
    }
  }
}
