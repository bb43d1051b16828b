import FoveaCore
import Synchronization

/// The weights that a layer was last used with, in a kernel's layout: in use they are the same at each call, and large
/// ones take as long to round as to multiply.
///
/// It holds on to the weights themselves too, so that their memory is nobody else's: whoever wants to change them gets
/// a copy, as ``Tensor`` does whenever memory is shared.
final class RoundedWeights: Sendable {
  private struct Pair: Sendable {
    let weights: Tensor
    let rounded: Tensor
  }

  private let last = Mutex<Pair?>(nil)

  /// - Parameter round: brings `weights` into `layout`.
  func rounded(_ weights: Tensor, to layout: Layout, _ round: (Tensor) -> Tensor) -> Tensor {
    let kept = last.withLock { $0 }
    if let kept, kept.weights.isSameMemory(as: weights), kept.rounded.layout == layout { return kept.rounded }
    let rounded = round(weights)
    last.withLock { $0 = Pair(weights: weights, rounded: rounded) }
    return rounded
  }
}
