import FoveaCore
import Synchronization

/// Collects where the time of a network's passes goes, while they run on any number of threads.
///
/// It is handed to the passes that are to be measured, and ``ProfileReport`` makes figures of it.
public final class Profile: Sendable {
  /// What a time is spent on.
  public enum Phase: Sendable, Hashable {
    /// A step of the network, while it is used.
    case inference
    /// A step of the network in training.
    case forward
    case backward
    /// The loss and its gradient.
    case loss
    /// The sum of the gradients, and what the optimizer makes of the weights.
    case update
    /// A batch, from its beginning to its end.
    case whole
  }

  struct Key: Hashable {
    let phase: Phase
    /// Of the execution plan; 0 for what belongs to no step.
    let step: Int
  }

  struct Sum {
    var calls = 0
    var duration = Duration.zero
    /// In the order in which they first ran.
    var kernels: [KernelSum] = []
  }

  struct KernelSum {
    let implementation: String
    let isReorder: Bool
    var runs = 0
    var duration = Duration.zero
  }

  /// A measurement that has begun on the calling thread, and must end there.
  public struct Watch {
    private let profile: Profile
    private let key: Key
    private let recorder: KernelRecorder?
    private let start: ContinuousClock.Instant

    fileprivate init(_ profile: Profile, _ key: Key, _ recorder: KernelRecorder?) {
      (self.profile, self.key, self.recorder) = (profile, key, recorder)
      recorder?.install()
      start = ContinuousClock.now
    }

    public func stop() {
      let duration = ContinuousClock.now - start
      recorder?.uninstall()
      profile.add(duration, recorder?.runs ?? [], to: key)
    }
  }

  private let sums = Mutex<[Key: Sum]>([:])

  public init() {}

  /// Begins to measure.
  ///
  /// - Parameter step: of the execution plan, for the phases that belong to one.
  public func start(_ phase: Phase, step: Int = 0) -> Watch {
    // What belongs to no step has no kernels, and the whole would only count those of the steps twice.
    let belongsToStep = phase == .inference || phase == .forward || phase == .backward
    return Watch(self, Key(phase: phase, step: step), belongsToStep ? KernelRecorder() : nil)
  }

  func sum(_ phase: Phase, step: Int = 0) -> Sum { sums.withLock { $0[Key(phase: phase, step: step)] ?? Sum() } }

  private func add(_ duration: Duration, _ runs: [KernelRecorder.Run], to key: Key) {
    sums.withLock { sums in
      var sum = sums.removeValue(forKey: key) ?? Sum()
      sum.calls += 1
      sum.duration += duration
      for run in runs {
        let place = sum.kernels.firstIndex {
          $0.isReorder == run.isReorder && $0.implementation == run.implementation
        }
        if place == nil { sum.kernels.append(KernelSum(implementation: run.implementation, isReorder: run.isReorder)) }
        let index = place ?? sum.kernels.count - 1
        sum.kernels[index].runs += 1
        sum.kernels[index].duration += run.duration
      }
      sums[key] = sum
    }
  }
}
