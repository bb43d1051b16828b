import FoveaCore

/// What a network loses and gains in bytes: how well it does, how fast it is, and how large its file.
public struct QuantizationReport: Sendable {
  /// A figure before and after.
  public struct Figure: Sendable, Equatable {
    public let title: String
    public let key: String
    public let before: Double
    public let after: Double
    /// Whether it is a part of a whole, 0…1.
    public let isShare: Bool
    /// How much worse it has become: in points (hundredths of the whole), or of other figures in hundredths of what they were.
    public let lost: Double

    init(title: String, key: String, before: Double, after: Double, isShare: Bool, isLargerBetter: Bool) {
      (self.title, self.key, self.before, self.after, self.isShare) = (title, key, before, after, isShare)
      let worse = isLargerBetter ? before - after : after - before
      lost = isShare ? worse * 100 : before == 0 ? (worse > 0 ? .infinity : 0) : worse / abs(before) * 100
    }
  }

  /// Where examples have labels; else there is the share of examples that are decided alike.
  public let figures: [Figure]
  /// The one that decides: the first share among ``figures``, or the loss, or else the agreement with the floats.
  public let decisive: Figure
  public let examples: Int
  /// How many of them are decided otherwise.
  public let differences: Int
  /// Examples a second.
  public var speedBefore: Double
  public var speedAfter: Double

  public var speedup: Double { speedBefore > 0 ? speedAfter / speedBefore : 0 }

  /// Of labelled examples.
  public init(_ comparison: PrecisionComparison, speedBefore: Double = 0, speedAfter: Double = 0) {
    let (after, before) = (comparison.evaluation, comparison.float32)
    var figures: [Figure] = zip(before.figures, after.figures).compactMap { before, after in
      guard let first = before.value, let second = after.value else { return nil }
      return Figure(
        title: before.title, key: before.key, before: first, after: second, isShare: before.isShare,
        isLargerBetter: before.isLargerBetter)
    }
    let loss = before.loss.flatMap { first in
      after.loss.map {
        Figure(title: "loss", key: "loss", before: first, after: $0, isShare: false, isLargerBetter: false)
      }
    }
    let agreement = Self.agreement(after.count, comparison.differences)
    decisive = figures.first(where: \.isShare) ?? loss ?? figures.first ?? agreement
    if let loss { figures.append(loss) }
    (self.figures, examples, differences) = (figures, after.count, comparison.differences)
    (self.speedBefore, self.speedAfter) = (speedBefore, speedAfter)
  }

  /// Of examples without labels, of which so many are decided otherwise.
  public init(examples: Int, differences: Int) {
    decisive = Self.agreement(examples, differences)
    figures = [decisive]
    (self.examples, self.differences) = (examples, differences)
    (speedBefore, speedAfter) = (0, 0)
  }

  private static func agreement(_ examples: Int, _ differences: Int) -> Figure {
    Figure(
      title: "decided as in float32", key: "agreement", before: 1,
      after: examples > 0 ? 1 - Double(differences) / Double(examples) : 1, isShare: true, isLargerBetter: true)
  }

  /// Why nobody should use it; nil where it is faster and loses no more than `tolerance`.
  ///
  /// - Parameter tolerance: points of the decisive figure where that is a share, else hundredths of it.
  public func refusal(tolerance: Double) -> String? {
    // Five of a thousand are half a point, whatever a subtraction makes of it.
    if !(decisive.lost <= tolerance + 1e-9) {
      let unit = decisive.isShare ? "points" : "%"
      return
        "it loses \(NumberText.short(decisive.lost)) \(unit) (\(decisive.title)), and may lose \(NumberText.short(tolerance))"
    }
    if speedup < 1 {
      return
        "it is slower: \(NumberText.short(speedAfter)) images a second, and \(NumberText.short(speedBefore)) in float32"
    }
    return nil
  }
}
