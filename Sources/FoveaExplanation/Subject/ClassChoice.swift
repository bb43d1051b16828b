import FoveaCore

/// Which classes of a picture are explained.
public enum ClassChoice: Sendable, Hashable {
  /// The one that was decided for.
  case decided
  /// The most probable ones.
  case top(Int)
  case all
  /// Those of these names.
  case named([String])

  /// - Parameters:
  ///   - scores: the network's, each the surer the larger.
  ///   - result: what was decided.
  ///   - labels: the names of the scores.
  /// - Throws: ``ExplanationError/unknown(_:)`` for a name that no class has.
  func classes(
    _ scores: [Float], _ result: any TaskResult, labels: [String]
  ) throws(ExplanationError) -> [Int] {
    let ranking = (result as? Prediction)?.ranking ?? scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
    switch self {
    case .all: return ranking
    case .top(let count): return Array(ranking.prefix(max(count, 1)))
    case .decided:
      if let prediction = result as? Prediction { return [prediction.decision ?? ranking.first ?? 0] }
      if let several = result as? Labels {
        let decided = several.labels.indices.filter { several.labels[$0].isDecided }
        return decided.isEmpty ? Array(ranking.prefix(1)) : decided
      }
      return Array(ranking.prefix(1))
    case .named(let names):
      return try names.map { name throws(ExplanationError) in
        if let index = labels.firstIndex(of: name) { return index }
        if labels.isEmpty || !labels.contains(name), let index = Int(name), scores.indices.contains(index) {
          return index
        }
        let hint = Spelling.nearest(to: name, among: labels).map { "; did you mean '\($0)'?" } ?? "."
        let some = labels.prefix(20).joined(separator: ", ") + (labels.count > 20 ? ", …" : "")
        throw .unknown("the model has no class '\(name)'\(hint) Its classes: \(some)")
      }
    }
  }
}
