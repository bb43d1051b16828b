import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Synchronization
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

  @Test func callersWithoutAPoolKeepToTheCores() async {
    await #expect(processExitsWith: .success) { try ManyModels(callers: 48, largestBatch: 8).checkCores() }
  }

  @Test func contextsChangeNoNumbers() async {
    await #expect(processExitsWith: .success) { try ManyModels(callers: 6, largestBatch: 24).checkNumbers() }
  }

  @Test func memoryIsBoundedHoweverManyShapesThereAre() async {
    await #expect(processExitsWith: .success) { try ManyModels(callers: 2, largestBatch: 1).checkMemory() }
  }
}

/// Nothing but a look at how many threads compute at once.
private struct Watched: PlainLayer {
  static let kind = "watched"
  let configuration: NoConfiguration
  let outputShape: Shape
  private static let now = Atomic<Int>(0)
  static let most = Atomic<Int>(0)

  init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    outputShape = input
  }

  func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    let threads = KernelThreads.current
    let now = Self.now.add(threads, ordering: .relaxed).newValue
    _ = Self.most.max(now, ordering: .relaxed)
    usleep(50)
    for i in input.indices { output[i] = input[i] }
    Self.now.subtract(threads, ordering: .relaxed)
  }

  func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>,
    _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {}
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
    try registry.register(Watched.self)
    models = try [3, 5].map { units in
      let description = ModelDescription("m", input: [2, 9, 7]) {
        MaximumPooling.layer("pool", window: 3) { $0.stride = 2 }
        BatchNormalization.layer()
        Watched.layer()
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

  private static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  func checkCores() throws {
    let (models, largest) = (models, largestBatch)
    let before = Self.threads
    let most = run { _ in
      for batch in 1...largest {
        for model in models { _ = try? model.infer(Tensor(zeros: [batch, 2, 9, 7])) }
      }
    }
    let busy = Watched.most.load(ordering: .relaxed)
    guard (1...Self.cores).contains(busy) else {
      throw Excess(what: "computing threads", count: busy, bound: Self.cores)
    }
    // The callers, the team of the one that computes, those that may rest, the team that only rests, and a few that are
    // Foundation's.
    let threads = before + callers + Self.cores + max(4 * Self.cores, 32) + Self.cores + 4
    guard most <= threads else { throw Excess(what: "threads", count: most, bound: threads) }
  }

  func checkNumbers() throws {
    var random = SeededRandom(seed: 3)
    let inputs = (1...largestBatch).map { batch in
      Tensor((0..<batch * 126).map { _ in random.uniform() }, [batch, 2, 9, 7])
    }
    let contexts = [ComputeContext(cores: 2, coresPerCall: 1), ComputeContext(cores: 2)]
    let models = zip(models, contexts).map { $0.computing(in: $1) }
    let alone = try models.map { model in try inputs.map { try model.infer($0).elements } }
    let different = Atomic<Int>(0)
    _ = run { caller in
      for step in inputs.indices {
        let index = (step * 5 + caller * 7) % inputs.count
        for (model, alone) in zip(models, alone) where (try? model.infer(inputs[index]).elements) != alone[index] {
          different.add(1, ordering: .relaxed)
        }
      }
    }
    let count = different.load(ordering: .relaxed)
    guard count == 0 else { throw Excess(what: "different results", count: count, bound: 0) }
  }

  /// Of the process, in memory.
  private static var kibibytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      .flatMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } }
      ?? 0
  }

  func checkMemory() throws {
    KernelThreads.set(1)
    func use(_ batches: ClosedRange<Int>) throws {
      for batch in batches {
        for model in models { _ = try model.infer(Tensor(zeros: [batch, 2, 9, 7])) }
      }
      StoragePool.shared.trim()
    }
    try use(1...500)
    let before = Self.kibibytes
    try use(501...1_500)
    let grown = Self.kibibytes - before
    // Ten thousand kernels more have about 100 MB, and half as much again what the thread remembers of them.
    guard before > 0, grown < 32 << 10 else { throw Excess(what: "KiB of new memory", count: grown, bound: 32 << 10) }
    let bound = models.count * 5 * 64 + 256
    guard Kernel.count <= bound else { throw Excess(what: "kernels", count: Kernel.count, bound: bound) }
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
