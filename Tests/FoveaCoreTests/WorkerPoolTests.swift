import FoveaCore
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 5]) func doesEachPartOnce(workers: Int) {
    let pool = WorkerPool(count: workers)
    for parts in [0, 1, 2, 3, 64] {
      #expect(pool.map(parts) { $0 * $0 } == (0..<parts).map { $0 * $0 })
    }
  }

  @Test func manySmallJobsLoseNothing() {
    let pool = WorkerPool(count: 3)
    var sum = 0
    for job in 0..<2_000 { sum += pool.map(4) { $0 + job }.reduce(0, +) }
    #expect(sum == (0..<2_000).reduce(0) { $0 + 4 * $1 + 6 })
  }

  @Test func kernelsRunOnOneThreadInside() {
    KernelThreads.set(2)
    #expect(WorkerPool(count: 2).map(8) { _ in KernelThreads.current }.allSatisfy { $0 == 1 })
    #expect(KernelThreads.current == 2)
  }
}
