import Fovea

/// Where decisions of `resnet18` come from, of random inputs that lie in memory: Grad-CAM of many, one on each core, and occlusion and
/// RISE of one at a time, on all cores.
struct ExplanationWork {
  private let model: ExplainedModel
  private let inputs: [Tensor]
  private let settings: BenchSettings

  init(_ settings: BenchSettings) throws {
    guard let description = Architecture.named("resnet18")?.description else {
      throw Unsupported(description: "there is no architecture 'resnet18'")
    }
    self.settings = settings
    model = try ExplainedModel(Model(description, registry: .standard, seed: 1998))
    var random = SeededRandom(seed: 1998)
    let shape = description.input.batched(1)
    inputs = (0..<16).map { _ in Tensor((0..<shape.count).map { _ in random.uniform() }, shape) }
  }

  /// Of the last layer with places, a class for each input.
  func gradCAM() throws -> Double {
    let pool = WorkerPool(count: settings.threads)
    return try Stopwatch.rate(images: inputs.count, seconds: settings.seconds) { _ in
      let results = pool.map(inputs.count) { number in
        Result { () throws(ExplanationError) in
          let picture = ExplainedPicture(model, input: inputs[number], target: ExplainedTarget(number))
          return try GradCAM().attribution(of: picture).map
        }
      }
      for result in results { _ = try result.get() }
    }
  }

  /// Squares of 32 pixels, 16 apart: 169 passes for an image.
  func occlusion() throws -> Double { try oneByOne(Occlusion(window: 32, stride: 16)) }

  /// Masks of 7×7 cells, 256 passes for an image.
  func rise() throws -> Double { try oneByOne(RISE(masks: 256)) }

  private func oneByOne(_ method: some ExplanationMethod) throws -> Double {
    let pool = WorkerPool(count: settings.threads)
    return try Stopwatch.rate(images: 1, seconds: settings.seconds) { step in
      let picture = ExplainedPicture(
        model, input: inputs[step % inputs.count], target: ExplainedTarget(step % 1000), on: pool)
      _ = try method.attribution(of: picture)
    }
  }
}
