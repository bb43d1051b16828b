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

extension Model {
  /// Finds out whether the system has what a batch will take in use, before anything of it is made: where a tensor gets no
  /// memory, the program ends.
  ///
  /// - Parameter batchSize: examples at once.
  /// - Throws: ``ModelError/memory(batchSize:bytes:)``.
  package func checkMemory(batchSize: Int) throws(ModelError) { try inference.checkMemory(batchSize) }

  /// The same for what all weights take once more.
  ///
  /// - Throws: ``ModelError/weightMemory(model:bytes:)``.
  package func checkWeightMemory() throws(ModelError) {
    let bytes = weightBytes
    do throws(OutOfMemory) { try OutOfMemory.check(bytes) } catch { throw .weightMemory(model: name, bytes: bytes) }
  }
}

extension ExecutionPlan {
  /// Less than this is there, since checks of other memory leave as much free.
  private static let leastChecked = 1 << 25

  /// What a pass of so many examples takes at least.
  func bytes(_ batchSize: Int) -> Int {
    let (bytes, overflow) = bytesPerExample.multipliedReportingOverflow(by: batchSize)
    return overflow ? Self.most : min(bytes, Self.most)
  }

  func checkMemory(_ batchSize: Int) throws(ModelError) {
    let needed = bytes(batchSize)
    guard needed >= Self.leastChecked else { return }
    do throws(OutOfMemory) { try OutOfMemory.check(needed) } catch {
      throw .memory(batchSize: batchSize, bytes: needed)
    }
  }

  /// So much no tensor takes, and of so much a hundred thousand can be added up.
  private static let most = 1 << 46

  /// What a pass takes at least: in training, all that lies between the steps is kept for the way back, and for looking at
  /// it, too.
  static func bytesPerExample(_ steps: [ExecutionStep], _ inputs: [Shape], for purpose: Purpose) -> Int {
    if case .inference = purpose { return activationBytes(steps, inputs, batch: 1).max() ?? 0 }
    let sizes =
      inputs.map { bytes($0, .float32, 1) }
      + steps.flatMap { zip($0.outputShapes, $0.outputElements).map { bytes($0, $1, 1) } }
    return sizes.reduce(0, +)
  }

  func activationBytes(_ inputs: [Shape], batch: Int) -> [Int] { Self.activationBytes(steps, inputs, batch: batch) }

  /// What lies between the steps while each of them runs: its inputs, its outputs, and what later ones read.
  private static func activationBytes(_ steps: [ExecutionStep], _ inputs: [Shape], batch: Int) -> [Int] {
    var sizes = inputs.map { bytes($0, .float32, batch) }
    var held = sizes.reduce(0, +)
    return steps.map { step in
      for (shape, element) in zip(step.outputShapes, step.outputElements) {
        sizes.append(bytes(shape, element, batch))
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
