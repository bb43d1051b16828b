import FoveaCore
import FoveaImage

/// What turns one example into a row of a batch.
///
/// The steps are cut in two. The first part, up to the last step that changes more than values, is the expensive one:
/// its results are kept. Between the two parts comes the augmentation, on a picture of the network's size. The second
/// part only changes values, which a table does for bytes. A source of bytes of the right shape needs only the table.
struct ExamplePipeline: Sendable {
  /// `[channels, height, width]` of every row.
  let inputShape: Shape
  private var dataset: Dataset
  private let decoder: ImageDecoder
  private let geometry: ArraySlice<any PreprocessingStep>
  private let values: ArraySlice<any PreprocessingStep>
  private let augmentation: BatchLoader.Augmentation?
  private let seed: UInt64
  // For the source's own bytes.
  private let sourceTable: ValueTable?
  // For prepared pictures that are bytes.
  private let table: ValueTable?
  private let cache: PreparedCache?

  /// - Throws: ``DataError`` for settings that cannot work, or the first example's error where no example works.
  init(_ dataset: Dataset, _ steps: [any PreprocessingStep], _ settings: BatchLoader.Settings) throws(DataError) {
    do throws(ImageError) {
      for step in steps { try step.validate() }
    } catch {
      throw .preprocessing(error)
    }
    self.dataset = dataset
    augmentation = settings.augmentation
    seed = settings.seed
    decoder = ImageDecoder(for: steps, limits: settings.limits)
    let cut = (steps.lastIndex { !Self.changesOnlyValues($0) } ?? -1) + 1
    geometry = steps[..<cut]
    values = steps[cut...]
    let byteShape = dataset.source.byteShape
    if augmentation == nil, let byteShape, let table = ValueTable(steps, on: byteShape) {
      (sourceTable, self.table, cache) = (table, nil, nil)
      inputShape = byteShape
      return
    }
    sourceTable = nil
    let sample = try Self.sample(dataset, geometry, decoder)
    let holdsBytes = if case .bytes = sample.pixels { true } else { false }
    table = holdsBytes ? ValueTable(Array(values), on: sample.shape) : nil
    // Steps that leave the source's bytes as they are need no memory for their results.
    let isAtHand = byteShape.map { Self.areAllPointwise(steps[..<cut], on: $0) } ?? false
    cache =
      isAtHand
      ? nil
      : PreparedCache(
        count: dataset.source.count, shape: sample.shape, holdsBytes: holdsBytes, limit: settings.cacheLimit)
    inputShape = sample.shape
  }

  /// Whether making a row is hardly more than copying it.
  var isCheap: Bool { sourceTable != nil }

  /// A step is cut off by what it does to shapes that no network has.
  private static func changesOnlyValues(_ step: any PreprocessingStep) -> Bool {
    step.isPointwise(on: [1, 61, 37]) && step.isPointwise(on: [3, 41, 67])
  }

  private static func areAllPointwise(_ steps: ArraySlice<any PreprocessingStep>, on shape: Shape) -> Bool {
    steps.allSatisfy { $0.isPointwise(on: shape) }
  }

  /// The same for other examples of the same source. What was prepared is kept.
  func with(_ dataset: Dataset) -> ExamplePipeline {
    var other = self
    other.dataset = dataset
    return other
  }

  /// The first picture that can be prepared. It shows the shape of all.
  private static func sample(
    _ dataset: Dataset, _ geometry: ArraySlice<any PreprocessingStep>, _ decoder: ImageDecoder
  ) throws(DataError) -> Image {
    var unreadable: [String] = []
    var refusal: DataError?
    var refusals = 0
    for index in 0..<dataset.count {
      let image: Image
      do throws(DataError) {
        image = try dataset.image(at: index, decoder: decoder)
      } catch {
        if unreadable.count < DataError.mostListed { unreadable.append(error.description) }
        continue
      }
      do throws(DataError) {
        return try apply(geometry, to: image, index, dataset)
      } catch {
        refusal = refusal ?? error
        refusals += 1
      }
      // So many in a row that can be read: the steps are at fault, not the pictures.
      if refusals == 100 { break }
    }
    throw refusal
      ?? .unusableImages(name: dataset.name, count: dataset.count, of: dataset.count, first: unreadable)
  }

