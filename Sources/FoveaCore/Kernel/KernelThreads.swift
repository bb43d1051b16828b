import COneDNN

/// How many threads the kernels of the calling thread use. A worker that owns one core sets it to 1.
public enum KernelThreads {
  public static var current: Int { Int(fovea_dnn_threads()) }

  public static func set(_ count: Int) {
    _ = fovea_dnn_set_threads(Int32(clamping: count))
  }

  /// The version of oneDNN that computes.
  public static var backendVersion: String { String(cString: fovea_dnn_version()) }
}
