import Foundation
import FoveaCore
import Synchronization
import Testing

/// In processes of their own: there is one pool for each.
@Suite struct StoragePoolTests {
  /// One thread makes tensors and another lets them go, as a loader and a training do.
  @Test func memoryThatAnotherThreadGivesBackIsTakenAgain() async {
    await #expect(processExitsWith: .success) {
      let queue = Mutex([Tensor]())
      let (room, ready) = (DispatchSemaphore(value: 8), DispatchSemaphore(value: 0))
      let count = 500
      Thread.detachNewThread {
        for _ in 0..<count {
          room.wait()
          // 1 MiB.
          let tensor = Tensor(uninitialized: [1 << 18])
          queue.withLock { $0.append(tensor) }
          ready.signal()
        }
      }
      for _ in 0..<count {
        ready.wait()
        _ = queue.withLock { $0.removeFirst() }
        room.signal()
      }
      #expect(StoragePool.shared.bytes < 32 << 20)
      StoragePool.shared.trim()
      #expect(StoragePool.shared.bytes < 1 << 20)
    }
  }

  @Test func sizesThatNobodyWantsGoBackOverTheLimit() async {
    await #expect(processExitsWith: .success) {
      StoragePool.shared.mostFree = 4 << 20
      for count in 1...400 { _ = Tensor(uninitialized: [count * 4_000]) }
      // The largest has 6.1 MiB; with all that came before, it would be 33 MiB.
      #expect(StoragePool.shared.bytes < 16 << 20)
      #expect(StoragePool.shared.systemAllocations > 10)
    }
  }

  @Test func manyThreadsShareIt() async {
    await #expect(processExitsWith: .success) {
      let sums = DispatchGroup()
      let wrong = Atomic<Int>(0)
      for thread in 0..<8 {
        sums.enter()
        Thread.detachNewThread {
          for step in 0..<2_000 {
            let (a, b) = (Float(thread * 10_000 + step), Float(-step))
            let tensors = [Tensor(repeating: a, [16 + step % 40]), Tensor(repeating: b, [16 + step % 7])]
            // Another thread that had the same memory would write into it.
            if !tensors[0].elements.allSatisfy({ $0 == a }) || !tensors[1].elements.allSatisfy({ $0 == b }) {
              wrong.add(1, ordering: .relaxed)
            }
          }
          sums.leave()
        }
      }
      sums.wait()
      #expect(wrong.load(ordering: .relaxed) == 0)
      #expect(StoragePool.shared.bytes < 1 << 20)
    }
  }
}
