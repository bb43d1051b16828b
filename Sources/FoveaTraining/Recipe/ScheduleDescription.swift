public import FoveaCore
import FoveaModel

/// A schedule in a recipe: a registered kind, or the list that stands for a ``SpanSchedule``.
public struct ScheduleDescription: ExpectingSetting, Equatable, Sendable {
  public static let expectation =
    "a list of spans (epochs, learningRate), a word, or a group of keys with 'kind'"

  public var kind: KindDescription

  public init(_ kind: KindDescription) {
    self.kind = kind
  }

  /// A learning rate for each of several spans of passes.
  public init(_ spans: [SpanSchedule.Span]) {
    kind = KindDescription(SpanSchedule(spans))
  }

  public init(from decoder: any Decoder) throws {
    if case .array(let spans) = try ConfigurationValue(from: decoder) {
      kind = KindDescription(kind: SpanSchedule.kind, configuration: ["spans": .array(spans)])
    } else {
      kind = try KindDescription(from: decoder)
    }
  }

  public func encode(to encoder: any Encoder) throws { try kind.encode(to: encoder) }
}
