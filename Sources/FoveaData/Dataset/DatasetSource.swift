public import FoveaCore
public import FoveaImage

/// Where pictures with a class each come from; what gives other things is an ``ExampleSource``.
public protocol DatasetSource: ExampleSource {
  /// The classes' names.
  var labels: [String] { get }

  /// The class of an example, 0 ..< number of labels.
  func target(at index: Int) -> Int

  /// An example's picture as it is stored.
  ///
  /// - Parameter decoder: for those sources that keep encoded pictures.
  /// - Throws: ``DataError/image(identifier:error:)`` and others, for this one example.
  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image
}

extension DatasetSource {
  public var targetDescriptions: [TargetDescription] { [TargetDescription(labels: labels)] }

  public func targets(_ target: Int, of examples: [Int]) -> Targets { Targets(examples.map(self.target)) }

  public func image(at index: Int, picture: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    try image(at: index, decoder: decoder)
  }
}
