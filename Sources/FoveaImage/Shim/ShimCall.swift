import COpenCV

/// Why OpenCV refused, in its own words.
struct ShimFailure: Error {
  let message: String
  var isOutOfMemory = false
}

/// Runs one call of the shim and turns its status into an error.
func callShim(_ body: (UnsafeMutablePointer<FCVError>) -> FCVStatus) throws(ShimFailure) {
  var error = FCVError()
  let status = body(&error)
  guard status != FCV_OK else { return }
  throw ShimFailure(message: withUnsafeBytes(of: error.message, text), isOutOfMemory: status == FCV_OUT_OF_MEMORY)
}

/// The characters before the zero byte.
func text(_ bytes: UnsafeRawBufferPointer) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

/// How many threads OpenCV may use inside one call. A program that spreads images over cores sets it to 1.
public enum OpenCVThreads {
  public static var count: Int {
    get { Int(fcv_thread_count()) }
    set { fcv_set_thread_count(Int32(clamping: newValue)) }
  }

  /// The version of the OpenCV library that runs, such as `4.6.0`.
  public static var libraryVersion: String { String(cString: fcv_version()) }
}
