import CKernels
import Foundation
import FoveaCore
import Synchronization
import Testing

/// Work that is shared out, on the threads that oneDNN has and on those of our own, which are for a oneDNN without OpenMP.
@Suite struct ParallelTests {
  private typealias Body = @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void
  private typealias Run = @Sendable (Int32, Body, UnsafeMutableRawPointer) -> Void

  /// Parts that wait for each other: on fewer threads they would wait until a minute is over.
  private final class Meeting: Sendable {
    let parts: Int
    let inside = Mutex<[Int]>([])

    init(parts: Int) { self.parts = parts }

    func enter(_ part: Int) {
      inside.withLock { $0.append(part) }
      let end = Date(timeIntervalSinceNow: 60)
      while inside.withLock({ $0.count }) < parts, Date() < end { Thread.sleep(forTimeInterval: 0.001) }
    }

    func hold(_ run: Run) -> Bool {
      run(
        Int32(parts),
        { context, part in
          guard let context else { return }
          Unmanaged<Meeting>.fromOpaque(context).takeUnretainedValue().enter(Int(part))
        }, Unmanaged.passUnretained(self).toOpaque())
      return inside.withLock { $0.sorted() } == Array(0..<parts)
    }
  }

  @Test func withoutOpenMPAllThreadsWork() async {
    await withTaskGroup(of: Bool.self) { group in
      for parts in [1, 2, 4, 7] {
        group.addTask {
          (0..<10).allSatisfy { _ in Meeting(parts: parts).hold { fovea_parallel_apart($0, $1, $2) } }
        }
      }
      for await isWhole in group { #expect(isWhole) }
    }
  }

  @Test func withItTheyDoToo() {
    #expect(Meeting(parts: 4).hold { fovea_parallel($0, $1, $2) })
  }
}
