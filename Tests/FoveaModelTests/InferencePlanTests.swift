import Dispatch
import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Synchronization
import Testing

/// What a network in use folds, sums in one kernel and prepares once gives the same numbers as its layers one by one.
@Suite struct InferencePlanTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/Networks")

  static let fixtures = ["inverted", "residual"]

  private func read(_ fixture: String) throws -> (model: Model, input: Tensor, output: Tensor) {
    let file = try SafeTensors(contentsOf: Self.folder.appendingPathComponent("\(fixture).safetensors").path)
    var tensors = file.tensors
    let (input, output) = (tensors.removeValue(forKey: "input"), tensors.removeValue(forKey: "output"))
    let description = try ModelDescription(yaml: #require(file.metadata["description"]))
    let model = try Model(description, registry: GraphTests.registry, tensors: tensors)
    return (model, try #require(input), try #require(output))
  }

  /// A network whose weights and running statistics are all random.
  private func make(_ description: ModelDescription, seed: UInt64 = 1) throws -> Model {
    let model = try Model(description, registry: GraphTests.registry, seed: seed)
    var random = SeededRandom(seed: seed)
    let tensors = model.namedParameters.map { name, parameter, tensor in
      let isPositive = name.hasSuffix("Variance") || name.hasSuffix("scale")
      let numbers = tensor.elements.map {
        isPositive ? random.uniform(in: 0.4...1.6) : $0 + random.uniform(in: -0.1...0.1)
      }
      return (name, Tensor(numbers, parameter.shape))
    }
    return try Model(
      description, registry: GraphTests.registry, tensors: Dictionary(uniqueKeysWithValues: tensors))
  }

  private func draw(_ shape: Shape, seed: UInt64 = 2) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  /// The names of the steps, as a profile tells them.
  private func steps(_ model: Model, batch: Int = 1) throws -> [String] {
    let profile = Profile()
    let watch = profile.start(.whole)
    _ = try model.infer(Tensors(Tensor(zeros: model.inputShape.batched(batch))), profile: profile)
    watch.stop()
    return ProfileReport(profile, of: model, batchSize: batch).steps.map(\.name)
  }

  private func expectEqual(
    _ model: Model, batches: [Int] = [1, 5, 16], _ sourceLocation: SourceLocation = #_sourceLocation
  )
    throws
  {
    for batch in batches {
      let input = draw(model.inputShape.batched(batch), seed: UInt64(batch))
      let all = try model.activations(Tensors(input))
      // Twice: with weights that are prepared then.
      for _ in 0..<2 {
        let outputs = try model.infer(Tensors(input))
        for (port, got) in zip(model.outputs, outputs) {
          expectClose(got, all[port.source.node][port.source.output], within: 1e-5, "batch \(batch)", sourceLocation)
        }
      }
    }
  }

  private func expectClose(
    _ got: Tensor, _ expected: Tensor, within tolerance: Float, _ what: String,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(got.shape == expected.shape, sourceLocation: sourceLocation)
    let scale = max(1, expected.elements.map(abs).max() ?? 1)
    let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= tolerance * scale, "\(what): \(worst) of \(scale)", sourceLocation: sourceLocation)
  }
}

// MARK: - Beside ONNX Runtime

extension InferencePlanTests {
  @Test(arguments: fixtures) func agreesWithONNXRuntime(_ fixture: String) throws {
    let (model, input, output) = try read(fixture)
    expectClose(try model.infer(input), output, within: 1e-4, "inference")
    expectClose(try model.inferEach(input), output, within: 1e-4, "each by itself")
    expectClose(try model.infer(input, on: WorkerPool(count: 2)), output, within: 1e-4, "on two workers")
    expectClose(try #require(model.activations(input).last), output, within: 1e-4, "layer by layer")
    guard Precision.bfloat16.isAvailable else { return }
    expectClose(try model.inPrecision(.bfloat16).infer(input), output, within: 0.05, "in bfloat16")
  }

  @Test func aResidualBlockIsAStepForEachConvolution() throws {
    let (residual, _, _) = try read("residual")
    #expect(
      try steps(residual) == [
        "c0 + n0 + r0", "pool", "c1 + n1 + r1", "c2 + n2 + s1 + r2", "c3 + n3 + r3", "c5 + n5", "c4 + n4 + s2 + r4",
        "mean", "output",
      ])
    let (inverted, _, _) = try read("inverted")
    #expect(
      try steps(inverted) == [
        "c0 + n0 + r0", "c1a + n1a + r1a", "c1b + n1b + r1b", "c1c + n1c + s1", "c2a + n2a + r2a", "c2b + n2b + r2b",
        "c2c + n2c + s2", "c3", "n3", "s3", "both", "r3", "mean", "d + n4 + output",
      ])
  }
}

