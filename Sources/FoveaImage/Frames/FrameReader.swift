import Foundation
package import FoveaCore

/// Gives the frames of an animation or a video, one after the other, as they are to be seen: red, green and blue.
package protocol FrameReader: AnyObject {
  /// How many bytes a frame takes.
  var frameBytes: Int { get }
  /// How many bytes are held from frame to frame.
  var workingBytes: Int { get }

  /// The next frame that is wanted, by its number, from 0, and its time in seconds; nil at the end.
  ///
  /// - Parameter isWanted: asked about every frame in order; what is not wanted costs less.
  func next(_ isWanted: (_ number: Int, _ seconds: Double?) -> Bool) throws(ImageError) -> Frame?
}

package struct Frame: Sendable {
  package let number: Int
  /// Of a video.
  package let seconds: Double?
  package let image: Image

  package init(number: Int, seconds: Double? = nil, image: Image) {
    (self.number, self.seconds, self.image) = (number, seconds, image)
  }
}

/// What a picture file that holds several pictures is read by.
package enum SeveralFrames {
  /// Each can be read without the others: where their directories lie in the file.
  case pages([Int])
  /// Each follows from those before.
  case animation(any FrameReader)

  /// Whether files that begin so may hold several frames that are read here.
  package static func isPossible(_ head: [UInt8]) -> Bool {
    let reader = ByteReader(bytes: head)
    return TIFFFormat.recognizes(reader) || GIFFormat.recognizes(reader) || WebPFormat.recognizes(reader)
  }

  /// Nil for a file with one picture.
  package init?(_ bytes: [UInt8], name: String, _ decoder: ImageDecoder) throws(ImageError) {
    let reader = ByteReader(bytes: bytes)
    if TIFFFormat.recognizes(reader) {
      let pages = TIFFPages.offsets(reader)
      guard pages.count > 1 else { return nil }
      self = .pages(pages)
      return
    }
    guard GIFFormat.recognizes(reader) || WebPFormat.recognizes(reader) else { return nil }
    // The first frame's size is within the limits then.
    let header = try decoder.checkedHeader(bytes, name)
    do throws(PictureFailure) {
      let animation: (any FrameReader)?
      if GIFFormat.recognizes(reader) {
        animation = try GIFAnimation(reader, name, decoder)
      } else {
        animation = try WebPAnimation(reader, name, header)
      }
      guard let animation else { return nil }
      self = .animation(animation)
    } catch { throw ImageError(error, "'\(name)'", needed: "its frames") }
  }
}

/// A frame in memory until somebody wants it, once.
package final class HeldFrame: PictureContent, @unchecked Sendable {
  private let lock = NSLock()
  private var image: Image?
  private let name: String
  private let bytes: Int
  private let budget: DecodingBudget?

  /// - Parameter budget: charged with so many bytes already.
  package init(_ image: Image, name: String, bytes: Int, of budget: DecodingBudget?) {
    (self.image, self.name, self.bytes, self.budget) = (image, name, bytes, budget)
  }

  deinit { if image != nil { budget?.give(bytes) } }

  package func withImage<Result>(
    by decoder: ImageDecoder, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    let taken = lock.withLock {
      defer { image = nil }
      return image
    }
    guard let taken else { throw .unreadable(path: name, reason: "its frame is gone") }
    defer { budget?.give(bytes) }
    guard decoder.colorModel != .rgb else { return try body(DecodedImage(image: taken)) }
    return try body(DecodedImage(image: taken.converted(to: decoder.colorModel, by: "frames")))
  }
}
