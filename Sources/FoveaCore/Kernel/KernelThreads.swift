internal import CKernels
import COneDNN

/// How many threads the kernels of the calling thread use: all cores, until somebody sets it. A worker that owns one core
/// sets it to 1.
///
/// OpenMP keeps such a number, and a team of so many threads, for each thread that calls kernels. Threads that run networks
/// take turns, so that no more threads work than their ``ComputeContext`` has cores; and where the teams of those that wait
/// come to more than four times as many, and more than 32, they end.
public enum KernelThreads {
  public static var current: Int { Int(fovea_dnn_threads()) }

  public static func set(_ count: Int) {
    _ = fovea_dnn_set_threads(Int32(clamping: count))
  }

  /// Makes a kernel of so little work that one thread is done before another would be awake.
  ///
  /// Threads that wait do not spin, and waking one takes some ten microseconds, as does what a core computes of a million
  /// products or reads of so many bytes.
  ///
  /// - Parameters:
  ///   - work: how many products or bytes there are.
  ///   - make: makes the kernel, for as many threads as are set then.
  package static func making<Result, E: Error>(
    work: Double, _ make: () throws(E) -> Result
  ) throws(E) -> Result {
    let before = current
    guard before > 1, work <= Double(1 << 20) else { return try make() }
    set(1)
    defer { set(before) }
    return try make()
  }

  /// Calls `body` with each number 0 ..< `parts`, on the threads that the kernels use themselves.
  ///
  /// After a kernel they look for the next one for a while, and other threads would have to share the cores with them.
  package static func run(_ parts: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var work = body
      withUnsafeMutablePointer(to: &work) { work in
        fovea_parallel(
          Int32(parts),
          { context, part in context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(part)) }, work)
      }
    }
  }

  /// The version of oneDNN that computes.
  public static var backendVersion: String { String(cString: fovea_dnn_version()) }
}
