public import FoveaCore

/// By what the losses of each class's examples are multiplied.
public enum ClassWeights: ExpectingSetting, Equatable, Sendable {
  public static let expectation = "balanced, or a group with a number for each class's name"

  /// So that all classes weigh the same, and the weights of all examples have a mean of 1: n / (classes · n of the class).
  case balanced
  /// By the classes' names; 1 for those that are not named.
  case given([String: Float])

  public init(from decoder: any Decoder) throws {
    switch try ConfigurationValue(from: decoder) {
    case .string("balanced"): self = .balanced
    case .object: self = .given(try [String: Float](from: decoder))
    default:
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .balanced: try "balanced".encode(to: encoder)
    case .given(let weights): try weights.encode(to: encoder)
    }
  }

  /// - Parameter counts: the examples of each class.
  /// - Throws: ``TrainingError/invalidSetting(name:expected:got:)`` for a class that the data does not have, and a weight that is
  ///   negative.
  func weights(_ labels: [String], counts: [Int]) throws(TrainingError) -> [Float] {
    guard counts.count == labels.count else {
      throw .invalidSetting(name: "'classWeights'", expected: "left out, as the data has no classes", got: "given")
    }
    switch self {
    case .balanced:
      let (total, classes) = (counts.reduce(0, +), counts.count { $0 > 0 })
      return counts.map { $0 == 0 ? 1 : Float(Double(total) / Double(classes * $0)) }
    case .given(let given):
      if let stranger = given.keys.sorted().first(where: { !labels.contains($0) }) {
        let hint = Spelling.nearest(to: stranger, among: labels).map { "; did you mean '\($0.printable)'?" } ?? ""
        throw .invalidSetting(
          name: "a class of 'classWeights'", expected: "one of \(TrainingError.list(labels))",
          got: "'\(stranger.printable)'\(hint)")
      }
      if let (label, weight) = given.first(where: { !($0.value >= 0 && $0.value.isFinite) }) {
        throw .invalidSetting(
          name: "the weight of '\(label.printable)'", expected: "0 or more", got: "\(weight)")
      }
      return labels.map { given[$0] ?? 1 }
    }
  }
}
