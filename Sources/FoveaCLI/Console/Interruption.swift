import Foundation
import Fovea
import Glibc
import Synchronization

/// Ends the program in good order on ctrl-C (SIGINT), on `kill` (SIGTERM) and when its terminal goes away (SIGHUP), and at
/// once on ctrl-\ (SIGQUIT), which Swift's runtime would answer with a report of a crash.
///
/// One thread waits for these signals, and all others block them, so that no signal handler ever runs on a thread that
/// computes: about one in seventy runs that were interrupted in one of oneDNN's matrix products found its heap corrupted, as
/// if that kernel had let the stack pointer point into it. And the thread may do what a handler may not, such as removing
/// files.
///
/// What the library does in loops is cancelled and given a moment to end by itself. What has not ended then, a layer that
/// loops for ever perhaps, is ended with the program.
enum Interruption {
  private struct Plan {
    var isAwaited = false
    var loss: String?
    /// What to say to a person who wants to go on; nil where that cannot be.
    var advice: String?
    /// Whether the first signal is how the command is meant to end.
    var isEnd = false
    /// Whether a last state is being written, which is waited for.
    var isSaving = false
  }

  private static let cancellation = Cancellation()
  private static let plan = Mutex(Plan())
  private static let signal = Atomic<Int32>(0)
  private static let turn = Mutex(())
  private static let patience = timespec(tv_sec: 0, tv_nsec: 500_000_000)

  /// To be called first of all, before there is any other thread.
  static func watch() {
    let signals = blockSignals()
    let thread = Thread {
      var signals = signals
      var number: Int32 = 0
      while sigwait(&signals, &number) != 0 {}
      Self.signal.store(number, ordering: .relaxed)
      cancellation.cancel()
      if number == SIGINT || number == SIGTERM, plan.withLock({ $0.isEnd }) {
        while sigwait(&signals, &number) != 0 {}
        Self.signal.store(number, ordering: .relaxed)
      } else if number != SIGQUIT, plan.withLock({ $0.isAwaited }) {
        var time = patience
        // A second signal is a person who does not want to wait.
        while sigtimedwait(&signals, nil, &time) < 0, plan.withLock({ $0.isSaving }) {}
      }
      end()
    }
    thread.start()
  }

  /// From here on, an interruption keeps this file from being written; it still ends the program at once.
  static func loses(_ file: String) { plan.withLock { $0.loss = file } }

  /// From here on, the command ends by itself when this is cancelled, and soon.
  ///
  /// - Parameter loss: the file that an interruption keeps from being written.
  static func awaited(loss: String?) -> Cancellation {
    plan.withLock { ($0.isAwaited, $0.loss) = (true, loss) }
    return cancellation
  }

  /// From here on, ctrl-C and `kill` are how the command is meant to end, which it does by itself when this is cancelled.
  static func endsCommand() -> Cancellation {
    plan.withLock { $0.isEnd = true }
    return cancellation
  }

  /// Writes what is worth having after an interruption, which waits for it.
  static func save<Result>(_ body: () throws -> Result) rethrows -> Result {
    plan.withLock { $0.isSaving = true }
    defer { plan.withLock { $0.isSaving = false } }
    return try body()
  }

  /// From here on, an interruption says how to go on.
  static func advises(_ advice: String) { plan.withLock { $0.advice = advice } }

  /// An interruption ends the program at once, and keeps this from being written.
  static func keepsFromWriting(_ path: String) { plan.withLock { $0 = Plan(loss: path) } }

  /// The file is written; from here on, an interruption ends the program at once.
  static func nothingToLose() { plan.withLock { $0 = Plan() } }

  /// To be called when a command has failed: whether because of an interruption is known here. One that an interruption is
  /// meant to end has failed for another reason.
  static func endIfRequested() {
    if cancellation.isCancelled, !plan.withLock({ $0.isEnd }) { end() }
  }

  private static func end() -> Never {
    turn.withLock { _ in
      UnfinishedFiles.abandonAll()
      let loss = plan.withLock { plan in
        (plan.loss.map { "; '\($0.printable)' was not written" } ?? "") + (plan.advice.map { "; \($0)" } ?? "")
      }
      Console.error.draw((Console.error.isTerminal ? "\r\u{1B}[2K" : "") + "interrupted\(loss)\n")
      // Not `exit`, which would take down what other threads are still using.
      _exit(128 + signal.load(ordering: .relaxed))
    }
  }

  private static func blockSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGQUIT)
    // A shell lets what it starts in the background ignore ctrl-C; who sends the signal nevertheless means it.
    Glibc.signal(SIGINT, SIG_DFL)
    // `nohup` asks for this one to be ignored.
    var hangup = sigaction()
    sigaction(SIGHUP, nil, &hangup)
    if unsafeBitCast(hangup.__sigaction_handler.sa_handler, to: Int.self) != 1 { sigaddset(&signals, SIGHUP) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    return signals
  }
}
