import Synchronization

/// Whether somebody wants a long job to end before it is done.
///
/// It is handed to the job, which asks between two pieces of its work: ``TrainingRun``, evaluations and batches of pictures
/// take one. Any thread may cancel, at any time.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func cancel() { flag.store(true, ordering: .relaxed) }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
