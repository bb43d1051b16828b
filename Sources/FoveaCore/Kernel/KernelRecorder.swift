import Glibc

/// What one thread's kernels cost while somebody measures a layer.
///
/// Layers know nothing of it: whoever measures installs a recorder on the thread that runs the layer, and the kernels
/// look for one there. Where there is none, that look is all that a kernel's run costs more.
package final class KernelRecorder {
  /// One kernel's run.
  package struct Run {
    package let implementation: String
    package let isReorder: Bool
    package let duration: Duration
  }

  /// A kernel at work.
  struct Watch {
    private let recorder: KernelRecorder
    private let start = ContinuousClock.now

    fileprivate init(_ recorder: KernelRecorder) { self.recorder = recorder }

    func stop(_ implementation: @autoclosure () -> String, isReorder: Bool = false) {
      // Before the name is put together, which may take as long as a small kernel.
      let duration = ContinuousClock.now - start
      recorder.runs.append(Run(implementation: implementation(), isReorder: isReorder, duration: duration))
    }

    /// For kernels of our own, which are called as `squash:avx512`.
    func stop(_ kernel: String, _ instructions: VectorInstructions) { stop("\(kernel):\(instructions)") }
  }

  /// In the order in which they ended.
  package private(set) var runs: [Run] = []
  private var outer: UnsafeMutableRawPointer?

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  package init() {}

  /// Makes this the recorder of the calling thread until ``uninstall()``. The caller keeps it alive meanwhile.
  package func install() {
    outer = pthread_getspecific(Self.key)
    pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
  }

  package func uninstall() { pthread_setspecific(Self.key, outer) }

  /// Begins to time a kernel; nil where nobody wants to know.
  static func start() -> Watch? {
    guard let current = pthread_getspecific(key) else { return nil }
    return Watch(Unmanaged<KernelRecorder>.fromOpaque(current).takeUnretainedValue())
  }
}
