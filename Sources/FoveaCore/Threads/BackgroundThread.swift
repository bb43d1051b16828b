import Glibc

/// Plain threads: what they do blocks and computes, which the threads of Swift's concurrency are not there for.
package enum BackgroundThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that ends when `body` does. False where the system has none to give.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = Unmanaged.passRetained(Work(body))
    var thread: pthread_t = 0
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    defer {
      pthread_attr_destroy(attributes)
      attributes.deallocate()
    }
    // As much as the first thread has, whatever the system gives others.
    pthread_attr_setstacksize(attributes, 8 << 20)
    let status = pthread_create(
      &thread, attributes,
      { argument in
        // A scope of its own, so that all it holds is let go before the thread ends.
        do { Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      work.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
