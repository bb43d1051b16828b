extension Targets {
  /// Targets that mean nothing, for what is tried or measured without data. Of the kinds that have a size of their own,
  /// masks and boxes, there are none.
  ///
  /// - Parameter classes: how many classes, labels or numbers there are.
  package static func random(
    _ kind: TargetKind, count: Int, classes: Int, using random: inout SeededRandom
  ) -> Targets? {
    switch kind {
    case .oneClass: Targets((0..<count).map { _ in Int.random(in: 0..<classes, using: &random) })
    case .labels:
      .labels(
        TargetRows((0..<count * classes).map { _ in Float(Int.random(in: 0...1, using: &random)) }, width: classes))
    case .numbers:
      .numbers(TargetRows((0..<count * classes).map { _ in random.uniform(in: -1...1) }, width: classes))
    case .mask, .boxes: nil
    }
  }
}
