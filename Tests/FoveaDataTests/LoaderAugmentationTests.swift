import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

/// Augmentations of whole pictures, before the network's size, and of the examples of a batch.
@Suite struct LoaderAugmentationTests {
  private static func loader(
    _ count: Int = 9, threads: Int = 0, batchSize: Int = 4, _ change: (inout BatchLoader.Settings) -> Void
  ) throws -> BatchLoader {
    var settings = BatchLoader.Settings(batchSize: batchSize, seed: 3)
    settings.threads = threads
    change(&settings)
    return try BatchLoader(
      Dataset(SmallSource(count: count)), preprocessing: [Resize(width: 2, height: 2), Scale()], settings: settings)
  }

  /// Every example's values and targets, twice over, so that a cache would show.
  private static func rows(_ loader: BatchLoader) throws -> [Int: [Float]] {
    var rows: [Int: [Float]] = [:]
    for _ in 0..<2 {
      for batch in try loader.batches(epoch: 1).all() {
        for (row, example) in batch.examples.enumerated() {
          rows[example] = batch.inputs.rows(row..<row + 1).elements
        }
      }
    }
    return rows
  }

  /// A part of 3×3 is cut out of the picture of 4×4 that comes in, and what is shrunk to 2×2 is that part.
  @Test func picturesAreChangedBeforeTheyAreShrunk() throws {
    let crop: BatchLoader.Augmentation = { image, random in
      guard image.shape == [1, 4, 4] else { throw ImageError.failed(kind: "test", message: "\(image.shape)") }
      return try image.cropped(to: PixelRect(x: Int(random.next() % 2), y: 0, width: 3, height: 3))
    }
    let rows = try Self.rows(Self.loader { $0.pictureAugmentation = crop })
    #expect(try Self.rows(Self.loader(threads: 3, batchSize: 2) { $0.pictureAugmentation = crop }) == rows)
    for (example, row) in rows {
      let candidates = try (0..<2).map { x in
        let image = try SmallSource(count: 9).image(at: example, decoder: ImageDecoder())
          .cropped(to: PixelRect(x: x, y: 0, width: 3, height: 3)).resized(width: 2, height: 2)
        return try Scale().apply(image).floats
      }
      #expect(candidates.contains(row))
    }
    #expect(Set(rows.map { $0.value[0] }).count > 4)
  }

  /// Both stages draw from one stream, the picture's first.
  @Test func bothStagesDrawInTurn() throws {
    let draw: BatchLoader.Augmentation = { image, random in
      let value = UInt8(random.next() >> 56)
      return try Image(
        width: image.width, height: image.height, channels: 1,
        pixels: .bytes(.init(repeating: value, count: image.width * image.height)))
    }
    let second: BatchLoader.Augmentation = { image, random in
      guard case .bytes(let bytes) = image.pixels else { return image }
      let value = UInt8(random.next() >> 56)
      return try Image(width: 2, height: 2, channels: 1, pixels: .bytes([bytes[0], value, value, value]))
    }
    let rows = try Self.rows(
      Self.loader {
        $0.pictureAugmentation = draw
        $0.augmentation = second
      })
    for (example, row) in rows {
      var random = SeededRandom(seed: SeededOrder.seed(3, 1, UInt64(example)))
      let expected = [Float(random.next() >> 56), Float(random.next() >> 56)]
      #expect(abs(row[0] * 255 - expected[0]) < 0.01 && abs(row[3] * 255 - expected[1]) < 0.01)
    }
  }

  @Test func namesTheExampleThatCannotBeChanged() throws {
    struct Refusal: Error, CustomStringConvertible { let description = "no" }
    let loader = try Self.loader { $0.pictureAugmentation = { _, _ in throw Refusal() } }
    #expect(throws: DataError.augmentation(identifier: "small/0.png", message: "no")) { try loader.load([0]) }
    let odd = try Self.loader {
      $0.pictureAugmentation = { image, _ in try image.cropped(to: PixelRect(x: 0, y: 0, width: 9, height: 9)) }
    }
    let error = #expect(throws: DataError.self) { try odd.load([5]) }
    #expect(error?.description.contains("small/5.png") == true)
  }

  /// Lays every example over the next one, by a share that is drawn.
  private struct Blend: BatchAugmentation {
    static let kind = "blend"
    static let targets: Set<TargetKind> = [.oneClass]
    func validate() throws(ConfigurationError) {}
    func apply(to batch: inout MixedBatch, using random: inout SeededRandom) {
      batch.blend(keeping: (0..<batch.count).map { _ in random.uniform() })
    }
  }

  @Test func batchesAreMixedTheSameByAnyThreads() throws {
    func batches(_ threads: Int, seed: UInt64 = 3, epoch: Int = 1) throws -> [Batch] {
      try Self.loader(threads: threads) {
        $0.batchAugmentations = [Blend()]
        $0.seed = seed
      }.batches(epoch: epoch).all()
    }
    let first = try batches(0)
    #expect(try batches(3).map(\.inputs) == first.map(\.inputs))
    #expect(try batches(3).map(\.targets) == first.map(\.targets))
    #expect(try batches(0, epoch: 2)[0].targets != first[0].targets)
    let plain = try Self.loader { _ in }.batches(epoch: 1).all()
    for (batch, original) in zip(first, plain) {
      guard case .shares(let rows) = batch.targets, case .classes(let classes) = original.targets else {
        Issue.record("\(batch.targets)")
        continue
      }
      let (values, before) = (batch.inputs.elements, original.inputs.elements)
      for row in 0..<rows.count {
        let (own, next) = (classes[classes.startIndex + row], classes[classes.startIndex + (row + 1) % rows.count])
        // The share shows in the values too, where the two pictures differ.
        let (a, b) = (before[4 * row], before[4 * ((row + 1) % rows.count)])
        guard own != next, abs(a - b) > 0.02 else { continue }
        let share = rows[row][rows[row].startIndex + own]
        #expect(abs(values[4 * row] - (share * a + (1 - share) * b)) < 1e-4)
      }
    }
  }
}
