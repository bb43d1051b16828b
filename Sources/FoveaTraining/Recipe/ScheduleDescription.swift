public import FoveaCore
import FoveaModel

/// The schedules in a recipe, each of which takes the rate that the one before gives; a list without kinds stands for a
/// ``SpanSchedule``.
public struct ScheduleDescription: ExpectingSetting, Equatable, Sendable {
  public static let expectation =
    "a list of spans (epochs, learningRate), a word, a group of keys with 'kind', or a list of these"

  public var kinds: [KindDescription]

  public init(_ kind: KindDescription) {
    kinds = [kind]
  }

  public init(_ kinds: [KindDescription]) {
    self.kinds = kinds
  }

  /// A learning rate for each of several spans of passes.
  public init(_ spans: [SpanSchedule.Span]) {
    kinds = [KindDescription(SpanSchedule(spans))]
  }

  public init(from decoder: any Decoder) throws {
    guard case .array(let members) = try ConfigurationValue(from: decoder) else {
      kinds = [try KindDescription(from: decoder)]
      return
    }
    kinds = members.compactMap { member in
      switch member {
      case .string(let kind): return KindDescription(kind: kind)
      case .object(var settings):
        guard case .string(let kind)? = settings.removeValue(forKey: "kind") else { return nil }
        return KindDescription(kind: kind, configuration: settings)
      default: return nil
      }
    }
    if kinds.isEmpty {
      kinds = [KindDescription(kind: SpanSchedule.kind, configuration: ["spans": .array(members)])]
    } else if kinds.count < members.count {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
  }

  /// One by itself, several as a list.
  public func encode(to encoder: any Encoder) throws {
    if kinds.count == 1 { try kinds[0].encode(to: encoder) } else { try kinds.encode(to: encoder) }
  }
}
