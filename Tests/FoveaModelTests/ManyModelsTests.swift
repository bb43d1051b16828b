import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Several models in one program, used from several threads with ever new batch sizes. In a process of its own, whose
/// kernels and threads nobody else has.
@Suite struct ManyModelsTests {
  @Test func neitherKernelsNorThreadsAddUp() async {
    await #expect(processExitsWith: .success) { try ManyModels(callers: 4, largestBatch: 120).check() }
  }

  @Test func callersOfOnePoolTakeTurns() async {
    await #expect(processExitsWith: .success) { try ManyModels(callers: 4, largestBatch: 20).checkPool() }
  }
}

private struct ManyModels {
  let callers: Int
  let largestBatch: Int
  /// Each with one cache in each of three layers, whose kernels are oneDNN's.
  let models: [Model]

  init(callers: Int, largestBatch: Int) throws {
    (self.callers, self.largestBatch) = (callers, largestBatch)
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    models = try [3, 5].map { units in
      let description = ModelDescription("m", input: [2, 9, 7]) {
        MaximumPooling.layer("pool", window: 3) { $0.stride = 2 }
        BatchNormalization.layer()
        Flatten.layer()
        Dense.layer("dense", units: units)
        Softmax.layer()
      }
      return try Model(description, registry: registry, seed: 1)
    }
  }

  /// What happens on each of the callers' threads, and how many threads the process has had at most.
  private func run(_ body: @escaping @Sendable (Int) -> Void) -> Int {
    let group = DispatchGroup()
    for caller in 0..<callers {
      group.enter()
      let thread = Thread {
        body(caller)
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    var most = 0
    while group.wait(timeout: .now() + 0.002) == .timedOut { most = max(most, Self.threads) }
    return most
  }

  private static var threads: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("Threads:") }
      .flatMap { Int($0.dropFirst(8).trimmingCharacters(in: .whitespaces)) } ?? 0
  }

  func check() throws {
    let (models, largest) = (models, largestBatch)
    let before = Self.threads
    let most = run { caller in
      // Each thread goes through the sizes in another order.
      for step in 0..<largest {
        let batch = (step * 7 + caller * 31) % largest + 1
        for model in models { _ = try? model.infer(Tensor(zeros: [batch, 2, 9, 7])) }
      }
    }
    let kernels = Kernel.count
    // Caches of five layers at most, and the process's own one for reorders.
    let bound = models.count * 5 * 64 + 256
    guard kernels > 64, kernels <= bound else { throw Excess(what: "kernels", count: kernels, bound: bound) }
    // Each caller with its team, the team that rests, and a few that are Foundation's.
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let threads = before + callers * processors + processors + 1 + 4
    guard most <= threads else { throw Excess(what: "threads", count: most, bound: threads) }
  }

  func checkPool() throws {
    let pool = WorkerPool(count: 2)
    let busy = Busy()
    let (models, largest) = (models, largestBatch)
    _ = run { _ in
      for batch in 2...largest {
        for model in models { _ = try? model.infer(Tensor(zeros: [batch, 2, 9, 7]), on: pool) }
        pool.run(4) { _ in
          busy.enter()
          usleep(100)
          busy.leave()
        }
      }
    }
    guard (1...pool.count).contains(busy.most) else {
      throw Excess(what: "busy threads", count: busy.most, bound: pool.count)
    }
  }

  /// How many are at work at once.
  private final class Busy: @unchecked Sendable {
    // Guarded by the lock.
    private var now = 0
    private(set) var most = 0
    private let lock = NSLock()

    func enter() { lock.withLock { (now, most) = (now + 1, max(most, now + 1)) } }
    func leave() { lock.withLock { now -= 1 } }
  }

  private struct Excess: Error {
    let what: String
    let count: Int
    let bound: Int
  }
}
