import COpenCV
import Synchronization

/// Why OpenCV refused, in its own words.
struct ShimFailure: Error {
  let message: String
  var isOutOfMemory = false
  /// Whether a decoder gave up.
  var isUndecodable = false
}

/// Runs one call of the shim and turns its status into an error.
func callShim(_ body: (UnsafeMutablePointer<FCVError>) -> FCVStatus) throws(ShimFailure) {
  var error = FCVError()
  let status = body(&error)
  guard status != FCV_OK else { return }
  throw ShimFailure(
    message: withUnsafeBytes(of: error.message, text), isOutOfMemory: status == FCV_OUT_OF_MEMORY,
    isUndecodable: status == FCV_UNDECODABLE)
}

/// The characters before the zero byte.
func text(_ bytes: UnsafeRawBufferPointer) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// How many threads OpenCV may use inside one call.
///
/// OpenCV has one such number for the process, and so for a program's own calls of it. While batches of pictures are made or
/// classified, on as many threads as there are cores, it is 1; behind the last of them it is again what it was. Nothing else
/// in the library changes it.
public enum OpenCVThreads {
  public static var count: Int {
    get { Int(fcv_thread_count()) }
    set { fcv_set_thread_count(Int32(clamping: newValue)) }
  }

  /// While any of these lives, OpenCV uses one thread.
  package final class One: Sendable {
    private static let all = Mutex((count: 0, before: 0))

    package init() {
      Self.all.withLock { all in
        if all.count == 0 {
          all.before = OpenCVThreads.count
          OpenCVThreads.count = 1
        }
        all.count += 1
      }
    }

    deinit {
      Self.all.withLock { all in
        all.count -= 1
        if all.count == 0 { OpenCVThreads.count = all.before }
      }
    }
  }

  /// The version of the OpenCV library that runs, such as `4.6.0`.
  public static var libraryVersion: String { String(cString: fcv_version()) }
}
