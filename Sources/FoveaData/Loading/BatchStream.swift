import FoveaCore
import FoveaImage

/// A batch and the errors of the examples that are missing in it.
struct LoadedBatch: Sendable {
  let batch: Batch
  let failures: [DataError]
}

/// The batches of one epoch, in order, made by threads that keep a few batches ahead.
///
/// One consumer takes them; it may stop at any time, and the threads then end by themselves.
public final class BatchStream {
  typealias Maker = @Sendable (Int) -> Result<LoadedBatch, DataError>

  /// Numbers of the batches, those of the epoch or its last ones.
  private let numbers: Range<Int>
  /// The errors of the examples that were left out so far.
  public private(set) var failures: [DataError] = []
  /// The number, in the epoch, of the batch after the last one that was taken.
  public private(set) var position: Int
  private let make: Maker
  // Nil where the consumer's own thread makes the batches.
  private let work: OrderedWork<Int, Result<LoadedBatch, DataError>, Result<LoadedBatch, DataError>>?
  private var toldFailures = 0
  private var oneThread: OpenCVThreads.One?

  init(_ numbers: Range<Int>, threads: Int, ahead: Int, make: @escaping Maker) {
    self.numbers = numbers
    self.make = make
    position = numbers.lowerBound
    guard threads > 0 else {
      work = nil
      return
    }
    var rest = numbers.makeIterator()
    let work = OrderedWork(
      ahead: ahead, next: { rest.next().map { .init($0, isLast: $0 + 1 == numbers.upperBound) } },
      part: { number, _ in make(number) }, finish: { _, results in results[0] })
    oneThread = OpenCVThreads.One()
    work.start(threads: threads)
    self.work = work
  }

  deinit { work?.cancel(waits: false) }

  /// The next batch; waits until it is made. Nil after the last one, and after an error.
  ///
  /// - Throws: ``DataError`` of the first example that failed, where the policy is to stop.
  public func next() throws(DataError) -> Batch? {
    while position < numbers.upperBound {
      let result = work?.take() ?? make(position)
      position += 1
      do throws(DataError) {
        let loaded = try result.get()
        failures += loaded.failures
        if loaded.batch.count > 0 { return loaded.batch }
      } catch {
        position = numbers.upperBound
        work?.cancel(waits: false)
        throw error
      }
    }
    return nil
  }
  /// Of ``failures``, those that this was not asked for before.
  package func takeFailures() -> ArraySlice<DataError> {
    defer { toldFailures = failures.count }
    return failures[toldFailures...]
  }
}
