import FoveaCore
import Synchronization
import Testing

@Suite struct OrderedWorkTests {
  /// Squares of 0 ..< count, each added up of as many parts as it has units, by parts of 1.
  private func squares(_ count: Int, ahead: Int = 3) -> OrderedWork<Int, Int, Int> {
    var number = -1
    return OrderedWork(
      ahead: ahead,
      next: {
        number += 1
        return number < count ? .init(number, parts: number + 1, isLast: number == count - 1) : nil
      }, part: { number, index in number == 0 ? 0 : index < number ? number : 0 }, finish: { $1.reduce(0, +) })
  }

  @Test(arguments: [0, 1, 4])
  func givesAllResultsInOrder(threads: Int) {
    let work = squares(50)
    work.start(threads: threads)
    var results: [Int] = []
    while let result = work.take() { results.append(result) }
    #expect(results == (0..<50).map { $0 * $0 })
    work.cancel(waits: true)
  }

  @Test func endsWhereThereIsNothing() {
    let work = squares(0)
    let first = work.begin()
    #expect(first.parts == 0 && first.isAll)
    work.start(threads: 2)
    #expect(work.take() == nil)
  }

  @Test func saysHowMuchThereIs() {
    let (one, two) = (squares(1).begin(), squares(2).begin())
    #expect(one.parts == 1 && one.isAll)
    #expect(two.parts == 1 && !two.isAll)
  }

  /// However long nobody takes a result, no more jobs are begun than may lie ready.
  @Test func doesNotRunAhead() {
    final class Count: Sendable {
      let jobs = Mutex(0)
      let done = Mutex(0)
    }
    let count = Count()
    let work = OrderedWork<Int, Int, Int>(
      ahead: 3,
      next: {
        count.jobs.withLock { $0 += 1 }
        return .init(1, isLast: false)
      }, part: { number, _ in number },
      finish: { job, _ in
        count.done.withLock { $0 += 1 }
        return job
      })
    work.start(threads: 4)
    for _ in 0..<5 { _ = work.take() }
    while count.done.withLock({ $0 }) < 8 {}
    #expect(count.jobs.withLock { $0 } == 8)
    work.cancel(waits: true)
    #expect(work.take() == nil)
    #expect(count.jobs.withLock { $0 } == 8)
  }

  @Test func endsSoonAfterItIsCancelled() {
    let cancellation = Cancellation()
    let work = OrderedWork<Int, Int, Int>(
      ahead: 1, next: { .init(1, isLast: false) },
      part: { number, _ in
        while !cancellation.isCancelled {}
        return number
      }, finish: { job, _ in job })
    work.start(threads: 1)
    #expect(BackgroundThread.start { cancellation.cancel() })
    #expect(work.take(cancellation) == nil)
    work.cancel(waits: true)
  }
}
