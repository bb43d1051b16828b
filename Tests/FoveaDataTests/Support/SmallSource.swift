import FoveaCore
import FoveaImage
import Synchronization

@testable import FoveaData

/// Pictures made on demand: example i is 4 × 4, its bytes count up from 3 · i. Some may fail; reads are counted.
final class SmallSource: DatasetSource {
  let name = "small"
  let labels = ["even", "odd"]
  let count: Int
  let failing: Set<Int>
  let channels: Int
  private let readCount = Mutex(0)

  init(count: Int, failing: Set<Int> = [], channels: Int = 1) {
    self.count = count
    self.failing = failing
    self.channels = channels
  }

  var reads: Int { readCount.withLock { $0 } }

  func target(at index: Int) -> Int { index % 2 }
  func identifier(at index: Int) -> String { "small/\(index).png" }

  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    readCount.withLock { $0 += 1 }
    guard !failing.contains(index) else { throw failure(index) }
    let bytes = (0..<16 * channels).map { UInt8(truncatingIfNeeded: 3 * index + $0) }
    do { return try Image(width: 4, height: 4, channels: channels, pixels: .bytes(bytes)) } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }

  func failure(_ index: Int) -> DataError {
    .image(identifier: identifier(at: index), error: .undecodable(source: "'\(identifier(at: index))'", reason: "bad"))
  }
}

/// What the loader must give for an example: the steps one after the other, no shortcut.
func referenceRow(_ dataset: Dataset, _ index: Int, _ steps: [any PreprocessingStep]) throws -> [Float] {
  var image = try dataset.image(at: index, decoder: ImageDecoder(for: steps))
  for step in steps { image = try step.apply(image) }
  return [Float](unsafeUninitializedCapacity: image.pixels.count) { target, count in
    image.writePlanar(into: target)
    count = image.pixels.count
  }
}

extension BatchStream {
  /// All batches that are left.
  func all() throws(DataError) -> [Batch] {
    var batches: [Batch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }
}
