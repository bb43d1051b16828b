import FoveaCore
import FoveaImage

/// A picture that is to be classified.
struct PictureInput: Sendable {
  /// What its row is called.
  let name: String
  let content: any PictureContent
  /// Where it is one of an animation or a video.
  let frame: ClipFrame?

  init(name: String, _ content: any PictureContent, frame: ClipFrame? = nil) {
    self.name = name
    self.content = content
    self.frame = frame
  }

  init(_ path: FilePath) { self.init(name: path.description, PictureFile(path)) }
}

/// A picture's place in an animation or a video.
package struct ClipFrame: Sendable {
  /// The file's name, or that of a member of an archive.
  package let clip: String
  /// Where it is known, when the picture is shown.
  package let seconds: Double?
}

/// What comes of a step through inputs.
enum InputStep {
  case picture(PictureInput)
  /// What cannot be read and may have held pictures.
  case failure(name: String, reason: String, FailureReason = .unreadable)
}

/// Where the pictures of a batch come from, one after the other.
///
/// It is asked for the next one by the threads that decode, one at a time.
protocol PictureSource: AnyObject {
  /// Nil where there is none now.
  func next() -> InputStep?

  /// Waits for more, once all that has come is done.
  ///
  /// - Returns: whether to ask for the next one again; not so at the end, nor when somebody has cancelled.
  func waits(_ cancellation: Cancellation?) -> Bool

  var passedOver: PassedOverFiles { get }
}

/// Paths, which may be of files, of folders or of what holds several pictures.
protocol PathSupply: AnyObject {
  func next() -> PathStep?

  /// As ``PictureSource/waits(_:)``.
  func waits(_ cancellation: Cancellation?) -> Bool
}

enum PathStep {
  case path(FilePath)
  case failure(name: String, reason: String, FailureReason = .unreadable)
}

/// What is in one file: members of an archive, frames of a video.
protocol InputGroup: AnyObject {
  func next() -> GroupStep?
}

enum GroupStep {
  /// With the name that tells what it is: that of a member.
  case picture(PictureInput, path: ArraySlice<UInt8>)
  case frame(PictureInput)
  /// - Parameter path: of a member that cannot be read; nil for the whole.
  case failure(name: String, reason: String, FailureReason = .unreadable, path: ArraySlice<UInt8>? = nil)
  /// No picture, and why.
  case passedOver(String, PassedOverFiles.Reason)
  /// There is no memory for another frame until those before are done.
  case paused
}

/// Paths that are known from the beginning.
final class GivenPaths: PathSupply {
  private var rest: ArraySlice<FilePath>

  init(_ paths: [FilePath]) { rest = paths[...] }

  func next() -> PathStep? { rest.popFirst().map { .path($0) } }

  func waits(_ cancellation: Cancellation?) -> Bool { false }
}
