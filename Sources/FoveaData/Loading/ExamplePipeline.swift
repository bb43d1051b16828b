import FoveaCore
import FoveaImage

/// What turns the first picture of an example into a row of a batch: the ``Preprocessor`` that prediction has too, in its two parts.
///
/// The results of the first, expensive part are kept, unless an augmentation comes before it. Between the two comes the
/// augmentation of a picture of the network's size. A source of bytes of the right shape needs only a table.
struct ExamplePipeline: Sendable {
  private var dataset: Dataset
  private let preprocessor: Preprocessor
  private let pictureAugmentation: BatchLoader.Augmentation?
  private let augmentation: BatchLoader.Augmentation?
  private let seed: UInt64
  /// Whether making a row is hardly more than copying it, since the source's own bytes need only a table.
  let isCheap: Bool
  private let cache: PreparedCache?

  /// - Throws: ``DataError`` for settings that cannot work, or the first example's error where no example works.
  init(_ dataset: Dataset, _ steps: [any PreprocessingStep], _ settings: BatchLoader.Settings) throws(DataError) {
    let parts: PreparationSteps
    do throws(ImageError) { parts = try PreparationSteps(steps, limits: settings.limits) } catch {
      throw .preprocessing(error)
    }
    self.dataset = dataset
    (pictureAugmentation, augmentation) = (settings.pictureAugmentation, settings.augmentation)
    let isAugmented = pictureAugmentation != nil || augmentation != nil
    seed = settings.seed
    let byteShape = dataset.source.byteShape
    if !isAugmented, let byteShape {
      let preprocessor = Preprocessor(parts, outputShape: byteShape)
      if preprocessor.wholeTable != nil {
        (self.preprocessor, isCheap, cache) = (preprocessor, true, nil)
        return
      }
    }
    let sample = try Self.sample(dataset, parts)
    let holdsBytes = if case .bytes = sample.pixels { true } else { false }
    // Steps that leave the source's bytes as they are need no memory for their results.
    let isAtHand = byteShape.map { shape in parts.shaping.allSatisfy { $0.isPointwise(on: shape) } } ?? false
    cache =
      isAtHand || pictureAugmentation != nil
      ? nil
      : PreparedCache(
        count: dataset.source.count, shape: sample.shape, holdsBytes: holdsBytes, limit: settings.cacheLimit,
        file: try settings.cacheFolder.flatMap { folder throws(DataError) in
          try PreparedFile(
            in: folder, for: dataset, parts,
            itemByteCount: PreparedCache.itemByteCount(sample.shape, holdsBytes: holdsBytes), limit: settings.cacheLimit
          )
        })
    preprocessor = Preprocessor(parts, outputShape: sample.shape)
    isCheap = false
  }

  /// `[channels, height, width]` of every row.
  var inputShape: Shape { preprocessor.outputShape }

  /// The same for other examples of the same source. What was prepared is kept.
  func with(_ dataset: Dataset) -> ExamplePipeline {
    var other = self
    other.dataset = dataset
    return other
  }

  /// The first picture that can be prepared. It shows the shape of all.
  private static func sample(_ dataset: Dataset, _ parts: PreparationSteps) throws(DataError) -> Image {
    var unreadable: [String] = []
    var refusal: DataError?
    var refusals = 0
    for index in 0..<dataset.count {
      let shaped: Result<Image, ImageError>
      do throws(DataError) { shaped = try Self.shaped(index, of: dataset, by: parts) } catch {
        if unreadable.count < DataError.mostListed { unreadable.append(error.description) }
        continue
      }
      switch shaped {
      case .success(let image): return image
      case .failure(let error): refusal = refusal ?? .image(identifier: dataset.identifier(at: index), error: error)
      }
      refusals += 1
      // So many in a row that can be read: the steps are at fault, not the pictures.
      if refusals == 100 { break }
    }
    throw refusal
      ?? .unusableImages(name: dataset.name, count: dataset.count, of: dataset.count, first: unreadable)
  }