// MARK: - What is folded, and what is not

extension InferencePlanTests {
  @Test func foldsWhereNobodyElseLooks() throws {
    let model = try make(
      ModelDescription("folded", input: [3, 12, 11]) {
        Convolution.layer("a", filters: 20, kernel: 3) {
          $0.padding = .same
          $0.bias = false
        }
        BatchNormalization.layer("b") { $0.epsilon = 1e-2 }
        Tanh.layer("c")
        Convolution.layer("d", filters: 16, kernel: 2) {
          $0.groups = 4
          $0.stride = 2
        }
        BatchNormalization.layer("e")
        Dropout.layer("f")
        Sigmoid.layer("g")
        Convolution.layer("h", filters: 16, kernel: 3) {
          $0.groups = 16
          $0.bias = false
        }
        BatchNormalization.layer("i")
        LeakyRelu.layer("j")
        Flatten.layer("k")
        Dense.layer("l", units: 30) { $0.bias = false }
        BatchNormalization.layer("m")
        Relu.layer("n")
        Dense.layer("o", units: 7)
      })
    #expect(try steps(model) == ["a + b + c", "d + e + f + g", "h + i + j", "k", "l + m + n", "o"])
    try expectEqual(model)
  }

  /// LeNet's kernels, which are our own, are given folded weights too.
  @Test func foldsIntoConvolutionsThatPool() throws {
    let model = try make(
      ModelDescription("pooled", input: [1, 28, 28]) {
        Convolution.layer("a", filters: 6, kernel: 5)
        BatchNormalization.layer("b")
        Relu.layer("c")
        MaximumPooling.layer("d", window: 2)
        Convolution.layer("e", filters: 4, kernel: 3) { $0.connections = [[0, 2], [1], [5, 3, 4], [2]] }
        BatchNormalization.layer("f")
        Convolution.layer("g", filters: 9, kernel: 10)
        BatchNormalization.layer("h")
        Relu.layer("i")
      })
    #expect(try steps(model) == ["a + b + c + d", "e + f", "g + h + i"])
    try expectEqual(model, batches: [1, 3, 16, 40])
  }

  @Test func leavesWhatIsLookedAt() throws {
    let model = try make(
      ModelDescription(
        "seen", inputs: [InputDescription(shape: [4, 9, 8])],
        outputs: [OutputDescription("end"), OutputDescription("d")]
      ) {
        Convolution.layer("a", filters: 16, kernel: 3) { $0.padding = .same }
        BatchNormalization.layer("b")
        Add.layer("c", inputs: ["a", "b"])
        Convolution.layer("d", filters: 16, kernel: 3) { $0.padding = .same }
        BatchNormalization.layer("e")
        Relu.layer("f")
        Convolution.layer("g", filters: 16, kernel: 1)
        Relu.layer("h")
        BatchNormalization.layer("end")
      })
    #expect(try steps(model) == ["a", "b", "c", "d", "e + f", "g + h", "end"])
    try expectEqual(model)
    let input = draw([2, 4, 9, 8])
    // Every layer's maps are to be had all the same.
    #expect(try model.activations(input).count == 9)
  }