  private static func prepare(
    _ index: Int, _ dataset: Dataset, _ geometry: ArraySlice<any PreprocessingStep>, _ decoder: ImageDecoder
  ) throws(DataError) -> Image {
    try apply(geometry, to: try dataset.image(at: index, decoder: decoder), index, dataset)
  }

  private static func apply(
    _ geometry: ArraySlice<any PreprocessingStep>, to picture: Image, _ index: Int, _ dataset: Dataset
  ) throws(DataError) -> Image {
    var image = picture
    do throws(ImageError) {
      for step in geometry { image = try step.apply(image) }
    } catch {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    }
    return image
  }

  /// Prepares example `index` as far as it is kept, and says what is wrong with it.
  func failure(of index: Int) -> DataError? {
    do throws(DataError) {
      let image = try prepared(index, dataset.sourceIndex(index))
      guard image.shape == inputShape else {
        throw .shape(identifier: dataset.identifier(at: index), expected: inputShape, got: image.shape)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Writes example `index` as `channels × height × width` values.
  ///
  /// - Parameter scratch: memory for one picture's bytes.
  func write(
    _ index: Int, epoch: Int, scratch: UnsafeMutableBufferPointer<UInt8>,
    into row: UnsafeMutableBufferPointer<Float>
  ) throws(DataError) {
    let sourceIndex = dataset.sourceIndex(index)
    if let sourceTable {
      try dataset.source.copyBytes(at: sourceIndex, into: scratch)
      sourceTable.write(UnsafeBufferPointer(scratch), into: row)
      return
    }
    if augmentation == nil, let table, let cache, let bytes = cache.bytes(of: sourceIndex) {
      table.write(bytes.assumingMemoryBound(to: UInt8.self), into: row)
      return
    }
    var image = try prepared(index, sourceIndex)
    if let augmentation {
      image = try augment(image, index, sourceIndex, epoch, augmentation)
    }
    try finish(image, index, into: row)
  }

  private func prepared(_ index: Int, _ sourceIndex: Int) throws(DataError) -> Image {
    do throws(ImageError) {
      if let image = try cache?.image(sourceIndex) { return image }
    } catch {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    }
    let image = try Self.prepare(index, dataset, geometry, decoder)
    cache?.store(image, at: sourceIndex)
    return image
  }

  private func augment(
    _ image: Image, _ index: Int, _ sourceIndex: Int, _ epoch: Int, _ augmentation: BatchLoader.Augmentation
  ) throws(DataError) -> Image {
    // From the example and not from its place in the order, so that threads and batch sizes change nothing.
    var random = SeededRandom(
      seed: SeededOrder.seed(seed, UInt64(truncatingIfNeeded: epoch), UInt64(sourceIndex)))
    do {
      return try augmentation(image, &random)
    } catch let error as ImageError {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    } catch {
      throw .augmentation(identifier: dataset.identifier(at: index), message: "\(error)")
    }
  }

  private func finish(
    _ prepared: Image, _ index: Int, into row: UnsafeMutableBufferPointer<Float>
  ) throws(DataError) {
    if let table, prepared.shape == table.shape, case .bytes(let bytes) = prepared.pixels {
      bytes.withUnsafeBufferPointer { table.write($0, into: row) }
      return
    }
    var image = prepared
    do throws(ImageError) {
      for step in values { image = try step.apply(image) }
    } catch {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    }
    guard image.shape == inputShape else {
      throw .shape(identifier: dataset.identifier(at: index), expected: inputShape, got: image.shape)
    }
    image.writePlanar(into: row)
    do throws(ImageError) { try values.checkNumbers(row, of: prepared) } catch {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    }
  }
}
