import Foundation
import Fovea

/// JPEG files on their way into `cats-and-dogs`, with the distortions of the recipe `keras-tutorial`. Every picture is decoded
/// anew in each pass, as where a data set is larger than memory: nothing is kept.
struct PhotographsWork {
  private let settings: BenchSettings
  private let photographs: Photographs
  private let description: ModelDescription
  private let registry = Registry.standard

  init(_ settings: BenchSettings) throws {
    guard let description = Architecture.named("cats-and-dogs")?.description else {
      throw Unsupported(description: "there is no architecture 'cats-and-dogs'")
    }
    (self.settings, self.description) = (settings, description)
    photographs = try Photographs(settings)
  }

  /// A step for each batch of them.
  func training() throws -> Double {
    let model = try Model(description, registry: registry, seed: 1998)
    var trainer = try Trainer(
      model, loss: registry.makeLoss(description.loss ?? KindDescription(kind: "binaryCrossEntropy")),
      optimizer: Adam(), classes: 2, threads: settings.threads, seed: 1998)
    return try rateOfBatches { batch in _ = try trainer.step(batch.inputs, targets: batch.targets) }
  }

  /// Decoded, shrunk, distorted and put into batches, and nothing more.
  func loading() throws -> Double { try rateOfBatches { _ in } }

  /// Decoded and nothing more, by as many threads.
  ///
  /// - Parameter reduced: whether libjpeg shrinks them, as far as the network's input allows.
  func decoding(reduced: Bool = false) throws -> Double {
    let size = reduced ? ImageSize(width: 64, height: 64) : nil
    let (pool, decoder) = (WorkerPool(count: settings.threads), ImageDecoder(sufficientSize: size))
    let atOnce = 256
    return try Stopwatch.rate(images: atOnce, seconds: settings.seconds) { step in
      let read = pool.map(atOnce) { place in
        Result { try photographs.image(at: (step * atOnce + place) % photographs.count, decoder: decoder).width }
      }
      for result in read { _ = try result.get() }
    }
  }

  private func rateOfBatches(_ step: (Batch) throws -> Void) throws -> Double {
    let preprocessing = try description.preprocessing.map { step throws(ModelError) -> any PreprocessingStep in
      var made = try registry.makePreprocessing(step)
      if var resize = made as? Resize {
        resize.reducedDecoding = settings.reducedDecoding
        made = resize
      }
      return made
    }
    var loading = BatchLoader.Settings(batchSize: settings.batchSize ?? 32, seed: 1998)
    loading.cacheLimit = 0
    loading.threads = settings.threads
    loading.augment(by: try BuiltinRecipes.all["keras-tutorial"]?.makeAugmentation(registry))
    let loader = try BatchLoader(Dataset(photographs), preprocessing: preprocessing, settings: loading)
    let clock = ContinuousClock()
    var (start, images): (ContinuousClock.Instant?, Int) = (nil, 0)
    let warmUp = clock.now + .seconds(max(1, settings.seconds / 5))
    for epoch in 1... {
      let stream = loader.batches(epoch: epoch)
      while let batch = try stream.next() {
        try step(batch)
        let now = clock.now
        if let start {
          images += batch.targets.count
          if now - start > .seconds(settings.seconds) { return Double(images) / ((now - start) / .seconds(1)) }
        } else if now > warmUp {
          start = now
        }
      }
    }
    throw Unsupported(description: "there are no pictures")
  }
}

/// The files of one folder, every other one of another class.
private struct Photographs: DatasetSource {
  let name: String
  let labels = ["cat", "dog"]
  private let files: [String]

  init(_ settings: BenchSettings) throws {
    guard let folder = settings.folder else {
      throw Unsupported(description: "name the folder of JPEG files in FOVEA_BENCH_IMAGES")
    }
    name = folder
    files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
  }

  var count: Int { files.count }

  func target(at index: Int) -> Int { index % 2 }
  func identifier(at index: Int) -> String { files[index] }

  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    do { return try decoder.decode(path: files[index]) } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }
}
