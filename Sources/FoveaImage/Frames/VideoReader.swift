import COpenCV
package import FoveaCore

/// The frames of a video file, by OpenCV's videoio and FFmpeg, which are loaded when the first one is opened.
package final class VideoReader: FrameReader {
  private static let extensions: Set = [
    "avi", "mp4", "m4v", "mov", "mkv", "webm", "mpg", "mpeg", "ts", "mts", "m2ts", "wmv", "flv", "3gp", "ogv", "mjpeg",
    "mjpg",
  ]

  /// Whether a file's name has a video's extension.
  package static func isVideo(name: String) -> Bool {
    name.lastIndex(of: ".").map { extensions.contains(name[name.index(after: $0)...].lowercased()) } ?? false
  }

  private let name: String
  private let video: OpaquePointer
  private let width: Int
  private let height: Int
  private let expected: Int
  private var number = 0

  /// - Throws: ``ImageError/undecodable(source:reason:as:)``, ``ImageError/tooLarge(source:width:height:limit:)``
  package init(_ path: FilePath, _ decoder: ImageDecoder) throws(ImageError) {
    name = path.description
    // Says what is wrong with a path better than FFmpeg does, and that it is no device.
    var isEmpty = false
    do throws(FileError) { isEmpty = try FileReader(path).count == 0 } catch { throw ImageError(error) }
    guard !isEmpty else { throw ImageError(.empty, "'\(path)'", needed: "") }
    var opened: OpaquePointer?
    do throws(ShimFailure) {
      try callShim { error in path.withCString { fcv_video_open($0, &opened, error) } }
    } catch {
      throw .undecodable(
        source: "'\(path)'", reason: error.message, as: error.isUndecodable ? .unsupported : .failed)
    }
    guard let opened else { throw .undecodable(source: "'\(path)'", reason: "it cannot be opened") }
    video = opened
    (width, height) = (Int(fcv_video_width(video)), Int(fcv_video_height(video)))
    expected = Int(fcv_video_frames(video))
    guard width > 0, height > 0, width <= decoder.maximumPixels / height,
      max(width, height) <= min(decoder.maximumSide, ImageDecoder.longestSide)
    else {
      throw .tooLarge(
        source: "'\(path)'", width: width, height: height,
        limit: decoder.maximumPixels.plainly("pixel") + " (--max-pixels)")
    }
  }

  deinit { fcv_video_free(video) }

  package var frameBytes: Int { width * height * 3 }
  // What OpenCV holds of a frame, and about as many frames as a codec refers to.
  package var workingBytes: Int { width * height * 3 * 8 }

  package func next(_ isWanted: (Int, Double?) -> Bool) throws(ImageError) -> Frame? {
    while true {
      var hasFrame: Int32 = 0
      try call { fcv_video_grab(video, &hasFrame, $0) }
      guard hasFrame != 0 else {
        // Containers count roughly; a good part that is missing is damage.
        guard number > 0, number + 2 + expected / 20 >= expected else {
          throw failure("it ends after \(number) of \(expected.plainly("frame"))", as: .truncated)
        }
        return nil
      }
      defer { number += 1 }
      let seconds = fcv_video_seconds(video)
      guard isWanted(number, seconds) else { continue }
      let count = frameBytes
      var failure: ImageError?
      let pixels = try? [UInt8](checkedCount: count) { buffer in
        do throws(ImageError) { try call { fcv_video_frame(video, buffer.baseAddress, count, $0) } } catch {
          failure = error
        }
        return failure == nil
      }
      if let failure { throw failure }
      guard let pixels else { throw .outOfMemory(source: "'\(name)'", needed: "its frame \(number)") }
      let image = try Image(width: width, height: height, channels: 3, pixels: .bytes(pixels))
      return Frame(number: number, seconds: seconds, image: image)
    }
  }

  /// With what FFmpeg has said of it.
  private func failure(_ reason: String, as word: FailureReason = .damaged) -> ImageError {
    var words = FCVError()
    fcv_video_words(&words)
    let text = withUnsafeBytes(of: words.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return .undecodable(source: "'\(name)'", reason: reason + (text.isEmpty ? "" : ": \(text)"), as: word)
  }

  private func call(_ body: (UnsafeMutablePointer<FCVError>) -> FCVStatus) throws(ImageError) {
    do throws(ShimFailure) { try callShim(body) } catch { throw failure(error.message) }
  }
}
