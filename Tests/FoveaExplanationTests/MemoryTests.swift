import FoveaCore
import FoveaExplanation
import Testing

/// What a method would compute together and no machine has the memory for is an error.
@Suite struct MemoryTests {
  /// Asks for all changed examples at once.
  private struct Greedy: ExplainedNetwork {
    let input = Tensor(zeros: [1, 1, 2048, 2048])
    let batchSize = 1 << 30
    let activationBatchSize = 1 << 30
    let seed: UInt64 = 1

    func activations() -> Tensor { Tensor(zeros: [1, 1 << 22, 1, 1]) }
    func activationGradients() -> Tensor { activations() }
    func inputGradients(_ inputs: Tensor, _ rule: (any BackwardRule)?) -> Tensor { inputs }
    func inputRelevance(_ rule: any BackwardRule) -> Tensor { input }
    func scores(ofInputs inputs: Tensor) -> [Float] { Array(repeating: 0, count: inputs.shape[0]) }
    func scores(ofActivations activations: Tensor) -> [Float] { Array(repeating: 0, count: activations.shape[0]) }
  }

  static let methods: [(method: any ExplanationMethod, examples: Int)] = [
    (Occlusion(window: 1, stride: 1, value: 1), 1 << 22), (ScoreCAM(), 1 << 22), (AblationCAM(), 1 << 22),
    (RISE(masks: 1 << 30), 1 << 30), (SmoothGrad(samples: 1 << 30), 1 << 30),
  ]

  @Test(arguments: methods.indices) func tooManyExamplesAtOnceAreAnError(index: Int) {
    let (method, examples) = Self.methods[index]
    #expect {
      try method.attribution(of: Greedy())
    } throws: { error in
      guard case ExplanationError.memory(examples, 1_000_000_000...) = error else { return false }
      return "\(error)".contains("explain fewer images at the same time, as with --threads 1")
    }
  }
}
