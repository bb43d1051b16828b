/// Numbers with names: what a network estimates, in the user's own units.
public struct Numbers: TaskResult {
  public struct Number: Sendable, Hashable {
    public let name: String
    public var value: Float
    /// For people only: `cm`.
    public let unit: String?

    public init(_ name: String, _ value: Float, unit: String? = nil) {
      self.name = name
      self.value = value
      self.unit = unit
    }
  }

  public static let kind = "numbers"

  public var numbers: [Number]

  public init(_ numbers: [Number]) { self.numbers = numbers }

  /// Nil where there is no number of that name.
  public subscript(name: String) -> Float? { numbers.first { $0.name == name }?.value }

  public func fields(top: Int) -> [ResultField] {
    [ResultField("numbers", .record(numbers.map { ResultField($0.name, .number($0.value)) }))]
  }

  public func cells(top: Int) -> [ResultCell] {
    numbers.map { number in
      ResultCell(
        number.name, NumberText.short(number.value) + (number.unit.map { " " + $0 } ?? ""), isNumber: true)
    }
  }
}
