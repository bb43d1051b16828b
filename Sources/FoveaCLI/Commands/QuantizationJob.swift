import Foundation
import Fovea

/// What 'fovea quantize' does with images.
final class QuantizationJob {
  private let command: QuantizeCommand
  private let saved: SavedModel
  private let toolbox: Toolbox
  private let pool: WorkerPool
  /// Some of the images, for measuring speed.
  private var batch: Tensors?

  /// Images that go through the network together where speed is measured.
  var measuredBatch: Int { batch?.head.shape[0] ?? 0 }

  init(_ command: QuantizeCommand, _ saved: SavedModel, _ toolbox: Toolbox, pool: WorkerPool) {
    (self.command, self.saved, self.toolbox, self.pool) = (command, saved, toolbox, pool)
  }

  func quantized(_ model: Model) throws -> Model {
    var calibration = try Calibration(of: model)
    try forEachBatch(of: command.calibration, part: .training, most: command.images) { inputs in
      if batch == nil { batch = inputs.mapped { $0.rows(0..<min($0.shape[0], command.batchSize)) } }
      try calibration.add(inputs)
    }
    toolbox.note("\(Format.count(calibration.count, "image")) seen, \(command.method.rawValue)")
    let quantized = try model.quantized(
      by:
        calibration.quantization(
          command.method, keeping: command.kept, largestWeight: command.weightBits == 7 ? 63 : nil))
    guard !quantized.quantizedLayers.isEmpty else {
      throw CommandError(
        "'\(command.model)' has no layer that could multiply bytes: convolutions and dense layers do, but for those that "
          + "are kept in float32; --keep none keeps none")
    }
    return quantized.withRoundedWeights()
  }

  func report(_ quantized: Model, beside exact: Model) throws -> QuantizationReport {
    let path = command.validation ?? command.calibration
    var report: QuantizationReport
    if let dataset = try self.dataset(path, part: .validation) {
      let (learned, outputs) = try dataset.learned(
        by: LearnedOutput.all(of: saved.model, saved.description, registry: toolbox.registry), of: saved.model)
      var failures: [DataError] = []
      report = try QuantizationReport(
        quantized.comparePrecision(loader(learned, shuffles: false), outputs: outputs, exact: exact, pool: pool) {
          failures.append($0)
        })
      try command.dataOptions.unreadable.apply(to: failures, of: dataset.count, in: dataset.name, toolbox)
    } else {
      report = try agreement(of: quantized, and: exact, on: path)
    }
    if let batch {
      let speeds = try quantized.speeds(beside: exact, on: batch, pool: pool)
      (report.speedAfter, report.speedBefore) = (speeds.own, speeds.other)
    }
    return report
  }

  /// By the largest number of each example's first output.
  private func agreement(of quantized: Model, and exact: Model, on path: String) throws -> QuantizationReport {
    var (examples, differences) = (0, 0)
    try forEachBatch(of: path, part: .validation, most: .max) { inputs in
      let (own, other) = try (quantized.inferEach(inputs, on: pool).head, exact.inferEach(inputs, on: pool).head)
      let width = own.shape.withoutBatch.count
      let (first, second) = (own.elements, other.elements)
      for example in 0..<own.shape[0] {
        let range = example * width..<(example + 1) * width
        examples += 1
        if Self.decision(first[range]) != Self.decision(second[range]) { differences += 1 }
      }
    }
    return QuantizationReport(examples: examples, differences: differences)
  }

  /// Which number is the largest; of a single one, whether it is positive.
  private static func decision(_ numbers: ArraySlice<Float>) -> Int {
    guard numbers.count > 1 else { return numbers.first.map { $0 > 0 ? 1 : 0 } ?? 0 }
    return numbers.indices.max { numbers[$0] < numbers[$1] }.map { $0 - numbers.startIndex } ?? 0
  }

  private func loader(_ dataset: Dataset, shuffles: Bool) throws -> BatchLoader {
    var settings = BatchLoader.Settings(batchSize: 64, shuffles: shuffles)
    settings.failurePolicy = .skip
    settings.limits = command.decoding.limits
    return try BatchLoader(
      dataset, preprocessing: saved.description.preprocessing.map(toolbox.registry.makePreprocessing),
      settings: settings)
  }

  /// nil for a folder of pictures that has no labels.
  private func dataset(_ path: String, part: DatasetPart) throws -> Dataset? {
    guard Self.pictures(in: path).isEmpty else { return nil }
    let dataset = try Dataset.open(
      path, part: part, as: command.dataOptions.layout, columns: command.dataOptions.columns)
    toolbox.note("\(FileName.printable(dataset.name)): \(dataset.text)")
    return dataset
  }

  /// The pictures that lie in a folder itself, by name.
  private static func pictures(in path: String) -> [FilePath] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter(PictureFiles.isPicture).sorted().map { FilePath(path + "/" + $0) }
  }

  private func forEachBatch(
    of path: String, part: DatasetPart, most: Int, _ body: (Tensors) throws -> Void
  ) throws {
    var count = 0
    if let dataset = try self.dataset(path, part: part) {
      let (learned, _) = try dataset.learned(
        by: LearnedOutput.all(of: saved.model, saved.description, registry: toolbox.registry), of: saved.model)
      let stream = try loader(learned, shuffles: true).batches(epoch: 0)
      while count < most, let batch = try stream.next() {
        let rows = min(batch.count, most - count)
        try body(batch.allInputs.mapped { $0.rows(0..<rows) })
        count += rows
      }
      return
    }
    let pipeline = try Pipeline(
      saved.description, model: saved.model, registry: toolbox.registry, limits: command.decoding.limits)
    var failures: [ImageError] = []
    var decoder = ImageDecoder()
    decoder.maximumPixels = command.decoding.limits.maximumPixels
    let pictures = Self.pictures(in: path)
    for start in stride(from: 0, to: min(pictures.count, most), by: 64) {
      var inputs: [Tensor] = []
      for picture in pictures[start..<min(start + 64, pictures.count, most)] {
        do throws(ImageError) {
          let image = try decoder.read(picture).image
          if let input = try? pipeline.input(for: image) { inputs.append(input) }
        } catch { failures.append(error) }
      }
      guard !inputs.isEmpty else { continue }
      let batch: Tensor
      do throws(OutOfMemory) { batch = try Tensor(joining: inputs) } catch {
        throw ModelError.memory(batchSize: inputs.count, bytes: error.bytes)
      }
      try body(Tensors(batch))
    }
    try command.dataOptions.unreadable.apply(to: failures, of: pictures.count, in: path, toolbox)
  }
}
