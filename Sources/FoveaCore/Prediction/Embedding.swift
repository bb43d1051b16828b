/// A picture as a point in a space of many dimensions, in which alike pictures lie near each other.
public struct Embedding: TaskResult {
  public static let kind = "embedding"

  public var values: [Float]
  /// What the picture is said to show, such as the name of its folder; nil where nobody has said anything of any.
  public var label: String?

  public init(_ values: [Float], label: String? = nil) { (self.values, self.label) = (values, label) }

  /// The cosine of the angle between both, −1…1; nil where one of them has no direction or they have different dimensions.
  public func similarity(to other: Embedding) -> Float? {
    guard values.count == other.values.count else { return nil }
    let product = zip(values, other.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let (length, otherLength) = (length, other.length)
    return length > 0 && otherLength > 0 ? Float(product / (length * otherLength)) : nil
  }

  /// √Σ vᵢ²
  public var length: Double { values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }

  public func fields(top: Int) -> [ResultField] {
    (label.map { [ResultField("label", .text($0))] } ?? [])
      + [ResultField("embedding", .list(values.map { .number($0) }))]
  }

  public func cells(top: Int) -> [ResultCell] {
    let first = values.prefix(4).map { NumberText.short($0) }.joined(separator: ", ")
    return (label.map { [ResultCell("label", $0)] } ?? []) + [
      ResultCell("dimensions", "\(values.count)", isNumber: true),
      ResultCell("embedding", values.count > 4 ? first + ", …" : first),
    ]
  }
}
