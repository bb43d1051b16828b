import Foundation
import FoveaCore
import Testing

@Suite struct ComputeContextTests {
  /// Calls `body` on so many threads of their own, and waits for them.
  private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for number in 0..<count {
      group.enter()
      Thread.detachNewThread {
        body(number)
        group.leave()
      }
    }
    group.wait()
  }

  private final class Busy: @unchecked Sendable {
    // Guarded by the lock.
    private var now = 0
    private(set) var (most, calls) = (0, 0)
    private let lock = NSLock()

    func enter(_ threads: Int) {
      lock.withLock { (now, most, calls) = (now + threads, max(most, now + threads), calls + 1) }
    }
    func leave(_ threads: Int) { lock.withLock { now -= threads } }
  }

  @Test func noMoreThreadsComputeThanThereAreCores() {
    let (context, busy) = (ComputeContext(cores: 3), Busy())
    onThreads(9) { number in
      // A third of them want one core, a third two, and a third more than there are.
      let wanted = [1, 2, 5][number % 3]
      for _ in 0..<50 {
        let cores = context.take(wanted)
        busy.enter(min(wanted, 3))
        usleep(20)
        busy.leave(min(wanted, 3))
        context.give(cores)
      }
    }
    #expect(busy.most == 3 && busy.calls == 9 * 50)
  }

  @Test func aCallWithinAnotherTakesNoMore() {
    let (context, other) = (ComputeContext(cores: 1), ComputeContext(cores: 1))
    onThreads(2) { _ in
      for _ in 0..<20 {
        let outer = context.take(1)
        // Else each would wait for itself, or one thread for the other.
        let (inner, foreign) = (context.take(1), other.take(1))
        other.give(foreign)
        context.give(inner)
        context.give(outer)
      }
    }
    // All has been given back.
    onThreads(1) { _ in context.give(context.take(1)) }
  }

  @Test func kernelsUseWhatACallMayTake() {
    onThreads(1) { _ in
      KernelThreads.set(4)
      for (context, threads) in [
        (ComputeContext(cores: 1), 1), (ComputeContext(cores: 8, coresPerCall: 2), 2), (ComputeContext(cores: 8), 4),
        (.process, 4),
      ] {
        let cores = context.take()
        #expect(KernelThreads.current == threads)
        context.give(cores)
        #expect(KernelThreads.current == 4)
      }
    }
  }

  @Test func poolsOfOneContextKeepToItsCores() {
    let (context, busy) = (ComputeContext(cores: 2), Busy())
    let pools = (0..<3).map { _ in WorkerPool(count: 2, context: context) }
    onThreads(6) { number in
      for _ in 0..<20 {
        pools[number % 3].run(4) { _ in
          busy.enter(1)
          usleep(20)
          busy.leave(1)
        }
      }
    }
    #expect((1...2).contains(busy.most) && busy.calls == 6 * 20 * 4)
  }

  /// In a process of its own, since others compute in this one.
  @Test func poolsWithoutWorkUseNoCore() async {
    await #expect(processExitsWith: .success) {
      let pools = (0..<4).map { _ in WorkerPool(count: 4) }
      for pool in pools { pool.run(64) { _ in usleep(10) } }
      usleep(200_000)
      let before = computedNanoseconds()
      usleep(500_000)
      let used = computedNanoseconds() - before
      // Half a second of sixteen threads that look on would be a second on two cores.
      #expect(used < 50_000_000, "\(used) ns")
      withExtendedLifetime(pools) {}
    }
  }
}

/// What all threads of the process have computed so far.
private func computedNanoseconds() -> UInt64 {
  var time = timespec()
  guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
