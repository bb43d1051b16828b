import FoveaCore
import FoveaLayers
import Testing

/// Which kernels are taken for a layer, by the names that `fovea profile` shows.
@Suite struct KernelChoiceTests {
  private static let own = VectorInstructions.inUse
  /// oneDNN has the algorithm for AVX-512 itself.
  private static let winograd = own == .avx2 || own == .neon ? "winograd" : "oneDNN"
  private static let table = (0..<16).map { [$0 % 6, ($0 + 1) % 6, ($0 + 2) % 6] }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable () throws -> any Layer
    let input: Shape
    let batch: Int
    /// Forward in training; all passes of training; in use. Reorders are not named.
    let forward, training, inference: [String]
  }

  private static func convolution(_ filters: Int, _ kernel: Int, _ input: Shape, connections: [[Int]]? = nil)
    -> @Sendable () throws -> any Layer
  {
    let configuration = Convolution.Configuration(
      filters: filters, kernel: Extent(kernel), connections: connections)
    return { try Convolution(configuration, input: input) }
  }

  private static func dense(_ units: Int, _ features: Int) -> @Sendable () throws -> any Layer {
    { try Dense(Dense.Configuration(units: units), input: [features]) }
  }

  private static let pooled: @Sendable () throws -> any Layer = {
    let convolution = try Convolution(.init(filters: 6, kernel: 5), input: [1, 28, 28])
    let pooling = try MaximumPooling(.init(window: 2), input: convolution.outputShape)
    return try #require(convolution.fused(with: pooling))
  }

  static let cases: [Case] = [
    Case(
      testDescription: "few filters, one example", make: convolution(6, 5, [1, 32, 32]), input: [1, 32, 32], batch: 1,
      forward: ["plane"], training: ["plane", "plane", "oneDNN"], inference: ["plane"]),
    Case(
      testDescription: "few filters, a whole group", make: convolution(6, 5, [1, 32, 32]), input: [1, 32, 32],
      batch: 16,
      forward: ["connected"], training: ["connected", "connected", "connected"], inference: ["connected"]),
    Case(
      testDescription: "few filters, half a group", make: convolution(6, 5, [1, 32, 32]), input: [1, 32, 32], batch: 8,
      forward: ["plane"], training: ["plane", "plane", "oneDNN"], inference: ["plane"]),
    Case(
      testDescription: "a connection table", make: convolution(16, 5, [6, 14, 14], connections: table),
      input: [6, 14, 14], batch: 1, forward: ["connected"], training: ["connected", "connected", "connected"],
      inference: ["connected"]),
    Case(
      testDescription: "more maps", make: convolution(16, 5, [6, 14, 14]), input: [6, 14, 14], batch: 16,
      forward: ["oneDNN"], training: ["oneDNN", "oneDNN", "oneDNN"], inference: ["oneDNN"]),
    Case(
      testDescription: "many filters", make: convolution(32, 3, [3, 20, 20]), input: [3, 20, 20], batch: 16,
      forward: ["oneDNN"], training: ["oneDNN", "oneDNN", "oneDNN"], inference: ["oneDNN"]),
    Case(
      testDescription: "many maps and filters, one example", make: convolution(64, 3, [32, 10, 10]),
      input: [32, 10, 10], batch: 1, forward: ["oneDNN"], training: ["oneDNN", "oneDNN", "oneDNN"],
      inference: [winograd]),
    Case(
      testDescription: "many maps and filters", make: convolution(64, 3, [32, 18, 18]), input: [32, 18, 18], batch: 16,
      forward: [winograd], training: [winograd, "oneDNN", winograd], inference: [winograd]),
    Case(
      testDescription: "a kernel that covers the input", make: convolution(120, 5, [16, 5, 5]), input: [16, 5, 5],
      batch: 1, forward: ["dense"], training: ["dense", "dense"], inference: ["dense"]),
    Case(
      testDescription: "before a pooling, a whole group", make: pooled, input: [1, 28, 28], batch: 16,
      forward: ["pooled"], training: ["pooled", "pooled", "pooled"], inference: ["interleaved"]),
    Case(
      testDescription: "before a pooling, one example", make: pooled, input: [1, 28, 28], batch: 1,
      forward: ["pooled"], training: ["pooled", "pooled", "pooled"], inference: ["pooled"]),
    Case(
      testDescription: "a small dense layer", make: dense(84, 120), input: [120], batch: 16, forward: ["oneDNN"],
      training: ["oneDNN", "oneDNN", "oneDNN"], inference: ["oneDNN"]),
    Case(
      testDescription: "a small dense layer, one example", make: dense(84, 120), input: [120], batch: 1,
      forward: ["dense"], training: ["dense", "dense"], inference: ["dense"]),
    Case(
      testDescription: "a large dense layer", make: dense(256, 1024), input: [1024], batch: 16, forward: ["dense"],
      training: ["dense", "dense"], inference: ["dense"]),
  ]

  @Test(arguments: cases) func isTheFirstThatApplies(_ one: Case) throws {
    let layer = try one.make()
    let parameters = layer.parameters.map { Tensor(repeating: 0.125, $0.shape) }
    let input = Tensor(repeating: 0.5, one.input.batched(one.batch))
    let inference = try names { _ = try layer.infer([input], parameters) }
    #expect(inference == one.inference)
    let training = try names { try train(layer, input, parameters) }
    #expect(training == one.training && Array(training.prefix(one.forward.count)) == one.forward)
  }

  @Test func interleavedInputsStayInterleaved() throws {
    let layer = try Self.dense(84, 120)()
    let parameters = layer.parameters.map { Tensor(repeating: 0.125, $0.shape) }
    let input = Tensor(repeating: 0.5, [16, 120]).converted(to: .interleaved)
    #expect(try names { _ = try layer.infer([input], parameters) } == ["interleaved"])
  }

  private func train(_ layer: some Layer, _ input: Tensor, _ parameters: [Tensor]) throws {
    let (output, cache) = try layer.forward([input], parameters, TrainingContext(seed: 0))
    var gradients = Gradients(for: parameters)
    _ = try layer.backward(output, cache, parameters, BackwardContext(), into: &gradients)
  }

  /// Ours without the instructions, and `oneDNN` for all of its own, of which some are named alike: `jit:avx2`.
  private func names(of work: () throws -> Void) throws -> [String] {
    let recorder = KernelRecorder()
    recorder.install()
    defer { recorder.uninstall() }
    try work()
    return recorder.runs.filter { !$0.isReorder }.map { run in
      let parts = run.implementation.split(separator: ":")
      let isOwn = parts.count == 2 && parts[1] == "\(Self.own)" && !parts[0].hasPrefix("jit")
      return isOwn ? String(parts[0]) : "oneDNN"
    }
  }
}
