import FoveaCore
import Synchronization

/// A network's graphs and plans for inputs of other sizes than its own, which an open input may bring: layers made anew of
/// the same configurations, for the same weights.
///
/// A model whose inputs are not open has none. It is bounded: the size that was not used for longest makes room.
final class SizeCache: Sendable {
  struct Entry: Sendable {
    let shapes: [Shape]
    let graph: Graph
    let plan: ExecutionPlan
    let inference: ExecutionPlan
  }

  /// The most sizes that are kept.
  static let limit = 8

  private let description: ModelDescription
  private let registry: Registry
  private let precision: Precision
  private let quantization: Quantization?
  /// In the order of their last use.
  private let entries = Mutex<[Entry]>([])

  init(
    _ description: ModelDescription, _ registry: Registry, _ precision: Precision, _ quantization: Quantization?
  ) {
    self.description = description
    self.registry = registry
    self.precision = precision
    self.quantization = quantization
  }

  func inPrecision(_ precision: Precision, _ quantization: Quantization?) -> SizeCache {
    SizeCache(description, registry, precision, quantization)
  }

  /// How many sizes are kept now.
  var count: Int { entries.withLock(\.count) }

  /// - Parameters:
  ///   - shapes: of one example of each input.
  ///   - own: the network in its own size.
  /// - Throws: ``ModelError/otherSize(_:problem:)`` where layers do not take it, or would need other weights.
  func entry(for shapes: [Shape], like own: Graph) throws(ModelError) -> Entry {
    if let entry = entries.withLock({ Self.use(shapes, in: &$0) }) { return entry }
    let entry = try make(shapes, like: own)
    return entries.withLock { entries in
      // Another thread may have been faster; one of the two is enough.
      if let first = Self.use(shapes, in: &entries) { return first }
      if entries.count == Self.limit { entries.removeFirst() }
      entries.append(entry)
      return entry
    }
  }

  private static func use(_ shapes: [Shape], in entries: inout [Entry]) -> Entry? {
    guard let index = entries.firstIndex(where: { $0.shapes == shapes }) else { return nil }
    let entry = entries.remove(at: index)
    entries.append(entry)
    return entry
  }

  private func make(_ shapes: [Shape], like own: Graph) throws(ModelError) -> Entry {
    var resized = description
    for (index, shape) in shapes.enumerated() { resized.inputs[index].shape = shape }
    do throws(ModelError) {
      let graph = try GraphBuilder.graph(resized, registry: registry)
      for (node, old) in zip(graph.nodes, own.nodes) {
        guard node.parameters.map(\.name) == old.parameters.map(\.name) else {
          throw ModelError.otherSize(shapes, problem: "layer '\(node.name)' would need other weights than it has")
        }
        for (needed, kept) in zip(node.parameters, old.parameters) where needed.shape != kept.shape {
          throw ModelError.otherSize(
            shapes,
            problem:
              "layer '\(node.name)' would need '\(needed.name)' of shape \(needed.shape), and has \(kept.shape); put a "
              + "layer before it whose output is of one size, such as globalAveragePooling")
        }
      }
      return Entry(
        shapes: shapes, graph: graph, plan: try ExecutionPlan(graph, for: .training, precision: precision),
        inference: try ExecutionPlan(graph, for: .inference, precision: precision, quantization))
    } catch {
      if case .otherSize = error { throw error }
      throw .otherSize(shapes, problem: error.description)
    }
  }
}
