/// An extent of a picture, `[channels, height, width]`, that may be another than a network names for its input.
public enum OpenExtent: String, Sendable, Codable, CaseIterable {
  case height
  case width

  /// Of `[channels, height, width]`.
  var axis: Int { self == .height ? 1 : 2 }
}

extension Shape {
  /// Whether this is `other`, but for extents that are open and not 0.
  public func matches(_ other: Shape, open: Set<OpenExtent>) -> Bool {
    guard self != other else { return true }
    guard rank == other.rank, rank == 3, !dimensions.contains(0) else { return false }
    return (0..<rank).allSatisfy { axis in self[axis] == other[axis] || open.contains { $0.axis == axis } }
  }
}
