public import FoveaCore

/// The way from a picture to a network's input: decoding, the steps in order, and a check of what comes out.
///
/// Training and prediction both go it. Where the last steps only change values, a table does for bytes what the steps would
/// do, bit for bit.
public struct Preprocessor: Sendable {
  /// `[channels, height, width]`: what the network takes.
  public let outputShape: Shape
  /// The extents that a picture may have otherwise behind the steps.
  public let open: Set<OpenExtent>
  package let parts: PreparationSteps
  // For pictures of bytes that have the output's shape from the beginning, and for those that have it behind the first part.
  package let wholeTable: ValueTable?
  package let valueTable: ValueTable?
  // A table is proved on a picture of noise, which must not take longer than it saves.
  private static let mostTabledValues = 1 << 22

  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  public init(
    _ steps: [any PreprocessingStep], outputShape: Shape, open: Set<OpenExtent> = [],
    limits: DecodingLimits = DecodingLimits()
  ) throws(ImageError) {
    self.init(try PreparationSteps(steps, limits: limits), outputShape: outputShape, open: open)
  }

  package init(_ parts: PreparationSteps, outputShape: Shape, open: Set<OpenExtent> = []) {
    self.parts = parts
    self.outputShape = outputShape
    self.open = open
    let isTabled = outputShape.count <= Self.mostTabledValues
    valueTable = isTabled ? ValueTable(Array(parts.values), on: outputShape) : nil
    wholeTable = parts.shaping.isEmpty ? valueTable : isTabled ? ValueTable(parts.all, on: outputShape) : nil
  }

  public var steps: [any PreprocessingStep] { parts.all }

  /// The decoder that goes with the steps.
  public var decoder: ImageDecoder { parts.decoder }

  /// The network's input for one picture, and where the picture's points lie in it.
  ///
  /// - Throws: as ``write(_:into:)-(Image,_)``.
  public func prepare(_ picture: Image) throws(ImageError) -> PreparedPicture {
    try prepare(DecodedImage(image: picture))
  }

  /// The same of a picture that comes from a file: its points are those of the file.
  public func prepare(_ picture: DecodedImage) throws(ImageError) -> PreparedPicture {
    guard open.isEmpty else { return try prepareOpen(picture) }
    var input = try emptyInput(outputShape, for: picture)
    let geometry = try input.withUnsafeMutableFloats { target throws(ImageError) in try write(picture, into: target) }
    return PreparedPicture(input: input, geometry: geometry)
  }

  /// The steps that only change values keep the size that the others have made.
  private func prepareOpen(_ picture: DecodedImage) throws(ImageError) -> PreparedPicture {
    let shaped = try parts.shaped(picture)
    let shape = shaped.image.shape
    guard shape.matches(outputShape, open: open) else { throw mismatch(picture.image, shaped.image) }
    var input = try emptyInput(shape, for: picture)
    let geometry = try input.withUnsafeMutableFloats { target throws(ImageError) in
      try write(shaped: shaped, of: picture.image, as: shape, into: target)
    }
    return PreparedPicture(input: input, geometry: geometry)
  }

  private func emptyInput(_ shape: Shape, for picture: DecodedImage) throws(ImageError) -> Tensor {
    do throws(OutOfMemory) { return try Tensor(checkedUninitialized: shape.batched(1)) } catch {
      throw .outOfMemory(
        source: "a picture of \(picture.image.width)×\(picture.image.height) pixels",
        needed: "the network's input of shape \(shape)")
    }
  }

  /// Writes the network's input for one picture, `channels × height × width` values.
  ///
  /// - Throws: ``ImageError`` where a step refuses the picture, what comes out has another shape than the network takes, or
  ///   is no finite number.
  public func write(_ picture: Image, into target: UnsafeMutableBufferPointer<Float>) throws(ImageError) {
    try write(DecodedImage(image: picture), into: target)
  }

  /// - Returns: where the picture's points lie in the input.
  /// - Throws: as ``write(_:into:)-(Image,_)``.
  @discardableResult
  public func write(
    _ picture: DecodedImage, into target: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) -> PictureGeometry {
    if write(picture.image, from: wholeTable, into: target) { return picture.geometry }
    let shaped = try parts.shaped(picture)
    return try write(shaped: shaped, of: picture.image, into: target)
  }

  /// Writes the network's input for what the first part of the steps has made of a picture.
  ///
  /// - Parameters:
  ///   - picture: where known, the one that it was made of: the search for a step at fault then begins there.
  ///   - shape: of the input; ``outputShape`` where nil.
  @discardableResult
  package func write(
    shaped: DecodedImage, of picture: Image? = nil, as shape: Shape? = nil,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) -> PictureGeometry {
    if write(shaped.image, from: valueTable, into: target) { return shaped.geometry }
    let result = try parts.values.apply(to: shaped)
    let shape = shape ?? outputShape
    guard result.image.shape == shape, target.count == shape.count else {
      throw mismatch(picture ?? shaped.image, result.image)
    }
    result.image.writePlanar(into: target)
    if let picture {
      try parts.all.checkNumbers(target, of: picture)
    } else {
      try parts.values.checkNumbers(target, of: shaped.image)
    }
    return result.geometry
  }

  /// The network's input as a picture: for looking at it.
  ///
  /// - Throws: as ``write(_:into:)-(Image,_)``.
  public func apply(_ picture: Image) throws(ImageError) -> Image {
    let image = try parts.all.apply(to: DecodedImage(image: picture)).image
    guard image.shape.matches(outputShape, open: open) else { throw mismatch(picture, image) }
    return image
  }

  private func write(
    _ image: Image, from table: ValueTable?, into target: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    guard let table, image.shape == outputShape, target.count == outputShape.count,
      case .bytes(let bytes) = image.pixels
    else { return false }
    bytes.withUnsafeBufferPointer { table.write($0, into: target) }
    return true
  }

  private func mismatch(_ picture: Image, _ result: Image) -> ImageError {
    steps.mismatch(expected: outputShape, got: "\(result.shape) from a picture of \(picture.shape)")
  }
}

extension Collection where Element == any PreprocessingStep {
  /// These steps do not give what the network takes.
  package func mismatch(expected: Shape, got: String) -> ImageError {
    let steps = isEmpty ? "none" : map { type(of: $0).kind }.joined(separator: ", ")
    return .invalidInput(
      kind: "preprocessing", expected: "\(expected) (channels, height, width) for the model's input",
      got: "\(got); the steps are: \(steps); add a size or color step")
  }
}
