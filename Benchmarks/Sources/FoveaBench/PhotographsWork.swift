import Foundation
import Fovea

/// Trains `cats-and-dogs` from JPEG files with the tutorial's distortions. Every picture is decoded anew in each pass, as
/// where a data set is larger than memory: nothing is kept.
enum PhotographsWork {
  static func measure(_ settings: BenchSettings) throws -> Measurement {
    guard let description = Architecture.named("cats-and-dogs")?.description else {
      throw Unsupported(description: "there is no architecture 'cats-and-dogs'")
    }
    let registry = Registry.standard
    let model = try Model(description, registry: registry, seed: 1998)
    var trainer = try Trainer(
      model, loss: registry.makeLoss(description.loss ?? KindDescription(kind: "binaryCrossEntropy")),
      optimizer: Adam(), classes: 2, threads: settings.threads, seed: 1998)
    let preprocessing = try description.preprocessing.map { step throws(ModelError) in
      try registry.makePreprocessing(step)
    }
    var loading = BatchLoader.Settings(batchSize: settings.batchSize ?? 32, seed: 1998)
    loading.cacheLimit = 0
    loading.threads = settings.threads
    var distortion = RandomAffine()
    distortion.shearing = ParameterRange(-0.2, 0.2)
    distortion.scaling = ParameterRange(0.8, 1.2)
    distortion.horizontalFlip = 0.5
    distortion.border = .replicate
    loading.augmentation = { [distortion] image, random in try distortion.apply(image, using: &random) }
    let loader = try BatchLoader(Dataset(try Photographs(settings)), preprocessing: preprocessing, settings: loading)
    let clock = ContinuousClock()
    var (start, images): (ContinuousClock.Instant?, Int) = (nil, 0)
    let warmUp = clock.now + .seconds(max(1, settings.seconds / 5))
    for epoch in 1... {
      let stream = loader.batches(epoch: epoch)
      while let batch = try stream.next() {
        _ = try trainer.step(batch.inputs, targets: batch.targets)
        let now = clock.now
        if let start {
          images += batch.targets.count
          if now - start > .seconds(settings.seconds) {
            return Measurement(value: Double(images) / ((now - start) / .seconds(1)), unit: "images/s")
          }
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
