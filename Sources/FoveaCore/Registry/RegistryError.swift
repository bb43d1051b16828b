/// What can go wrong when a kind is registered or looked up.
public enum RegistryError: FoveaError, Equatable {
  /// `belongs` says of what other sorts there is such a kind: `one of the layers, which belong under 'layers' in …`.
  case unknownKind(noun: String, kind: String, known: [String], belongs: [String] = [])
  case kindIsTaken(noun: String, kind: String, by: Origin, newcomer: Origin)
  case invalidKind(noun: String, kind: String, origin: Origin)

  public var description: String {
    switch self {
    case .unknownKind(let noun, let kind, let known, let belongs):
      "unknown \(noun) '\(kind)'"
        + (belongs.isEmpty ? Self.hint(for: kind, among: known) : "; it is \(belongs.joined(separator: ", and ")).")
        + (known.isEmpty ? " There are none." : " Known: \(known.joined(separator: ", "))")
    case .kindIsTaken(let noun, let kind, let owner, let newcomer):
      "the \(noun) '\(kind)' of \(newcomer) cannot be registered: the name is taken by \(owner); rename one of them"
    case .invalidKind(let noun, let kind, let origin):
      "the \(noun) '\(kind)' of \(origin) has no valid name: use letters and digits, a letter first, 64 at most"
    }
  }

  /// The nearest name; where there is none, the only one of which the word is made: `f1` of `macroF1`.
  private static func hint(for word: String, among known: [String]) -> String {
    let hint = Spelling.hint(for: word, among: known)
    let parts = known.filter { $0.count > 1 && word.lowercased().contains($0.lowercased()) }
    return hint == "." && parts.count == 1 ? Spelling.hint(for: parts[0], among: parts) : hint
  }
}
