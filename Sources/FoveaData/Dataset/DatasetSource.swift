public import FoveaCore
public import FoveaImage

/// Where labelled pictures come from.
///
/// Examples are numbered from 0, always in the same order. Several threads may ask for examples at once.
public protocol DatasetSource: Sendable {
  /// What to call it in messages: a path, mostly.
  var name: String { get }
  /// The classes' names.
  var labels: [String] { get }
  var count: Int { get }
  /// What is worth knowing of how the data was read; nothing by default.
  var remarks: [DataRemark] { get }

  /// The class of an example, 0 ..< number of labels.
  func target(at index: Int) -> Int

  /// What names an example in messages: its path, or its file and number.
  func identifier(at index: Int) -> String

  /// An example's picture as it is stored.
  ///
  /// - Parameter decoder: for those sources that keep encoded pictures.
  /// - Throws: ``DataError/image(identifier:error:)`` and others, for this one example.
  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image

  /// `[channels, height, width]` of every picture where all are bytes of one shape and at hand without decoding; nil
  /// otherwise, which is the default.
  var byteShape: Shape? { get }

  /// Copies a picture of ``byteShape``: `height × width × channels`. Never called where that is nil.
  func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError)
}

extension DatasetSource {
  public var byteShape: Shape? { nil }

  public var remarks: [DataRemark] { [] }

  public func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    let image = try image(at: index, decoder: ImageDecoder())
    guard case .bytes(let bytes) = image.pixels, bytes.count == target.count else {
      throw .shape(identifier: identifier(at: index), expected: byteShape ?? [], got: image.shape)
    }
    _ = target.update(fromContentsOf: bytes)
  }
}