  /// What is added must not be changed where somebody else reads it later, or it came from outside.
  @Test func sumsDoNotWriteWhatOthersRead() throws {
    let model = try make(
      ModelDescription("sums", input: [16, 7, 6]) {
        Convolution.layer("a", filters: 16, kernel: 3) { $0.padding = .same }
        Add.layer("b", inputs: ["a", "input"])
        Convolution.layer("c", filters: 16, kernel: 3) { $0.padding = .same }
        BatchNormalization.layer("d")
        Add.layer("e", inputs: ["b", "d"])
        Tanh.layer("f")
        Convolution.layer("g", filters: 16, kernel: 1)
        Add.layer("h", inputs: ["g", "b"])
        Flatten.layer("flat", inputs: ["h"])
        Flatten.layer("same", inputs: ["h"])
        Convolution.layer("i", inputs: ["f"], filters: 16, kernel: 1)
        Add.layer("j", inputs: ["h", "i"])
        Convolution.layer("k", filters: 16, kernel: 1)
        Add.layer("l", inputs: ["k", "f", "j"])
        Flatten.layer("m")
        Add.layer("n", inputs: ["m", "flat", "same"])
      })
    #expect(
      try steps(model) == [
        "a + b", "c + d + e + f", "g + h", "flat", "same", "i + j", "k", "l", "m", "n",
      ])
    try expectEqual(model)
    let input = draw([3, 16, 7, 6])
    let before = input.elements
    _ = try model.infer(input)
    #expect(input.elements == before)
  }
}

// MARK: - Weights that are prepared once

extension InferencePlanTests {
  private func network() -> ModelDescription {
    ModelDescription("network", input: [3, 13, 12]) {
      Convolution.layer("a", filters: 24, kernel: 3) { $0.bias = false }
      BatchNormalization.layer("b")
      Relu.layer("c")
      Convolution.layer("d", filters: 24, kernel: 3) {
        $0.groups = 2
        $0.padding = .same
      }
      Add.layer("e", inputs: ["c", "d"])
      GlobalAveragePooling.layer("f")
      Dense.layer("g", units: 5)
    }
  }

  @Test func newWeightsAreSeenAtOnce() throws {
    var model = try make(network())
    let input = draw([4, 3, 13, 12])
    var updater = WeightUpdater(StochasticGradientDescent(learningRate: 0.1))
    for step in 0..<3 {
      let pass = try model.forward(input, seed: UInt64(step))
      var gradients = model.makeGradients()
      try model.backward(draw([4, 5], seed: 9), pass, into: &gradients)
      let before = try model.infer(input)
      let copy = model
      updater.step(&model, gradients: [gradients], pool: WorkerPool(count: 1))
      model.updateState(from: pass)
      let after = try model.infer(input)
      #expect(before != after)
      expectClose(after, try #require(model.activations(input).last), within: 1e-5, "step \(step)")
      #expect(try copy.infer(input) == before)
    }
  }

  /// One model on many threads, beside another with the same plan and other weights.
  @Test func servesManyThreads() throws {
    let model = try make(network())
    let other = model.with(try make(network(), seed: 7).parameters)
    let input = draw([2, 3, 13, 12])
    let expected = [try model.infer(input).elements, try other.infer(input).elements]
    #expect(expected[0] != expected[1])
    let fresh = try make(network())
    let models = [fresh, fresh.with(other.parameters)]
    let wrong = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { task in
      for step in 0..<20 {
        let which = (task + step / 5) % 2
        if (try? models[which].infer(input).elements) != expected[which] { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  /// After the first call no weight is moved again.
  @Test func weightsAreRearrangedOnce() throws {
    let model = try make(
      ModelDescription("arranged", input: [16, 16, 16]) {
        Convolution.layer("a", filters: 32, kernel: 3) { $0.padding = .same }
        Relu.layer("b")
        Convolution.layer("c", filters: 32, kernel: 3) {
          $0.groups = 32
          $0.padding = .same
        }
        BatchNormalization.layer("d")
        Convolution.layer("e", filters: 32, kernel: 1)
      })
    let input = draw([1, 16, 16, 16])
    func reorders() throws -> Double {
      let profile = Profile()
      let watch = profile.start(.whole)
      _ = try model.infer(Tensors(input), profile: profile)
      watch.stop()
      return ProfileReport(profile, of: model, batchSize: 1).steps.reduce(0) { $0 + ($1.inference?.reorders ?? 0) }
    }
    let first = try reorders()
    let second = try reorders()
    #expect(first >= second + 3)
    // What is left is the picture's own.
    #expect(second <= 1)
    #expect(try reorders() == second)
  }
}
