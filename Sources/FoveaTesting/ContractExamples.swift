public import FoveaCore

/// A layer, or another operator, that says itself by which examples it is to be checked: one whose settings have no useful defaults, whose
/// inputs have a certain shape, or that is worth a look in several settings.
public protocol ContractExamples: Operator {
  static var contractExamples: [ContractExample<Configuration>] { get }
}

/// One configuration of a layer and the inputs that it is checked with.
public struct ContractExample<Configuration: Settings>: Sendable {
  public var configuration: Configuration
  /// Without the batch. Small ones that hide nothing: not square, odd, several channels.
  public var inputs: [Shape]
  public var options: LayerContract.Options

  public init(
    _ configuration: Configuration, inputs: [Shape] = [[3, 5, 7]], options: LayerContract.Options = .init()
  ) {
    self.configuration = configuration
    self.inputs = inputs
    self.options = options
  }
}

extension LayerContract {
  /// What a layer is checked with that gives no examples.
  private static let usualInputs: [[Shape]] = [[[3, 5, 7]], [[11]], [[3, 5, 7], [3, 5, 7]]]
  /// The same for layers that halve channels or sides, or take inputs that differ.
  private static let otherInputs: [[Shape]] = [
    [[4, 6, 8]], [[12]], [[4, 6, 8], [4, 6, 8]], [[11], [11]], [[3, 5, 7], [3]], [[4, 4, 4]], [[1, 28, 28]],
    [[3, 32, 32]],
  ]

  /// Checks a layer by its own examples; where it gives none, with its defaults and each of the usual inputs that it
  /// takes: maps `[3, 5, 7]`, a vector `[11]`, two maps. One that takes none of these is tried with the first of others.
  ///
  /// - Returns: a report for each example, at least one.
  public static func check<O: Operator>(_ type: O.Type) -> [ContractReport] {
    switch type {
    case let type as any Layer.Type: checkLayer(type)
    case let type as any MultiOutputLayer.Type: checkJoined(type)
    default: checkLayer(JoinedComputation<O>.self)
    }
  }

  private static func checkJoined<L: MultiOutputLayer>(_ type: L.Type) -> [ContractReport] {
    checkLayer(JoinedLayer<L>.self)
  }

  private static func checkLayer<L: Layer>(_ type: L.Type) -> [ContractReport] {
    if let type = type as? any (Layer & ContractExamples).Type { return checkExamples(type) }
    var failed = ContractReport(kind: L.kind)
    guard L.Configuration.requiredKeys.isEmpty else {
      let keys = L.Configuration.requiredKeys.sorted().map { "'\($0)'" }.joined(separator: ", ")
      failed.check("there is an example to check") {
        throw Breach("\(keys) must be given, and nobody says how: conform the layer to ContractExamples")
      }
      return [failed]
    }
    var refusals: [String] = []
    func takes(_ inputs: [Shape]) -> Bool {
      do throws(LayerError) {
        _ = try L(L.Configuration.prototype, inputs: inputs)
        return true
      } catch {
        refusals.append("\(inputs): \(error)")
        return false
      }
    }
    var accepted = usualInputs.filter(takes)
    if accepted.isEmpty { accepted = Array(otherInputs.first(where: takes).map { [$0] } ?? []) }
    guard !accepted.isEmpty else {
      failed.check("there is an example to check") {
        throw Breach(
          "conform the layer to ContractExamples, for it takes none of "
            + refusals.prefix(usualInputs.count).joined(separator: "; "))
      }
      return [failed]
    }
    return accepted.map { inputs in
      var options = Options()
      // A vector has few numbers: with more examples, each of its weights meets both signs.
      if inputs[0].rank == 1 { options.batch = 16 }
      return check(
        type, L.Configuration.prototype, inputs: inputs, options: options,
        example: accepted.count > 1 ? text(inputs) : "")
    }
  }

  private static func checkExamples<L: Layer & ContractExamples>(_ type: L.Type) -> [ContractReport] {
    let examples = L.contractExamples
    guard !examples.isEmpty else {
      var failed = ContractReport(kind: L.kind)
      failed.check("there is an example to check") { throw Breach("'contractExamples' is empty") }
      return [failed]
    }
    return examples.enumerated().map { index, example in
      let title = examples.count > 1 ? "example \(index + 1), \(text(example.inputs))" : ""
      return check(type, example.configuration, inputs: example.inputs, options: example.options, example: title)
    }
  }

  private static func text(_ inputs: [Shape]) -> String { inputs.map(\.description).joined(separator: " and ") }
}
