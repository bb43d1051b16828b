public import FoveaCore
import FoveaModel

/// The metrics in a recipe: for all outputs of a network, or for each by its name.
public struct MetricsDescription: ExpectingSetting, Equatable, Sendable {
  public static let expectation =
    "a word, a group of keys with 'kind', a list of these, or such a list for each output under the output's name"

  /// For every output that they can judge.
  public var all: [KindDescription]
  public var byOutput: [String: [KindDescription]] = [:]

  public init(_ all: [KindDescription], byOutput: [String: [KindDescription]] = [:]) {
    self.all = all
    self.byOutput = byOutput
  }

  public init(from decoder: any Decoder) throws {
    let value = try ConfigurationValue(from: decoder)
    let rejection = DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    if case .object(let members) = value, members["kind"] == nil {
      all = []
      byOutput = try members.mapValues { value in
        guard let kinds = KindDescription.list(value) else { throw rejection }
        return kinds
      }
    } else {
      guard let kinds = KindDescription.list(value) else { throw rejection }
      all = kinds
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if byOutput.isEmpty { try all.encode(to: encoder) } else { try byOutput.encode(to: encoder) }
  }

  /// All metrics that are named.
  var kinds: [KindDescription] { all + byOutput.sorted { $0.key < $1.key }.flatMap(\.value) }

  /// - Throws: ``TrainingError/kind(_:)``
  func make(_ registry: Registry) throws(TrainingError) -> (all: [any Metric], byOutput: [String: [any Metric]]) {
    func made(_ kinds: [KindDescription]) throws(TrainingError) -> [any Metric] {
      do throws(KindError) {
        return try kinds.map { kind throws(KindError) in try registry.makeMetric(kind) }
      } catch { throw .kind(error) }
    }
    var own: [String: [any Metric]] = [:]
    for (name, kinds) in byOutput { own[name] = try made(kinds) }
    return (try made(all), own)
  }

  /// The same with all settings written out.
  func completed(in registry: Registry) throws(TrainingError) -> MetricsDescription {
    let (all, own) = try make(registry)
    return MetricsDescription(
      all.map { KindDescription(complete: $0) },
      byOutput: own.mapValues { metrics in metrics.map { KindDescription(complete: $0) } })
  }
}
