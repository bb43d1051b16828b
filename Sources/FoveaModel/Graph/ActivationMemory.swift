import FoveaCore

/// The memory that tensors between the steps of a network in use take at most, planned before anything is computed.
///
/// Each is counted as long as a later step reads it, and the network's inputs from beginning to end. A sum that a kernel
/// writes over its addend takes nothing. What kernels need for themselves while they run is not counted, nor is what fills up
/// blocks of channels; tensors that share memory, as before and behind a `flatten`, are counted twice.
public struct ActivationMemory: Sendable, Codable, Equatable {
  /// Examples that go through the network together.
  public let batchSize: Int
  /// While the step with the largest sum runs.
  public let bytes: Int
  /// The layers of that step, as `c1 + relu`.
  public let step: String

  init(_ steps: [(name: String, bytes: Int)], batchSize: Int) {
    let largest = steps.max { $0.bytes < $1.bytes }
    (self.batchSize, bytes, step) = (batchSize, largest?.bytes ?? 0, largest?.name ?? "")
  }
}

extension Model {
  /// - Parameter batchSize: at least 1.
  public func activationMemory(batchSize: Int) -> ActivationMemory {
    let bytes = inference.activationBytes(inputs.map(\.shape), batch: max(1, batchSize))
    return ActivationMemory(zip(inference.steps, bytes).map { (name(of: $0), $1) }, batchSize: max(1, batchSize))
  }

  /// The layers' names, as `c1 + relu`.
  func name(of step: ExecutionStep) -> String { step.nodes.map { nodes[$0].name }.joined(separator: " + ") }
}

extension ExecutionPlan {
  /// So much no tensor takes, and of so much a hundred thousand can be added up.
  private static let most = 1 << 46

  /// What lies between the steps while each of them runs: its inputs, its outputs, and what later ones read.
  func activationBytes(_ inputs: [Shape], batch: Int) -> [Int] {
    var sizes = inputs.map { Self.bytes($0, .float32, batch) }
    var held = sizes.reduce(0, +)
    return steps.map { step in
      for (shape, element) in zip(step.outputShapes, step.outputElements) {
        sizes.append(Self.bytes(shape, element, batch))
        held += sizes[sizes.count - 1]
      }
      // Whoever calls the network holds its inputs.
      let released = step.released.filter { $0 >= inputs.count }
      defer { held -= released.reduce(0) { $0 + sizes[$1] } }
      // Where an input's memory becomes the output's, there is one of the two.
      let reused = step.reusedInput.flatMap { released.contains($0) ? $0 : nil }
      return held - (reused.map { sizes[$0] } ?? 0)
    }
  }

  private static func bytes(_ shape: Shape, _ element: ElementType, _ batch: Int) -> Int {
    let (bytes, overflow) = (shape.count * element.byteCount).multipliedReportingOverflow(by: batch)
    return overflow ? most : min(bytes, most)
  }
}
