public import FoveaCore
public import FoveaImage

/// Where examples come from: one picture or several, and one thing to be learned of them or several.
///
/// Examples are numbered from 0, always in the same order. Several threads may ask for examples at once. What has one
/// picture and its class is a ``DatasetSource``, which is shorter to write.
public protocol ExampleSource: Sendable {
  /// What to call it in messages: a path, mostly.
  var name: String { get }
  var count: Int { get }
  /// What is worth knowing of how the data was read; nothing by default.
  var remarks: [DataRemark] { get }

  /// What is to be learned of each example; one thing at least, each with a name of its own.
  var targetDescriptions: [TargetDescription] { get }

  /// What each example's pictures are called; one by default, ``Dataset/usualPictureName``.
  var pictureNames: [String] { get }

  /// What is right for these examples.
  ///
  /// - Parameter target: a number in ``targetDescriptions``, whose kind the result has.
  func targets(_ target: Int, of examples: [Int]) -> Targets

  /// What names an example in messages: its path, or its file and number.
  func identifier(at index: Int) -> String

  /// A picture of an example as it is stored.
  ///
  /// - Parameters:
  ///   - picture: a number in ``pictureNames``.
  ///   - decoder: for those sources that keep encoded pictures.
  /// - Throws: ``DataError/image(identifier:error:)`` and others, for this one example.
  func image(at index: Int, picture: Int, decoder: ImageDecoder) throws(DataError) -> Image

  /// The file that a picture is decoded from; nil where there is none of its own, which is the default.
  func file(at index: Int, picture: Int) -> FilePath?

  /// `[channels, height, width]` of every picture where all are bytes of one shape and at hand without decoding; nil
  /// otherwise, which is the default.
  var byteShape: Shape? { get }

  /// Copies a picture of ``byteShape``: `height × width × channels`. Never called where that is nil.
  func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError)
}

extension ExampleSource {
  public var remarks: [DataRemark] { [] }

  public var pictureNames: [String] { [Dataset.usualPictureName] }

  public func file(at index: Int, picture: Int) -> FilePath? { nil }

  public var byteShape: Shape? { nil }

  public func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    let image = try image(at: index, picture: 0, decoder: ImageDecoder())
    guard case .bytes(let bytes) = image.pixels, bytes.count == target.count else {
      throw .shape(identifier: identifier(at: index), expected: byteShape ?? [], got: image.shape)
    }
    _ = target.update(fromContentsOf: bytes)
  }
}