  /// Prepares example `index` as far as it is kept, and says what is wrong with it.
  func failure(of index: Int) -> DataError? {
    do throws(DataError) {
      try checkShape(shaped(index, dataset.sourceIndex(index)), index)
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
    if isCheap, let table = preprocessor.wholeTable {
      try dataset.source.copyBytes(at: sourceIndex, into: scratch)
      table.write(UnsafeBufferPointer(scratch), into: row)
      return
    }
    if augmentation == nil, let table = preprocessor.valueTable, let cache, cache.holdsBytes,
      let bytes = cache.bytes(of: sourceIndex)
    {
      table.write(bytes.assumingMemoryBound(to: UInt8.self), into: row)
      return
    }
    var image: Image
    if augmentation == nil, pictureAugmentation == nil {
      image = try shaped(index, sourceIndex)
    } else {
      // From the example and not from its place in the order, so that threads and batch sizes change nothing.
      var random = SeededRandom(
        seed: SeededOrder.seed(seed, UInt64(truncatingIfNeeded: epoch), UInt64(sourceIndex)))
      image = try shaped(index, sourceIndex, using: &random)
      if let augmentation { image = try changed(image, index, &random, augmentation) }
    }
    try checkShape(image, index)
    try Self.naming(index, of: dataset) { () throws(ImageError) in
      try preprocessor.write(shaped: DecodedImage(image: image), into: row)
    }
  }

  /// The picture behind the first part of the steps.
  private func shaped(_ index: Int, _ sourceIndex: Int) throws(DataError) -> Image {
    let kept = try Self.naming(index, of: dataset) { () throws(ImageError) in try cache?.image(sourceIndex) }
    if let kept { return kept }
    let shaped = try Self.shaped(index, of: dataset, by: preprocessor.parts)
    let image = try Self.naming(index, of: dataset) { () throws(ImageError) in try shaped.get() }
    cache?.store(image, at: sourceIndex)
    return image
  }

  /// The same of a picture that is changed before.
  private func shaped(_ index: Int, _ sourceIndex: Int, using random: inout SeededRandom) throws(DataError) -> Image {
    guard let pictureAugmentation else { return try shaped(index, sourceIndex) }
    var failure: DataError?
    let shaped = try Self.shaped(index, of: dataset, by: preprocessor.parts) { picture in
      do throws(DataError) {
        picture = DecodedImage(image: try changed(picture.image, index, &random, pictureAugmentation))
      } catch { failure = error }
    }
    if let failure { throw failure }
    return try Self.naming(index, of: dataset) { () throws(ImageError) in try shaped.get() }
  }

  /// Decodes a picture and does the first part of the steps, while the decoder's memory is charged with both.
  ///
  /// - Parameter change: done to the picture before the steps.
  /// - Returns: the picture, or why a step refuses it.
  /// - Throws: where it cannot be read.
  private static func shaped(
    _ index: Int, of dataset: Dataset, by parts: PreparationSteps, after change: (inout DecodedImage) -> Void = { _ in }
  ) throws(DataError) -> Result<Image, ImageError> {
    func shape(_ picture: DecodedImage) -> Result<Image, ImageError> {
      var picture = picture
      change(&picture)
      return Result { () throws(ImageError) in try parts.shaped(picture).image }
    }
    guard let file = dataset.file(at: index) else {
      return shape(DecodedImage(image: try dataset.image(at: index, decoder: parts.decoder)))
    }
    return try naming(index, of: dataset) { () throws(ImageError) in
      try parts.decoder.withImage(of: file) { picture throws(ImageError) in shape(picture) }
    }
  }

  private func changed(
    _ image: Image, _ index: Int, _ random: inout SeededRandom, _ augmentation: BatchLoader.Augmentation
  ) throws(DataError) -> Image {
    do {
      return try augmentation(image, &random)
    } catch let error as ImageError {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    } catch {
      throw .augmentation(identifier: dataset.identifier(at: index), message: "\(error)")
    }
  }

  private func checkShape(_ image: Image, _ index: Int) throws(DataError) {
    guard image.shape == inputShape else {
      throw .shape(identifier: dataset.identifier(at: index), expected: inputShape, got: image.shape)
    }
  }

  /// Names the example whose picture is at fault.
  @discardableResult
  private static func naming<Value>(
    _ index: Int, of dataset: Dataset, _ body: () throws(ImageError) -> Value
  ) throws(DataError) -> Value {
    do throws(ImageError) { return try body() } catch {
      throw .image(identifier: dataset.identifier(at: index), error: error)
    }
  }
}
