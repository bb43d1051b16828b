/// What who uses a data set should know of how it was read: what was passed over, how classes are numbered.
public struct DataRemark: Sendable, Hashable {
  public let text: String
  /// Whether data may be missing that were meant to be there.
  public let isWarning: Bool

  public init(_ text: String, isWarning: Bool = false) {
    self.text = text
    self.isWarning = isWarning
  }
}
