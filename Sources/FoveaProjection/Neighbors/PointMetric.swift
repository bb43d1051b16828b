/// How far two points are from each other.
public enum PointMetric: String, Sendable, CaseIterable, Codable {
  /// √Σ (aᵢ − bᵢ)²
  case euclidean
  /// 1 − the cosine of the angle between both, 0…2: only directions count.
  case cosine
}
