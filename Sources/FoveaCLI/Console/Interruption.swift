import Glibc
import Synchronization

/// Lets a long job end in good order on ctrl-C. A second ctrl-C ends the program at once.
enum Interruption {
  private static let isRequested = Atomic<Bool>(false)

  /// From here on, ctrl-C only makes ``endIfRequested(_:)`` end the program.
  static func catchSignal() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interruption.isRequested.store(true, ordering: .relaxed) }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
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
