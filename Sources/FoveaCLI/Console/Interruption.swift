import Glibc
import Synchronization

/// Lets a long job end in good order on ctrl-C. A second ctrl-C ends the program at once.
enum Interruption {
  private static let isRequested = Atomic<Bool>(false)

  /// From here on, ctrl-C only makes ``endIfRequested(_:)`` end the program. To be called by the first thread, which is the
  /// one that is interrupted.
  static func catchSignal() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interruption.isRequested.store(true, ordering: .relaxed) }
    // On a stack of its own: about one in seventy runs that were interrupted in one of oneDNN's matrix products found its heap
    // corrupted, as if that kernel had let the stack pointer point into it, and none since.
    var stack = stack_t()
    stack.ss_size = 1 << 16
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK
    sigaction(SIGINT, &action, nil)
    // Whoever started the program may have left the signal blocked for it.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Ends the program if ctrl-C was pressed, with the exit status that shells expect.
  static func endIfRequested(_ cleanUp: () -> Void) {
    guard isRequested.load(ordering: .relaxed) else { return }
    cleanUp()
    exit(130)
  }
}
