import Foundation
import Fovea

/// Where decisions of `resnet18` come from: of random inputs that lie in memory, Grad-CAM of many, one on each core, and occlusion and
/// RISE of one at a time, on all cores; and Grad-CAM of a folder of photographs.
struct ExplanationWork {
  private let description: ModelDescription
  private let model: ExplainedModel
  private let inputs: [Tensor]
  private let settings: BenchSettings

  init(_ settings: BenchSettings) throws {
    guard let description = Architecture.named("resnet18")?.description else {
      throw Unsupported(description: "there is no architecture 'resnet18'")
    }
    (self.settings, self.description) = (settings, description)
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

  /// Of a folder's first thousand photographs, as `fovea explain` does it: decoded, explained, with the heat drawn over the photograph,
  /// a sheet of each, and a page of all.
  func photographs() throws -> Double {
    guard let folder = settings.folder else {
      throw Unsupported(description: "name the folder of JPEG files in FOVEA_BENCH_IMAGES")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().prefix(settings.images ?? 1000)
    let pipeline = try Pipeline(description, model: model.model, registry: .standard)
    let explainer = try Explainer(pipeline, methods: [GradCAM()])
    let painter = try ExplanationPictures.Painter(labels: pipeline.labels, registry: .standard)
    let output = FileManager.default.temporaryDirectory.appending(path: "fovea-bench-explained-\(UUID())").path()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let pictures = try ExplanationPictures(output, explainer: explainer)
    let (pool, decoder) = (WorkerPool(count: settings.threads), ImageDecoder())
    let start = ContinuousClock.now
    for first in stride(from: 0, to: names.count, by: Self.atOnce) {
      let part = names.dropFirst(first).prefix(Self.atOnce).map { folder + "/" + $0 }
      let drawn = pool.map(part.count) { number in
        Result {
          KernelThreads.set(1)
          return try painter.draw(explainer.explain(decoder.read(path: part[number]), name: part[number]))
        }
      }
      for (path, result) in zip(part, drawn) { _ = try pictures.add(result.get(), path: path) }
    }
    try pictures.finish()
    return Double(names.count) / ((ContinuousClock.now - start) / .seconds(1))
  }

  private static let atOnce = 64

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
