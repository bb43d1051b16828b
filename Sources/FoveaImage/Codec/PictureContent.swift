package import FoveaCore

/// What a picture is made of when it is its turn: a file, a member of an archive, a frame of a video.
package protocol PictureContent: Sendable {
  /// Decodes it and does something with the picture, while the memory that both take is accounted for.
  func withImage<Result>(
    by decoder: ImageDecoder, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result
}

/// Bytes in the format of a picture file, which nobody has read yet.
package protocol StoredPicture: PictureContent {
  /// As errors and rows say it: `a.tar/b.jpg`.
  var name: String { get }

  func open() throws(ImageError) -> OpenPicture
}

/// A stored picture that can be read.
package struct OpenPicture {
  /// In bytes.
  package let count: Int
  private let body: (Int) throws(ImageError) -> [UInt8]

  /// - Parameter body: reads so many bytes from the beginning, at most ``count``; it may be called several times.
  package init(count: Int, _ body: @escaping (Int) throws(ImageError) -> [UInt8]) {
    self.count = count
    self.body = body
  }

  package func read(first count: Int? = nil) throws(ImageError) -> [UInt8] {
    try body(min(count ?? self.count, self.count))
  }
}

extension StoredPicture {
  package func withImage<Result>(
    by decoder: ImageDecoder, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    try decoder.withImage(of: self, body)
  }
}
