import FoveaCore

/// Windows of one axis, all of one extent, that some layers are computed in: from what goes into the layers to what comes out.
///
/// Layers treat a window's border as they treat that of the whole. So outputs are right where all that they come from lies within the
/// window, or where the window's border is the whole's; windows begin at multiples of the layers' step, and are as long as the whole
/// but for such a multiple, so that layers cut them in the same places.
struct AxisWindows: Sendable, Equatable {
  /// Of all that goes in.
  let extent: Int
  /// Of a window that goes in.
  let window: Int
  /// Of what comes out of the whole.
  let outputExtent: Int
  private let step: Int
  private let first: Int

  /// - Parameters:
  ///   - reach: of the layers together.
  ///   - outputs: which a window has to make at most, side by side.
  ///   - extent: of all that goes in.
  ///   - outputExtent: of all that comes out.
  /// - Returns: nil where outputs do not lie at whole elements of the input, or begin behind its first.
  init?(_ reach: AxisReach, outputs: Int, extent: Int, outputExtent: Int) {
    let whole = [reach.step, reach.first, reach.last]
    guard whole.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e6 }), reach.step >= 1, reach.first <= 0 else {
      return nil
    }
    (step, first) = (Int(reach.step), Int(reach.first))
    (self.extent, self.outputExtent) = (extent, outputExtent)
    let reached = (outputs - 1) * step + Int(reach.last) - first + 1
    // It may begin a little earlier, at a multiple of the step.
    let least = max(reached + step - 1, 1)
    let spared = max(extent - least, 0) / step * step
    window = extent - spared
    guard outputWindow > 0 else { return nil }
  }

  /// Of what comes out of a window.
  var outputWindow: Int { outputExtent - (extent - window) / step }

  /// Where a window begins that makes some outputs.
  func start(of outputs: Range<Int>) -> Int {
    min(max(outputs.lowerBound * step + first, 0) / step * step, extent - window)
  }

  /// Which output a window's first one is, for a window that begins at `start`.
  func outputStart(_ start: Int) -> Int { start / step }
}
