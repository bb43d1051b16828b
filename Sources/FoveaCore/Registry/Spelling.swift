/// Finds what somebody meant who typed a name that does not exist.
public enum Spelling {
  /// The candidate that is fewest edits away, if that is at most a third of the word.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().utf8)
    let scored = candidates.map { (name: $0, distance: distance(typed, Array($0.lowercased().utf8))) }
    guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= max(1, typed.count / 3) ? best.name : nil
  }

  /// What stands behind a complaint about a name: a question, or the end of the sentence.
  public static func hint(for word: String, among candidates: some Sequence<String>) -> String {
    nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? "."
  }

  /// How many letters must be put in, taken out, replaced, or exchanged with their neighbor (Damerau, Levenshtein).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var previous: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var best = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, previous[j - 1] + 1) }
        next.append(best)
      }
      (previous, row) = (row, next)
    }
    return row[b.count]
  }
}
