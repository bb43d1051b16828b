public import FoveaCore
public import FoveaImage

/// Saves what can be seen of results as PNG files: the result drawn on the picture, and masks.
///
/// A file is called after its picture, with digits that follow from the picture's path as the row has it: `a.jpg` becomes
/// `a-7f8b2c3d4e5f6a7b.png`, whatever other pictures there are. An older file of the name is replaced.
public struct ResultPictures: Sendable {
  private let pictures: OutputFolder?
  private let masks: OutputFolder?
  private let decoder: ImageDecoder

  /// - Parameters:
  ///   - pictures: the folder for pictures with the results drawn on them; none are drawn where nil.
  ///   - masks: the folder for masks: each pixel is the number of its class, 255 where the network has seen nothing.
  ///   - example: any result of the pipeline: ``Pipeline/blankResult``.
  ///   - inputs: what is read; the folders must not lie in one of these.
  ///   - limits: of the pictures, which are decoded once more for drawing.
  /// - Throws: ``OutputFolderError``
  public init(
    pictures: String? = nil, masks: String? = nil, like example: any TaskResult, inputs: [FilePath],
    limits: DecodingLimits = DecodingLimits()
  ) throws(OutputFolderError) {
    let result = example.plain
    func folder(
      _ path: String?, _ purpose: String, _ expected: String, _ isSuitable: Bool
    ) throws(OutputFolderError) -> OutputFolder? {
      guard let path else { return nil }
      guard isSuitable else { throw .unsuitable(purpose: purpose, expected: expected, got: type(of: result).kind) }
      return try OutputFolder(path, inputs: inputs)
    }
    self.pictures = try folder(pictures, "drawing results", "what can be drawn", result is any DrawableResult)
    self.masks = try folder(masks, "saving masks", "masks", !Self.masks(in: result).isEmpty)
    var decoder = ImageDecoder()
    (decoder.maximumPixels, decoder.budget) = (limits.maximumPixels, limits.budget)
    self.decoder = decoder
  }

  /// - Parameter content: of its picture, which is decoded once more; nil where it is of several.
  /// - Returns: the row, with a warning where its picture cannot be drawn.
  /// - Throws: ``FileError/unwritable(path:reason:)``
  func save(_ row: ResultRow, of content: (any PictureContent)?) throws(FileError) -> ResultRow {
    guard let result = row.result?.plain else { return row }
    let name = FileNaming.fileName(of: row.path, ending: "")
    do throws(ImageError) {
      if let masks {
        for (output, mask) in Self.masks(in: result) {
          let image = try Image(
            width: mask.size.width, height: mask.size.height, channels: 1, pixels: .bytes(mask.classes))
          try write(image, to: masks.path + "/\(name)\(output.map { "-" + $0 } ?? "").png")
        }
      }
      if let pictures, let drawable = result as? any DrawableResult {
        guard let stored = content as? any StoredPicture else {
          return row.warning(of: "it was not drawn: frames of animations and videos are not kept")
        }
        let image = try stored.withImage(by: decoder) { picture throws(ImageError) in
          try drawable.drawn(on: picture.image)
        }
        try write(image, to: pictures.path + "/\(name).png")
      }
      return row
    } catch {
      // What cannot be written ends the batch; what cannot be drawn is told.
      if case .unencodable(let target, let reason) = error { throw .unwritable(path: target, reason: reason) }
      return row.warning(of: "it was not drawn: \(error)")
    }
  }

  private func write(_ image: Image, to path: String) throws(ImageError) {
    try ImageEncoder.png(compression: 3).write(image, to: path)
  }

  /// With the names of their outputs, as parts of file names, where there are several outputs.
  private static func masks(in result: any TaskResult) -> [(output: String?, mask: Mask)] {
    if let mask = result as? Mask { return [(nil, mask)] }
    guard let named = result as? NamedResults else { return [] }
    let names = FileNaming.fileNames(for: named.entries.map(\.name))
    return zip(names, named.entries).compactMap { name, entry in (entry.result as? Mask).map { (name, $0) } }
  }
}
