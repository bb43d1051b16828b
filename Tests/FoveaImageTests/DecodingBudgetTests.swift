import Foundation
import FoveaCore
import FoveaImage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct DecodingBudgetTests {
  @Test func whoeverWantsMoreThanIsFreeWaits() throws {
    let budget = DecodingBudget(bytes: 100)
    #expect(budget.take(60))
    let order = Mutex<[String]>([])
    let thread = start {
      #expect(budget.take(50))
      order.withLock { $0.append("taken") }
    }
    // Nothing tells that somebody waits but that nobody is served at once any more.
    while budget.takeAtOnce(0) { sched_yield() }
    order.withLock { $0.append("given") }
    budget.give(60)
    thread.wait()
    #expect(order.withLock { $0 } == ["given", "taken"])
    #expect(budget.takeAtOnce(50) && !budget.takeAtOnce(1))
  }

  @Test func theLargeAreNotOvertakenByTheSmall() throws {
    let budget = DecodingBudget(bytes: 100)
    #expect(budget.take(10))
    let order = Mutex<[Int]>([])
    let large = start {
      #expect(budget.take(100))
      order.withLock { $0.append(100) }
      budget.give(100)
    }
    while budget.takeAtOnce(0) { sched_yield() }
    // There would be room for it.
    #expect(!budget.takeAtOnce(20))
    let small = start {
      #expect(budget.take(20))
      order.withLock { $0.append(20) }
      budget.give(20)
    }
    budget.give(10)
    large.wait()
    small.wait()
    #expect(order.withLock { $0 } == [100, 20])
  }

  @Test func moreThanTheWholeIsRefusedAtOnce() {
    let budget = DecodingBudget(bytes: 100)
    #expect(!budget.take(101) && !budget.takeAtOnce(101))
    #expect(budget.take(100))
  }

  @Test func manyThreadsNeverTakeMoreThanThereIs() {
    let budget = DecodingBudget(bytes: 1000)
    let taken = Atomic<Int>(0)
    let threads = (1...8).map { number in
      start {
        for step in 1...500 {
          let count = (number * 131 + step * 37) % 1000 + 1
          #expect(budget.take(count))
          #expect(taken.add(count, ordering: .sequentiallyConsistent).newValue <= 1000)
          taken.subtract(count, ordering: .sequentiallyConsistent)
          budget.give(count)
        }
      }
    }
    for thread in threads { thread.wait() }
    #expect(budget.takeAtOnce(1000))
  }

  @Test func picturesAreChargedForAndGivenBack() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-budget-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let picture = try Image(width: 100, height: 80, channels: 3, pixels: .bytes(Array(repeating: 9, count: 24_000)))
    try ImageEncoder.png().write(picture, to: folder + "/good.png")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/bad.png"))
    let budget = DecodingBudget(bytes: 40_000)
    var decoder = ImageDecoder()
    decoder.budget = budget
    let inside = try decoder.withImage(of: FilePath(folder + "/good.png")) { image in
      (image.image, budget.takeAtOnce(20_000))
    }
    #expect(inside.0 == picture && !inside.1)
    // One that waits lets its file go and reads it again.
    #expect(budget.take(25_000))
    let thread = start { [decoder] in #expect((try? decoder.read(path: folder + "/good.png").image) == picture) }
    while budget.takeAtOnce(0) { sched_yield() }
    budget.give(25_000)
    thread.wait()
    #expect(throws: ImageError.self) { try decoder.read(path: folder + "/bad.png") }
    #expect(budget.takeAtOnce(40_000))
    budget.give(40_000)
    decoder.budget = DecodingBudget(bytes: 20_000)
    let error = #expect(throws: ImageError.self) { try decoder.read(path: folder + "/good.png") }
    #expect(
      error?.description.contains("100×80 pixels") == true && error?.description.contains("--max-memory") == true,
      "\(String(describing: error))")
  }

  /// A thread that can be waited for.
  private func start(_ body: @escaping @Sendable () -> Void) -> DispatchGroup {
    let group = DispatchGroup()
    group.enter()
    let thread = Thread {
      body()
      group.leave()
    }
    thread.start()
    return group
  }
}
