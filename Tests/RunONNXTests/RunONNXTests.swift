import Foundation
import FoveaCore
import FoveaLayers
import FoveaONNX

/// Runs tests as ONNX brings them: folders with `model.onnx`, and in `test_data_set_*` what goes in and what must come out.
/// For each folder whose path comes on standard input, a line goes to standard output: the path, a tab, `passed`, `failed` or
/// `unsupported`, a tab, and why.
///
/// A node is unsupported where an operator, a kind of element or a setting is not known, which an error says. What is
/// computed, and is something else than it must be, has failed.
///
/// With the argument `import`, each graph is made a model instead, which compares both itself.
///
/// With the argument `careful`, a computation may cost little, for models that somebody has damaged.
@main
struct RunONNXTests {
  private static let limits: ONNXLimits = {
    var limits = ONNXLimits()
    guard CommandLine.arguments.contains("careful") else { return limits }
    (limits.mostElements, limits.mostNodes, limits.mostSteps) = (1 << 18, 10_000, 1 << 24)
    return limits
  }()

  static func main() {
    while let folder = readLine() {
      let (verdict, reason) = run(folder)
      print("\(folder)\t\(verdict)\t\(reason.split(separator: "\n").joined(separator: " "))")
      fflush(nil)
    }
  }

  private static func run(_ folder: String) -> (verdict: String, reason: String) {
    do {
      let model = try ONNXModel(path: folder + "/model.onnx")
      guard model.unsupported.isEmpty else {
        return ("unsupported", model.unsupported.map(\.description).joined(separator: ", "))
      }
      if CommandLine.arguments.contains("import") {
        return try importing(model)
      }
      let sets = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("test_data_set_") }
      guard !sets.isEmpty else { return ("failed", "there is nothing to compare with") }
      for set in sets.sorted() { try compare(model, "\(folder)/\(set)") }
      return ("passed", "")
    } catch let difference as Difference {
      return ("failed", difference.text)
    } catch let error as ONNXError {
      switch error {
      case .node, .unsupported, .malformed: return ("unsupported", error.description)
      default: return ("failed", error.description)
      }
    } catch {
      return ("failed", "\(error)")
    }
  }

  private static func importing(_ model: ONNXModel) throws -> (verdict: String, reason: String) {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinONNXLayers.register(in: &registry)
    do {
      let made = try ONNXImport(model, registry: registry, name: "imported")
      return ("passed", made.remaining.map { "\($0.operator): \($0.reason)" }.joined(separator: "; "))
    } catch ONNXError.invalidGraph(_, _, let problem) where problem.hasPrefix("as a model it computes") {
      return ("failed", problem)
    } catch {
      return ("unsupported", "\(error)")
    }
  }

  private static func compare(_ model: ONNXModel, _ folder: String) throws {
    var inputs: [String: ONNXValue] = [:]
    for (index, name) in model.inputNames.enumerated() {
      let path = "\(folder)/input_\(index).pb"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      inputs[name] = try model.readValue(path: path, like: .input(index))
    }
    let results = try model.run(inputs: inputs, limits: limits)
    for (index, name) in model.outputNames.enumerated() {
      let expected = try model.readValue(path: "\(folder)/output_\(index).pb", like: .output(index))
      guard let got = results[name] else { throw Difference(text: "output '\(name)' is missing") }
      try Difference.check(got, expected, name)
    }
  }
}

/// Where an output is not what it must be.
struct Difference: Error {
  let text: String

  // Those of ONNX's own runner.
  private static let (relative, absolute) = (1e-3, 1e-7)

  static func check(_ got: ONNXValue, _ expected: ONNXValue, _ name: String) throws {
    switch (got, expected) {
    case (.tensor(let got), .tensor(let expected)): try check(got, expected, name)
    case (.sequence(let got), .sequence(let expected)):
      guard got.count == expected.count else {
        throw Difference(text: "\(name): \(got.count) values, not \(expected.count)")
      }
      for (got, expected) in zip(got, expected) { try check(got, expected, name) }
    case (.optional(let got), .optional(let expected)):
      guard (got == nil) == (expected == nil) else { throw Difference(text: "\(name): something, or nothing") }
      if let got, let expected { try check(got, expected, name) }
    case (let got, .optional(let expected?)): try check(got, expected, name)
    default: throw Difference(text: "\(name): \(got.summary), not \(expected.summary)")
    }
  }

  private static func check(_ got: ONNXTensor, _ expected: ONNXTensor, _ name: String) throws {
    guard got.type == expected.type, got.dimensions == expected.dimensions else {
      throw Difference(
        text: "\(name): \(got.type.name)\(got.dimensions), not \(expected.type.name)\(expected.dimensions)")
    }
    if got.type == .string {
      guard got.strings == expected.strings else {
        throw Difference(text: "\(name): \(got.strings), not \(expected.strings)")
      }
    } else if got.type.isFloat {
      for (index, (a, b)) in zip(got.numbers, expected.numbers).enumerated() {
        let isSame = a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= absolute + relative * b.magnitude
        guard isSame else { throw Difference(text: "\(name)[\(index)]: \(a), not \(b)") }
      }
    } else {
      for (index, (a, b)) in zip(got.wholes, expected.wholes).enumerated() where a != b {
        throw Difference(text: "\(name)[\(index)]: \(a), not \(b)")
      }
    }
  }
}
