public import FoveaCore

/// What can go wrong with an ONNX model.
public enum ONNXError: FoveaError, Equatable {
  case file(FileError)
  /// Bytes that are not what the format says. `place` counts bytes from the file's start.
  case malformed(file: String, message: String, place: Int, problem: String)
  /// A graph that cannot be: names that nobody computes, or that compute each other.
  case invalidGraph(file: String, graph: String, problem: String)
  /// Operators that are not known here, each once, in order of their names.
  case unsupported(file: String, operators: [UnsupportedOperator])
  /// A node whose inputs or attributes do not go together, or are not supported.
  case node(file: String, node: String, operator: String, problem: String)
  /// What a caller handed to the model.
  case input(file: String, name: String, expected: String, got: String)
  /// An output that somebody wants and cannot have.
  case output(file: String, name: String, problem: String)
  /// The graph computes more, or larger, than the limits of this evaluation allow.
  case limit(file: String, node: String, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let file, let message, let place, let problem):
      "'\(file.printable)' is no valid ONNX file: \(message) at byte \(place): \(problem.printable); the file is damaged, "
        + "cut off or of another kind: save or fetch it again"
    case .invalidGraph(let file, let graph, let problem):
      "'\(file.printable)', graph '\(graph.printable)': \(problem.printable)"
    case .unsupported(let file, let operators):
      "'\(file.printable)' needs operators that are not known here: "
        + operators.map(\.description).joined(separator: ", ")
        + "; a plugin can add them, or export the model with others"
    case .node(let file, let node, let name, let problem):
      "'\(file.printable)', node '\(node.printable)' (\(name.printable)): \(problem.printable)"
    case .input(let file, let name, let expected, let got):
      "'\(file.printable)', input '\(name.printable)': expected \(expected.printable), but got \(got.printable)"
    case .output(let file, let name, let problem):
      "'\(file.printable)', output '\(name.printable)': \(problem.printable)"
    case .limit(let file, let node, let problem):
      "'\(file.printable)', node '\(node.printable)': \(problem.printable)"
    }
  }
}

/// An operator that a graph uses and that is not known here.
public struct UnsupportedOperator: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Empty for ONNX's own.
  public let domain: String
  public let name: String
  /// The version of the operator set that the model asks for.
  public let version: Int
  /// How many nodes use it.
  public let count: Int
  /// The names of these nodes, as far as they have some.
  public let nodes: [String]

  public var description: String {
    let place = nodes.first.map { ", first '\($0.printable)'" } ?? ""
    return
      "\(domain.isEmpty ? "" : domain.printable + "::")\(name.printable) (\(count) node\(count == 1 ? "" : "s")\(place))"
  }
}

/// Why a node cannot be computed; the evaluation adds which one it is.
struct Problem: Error {
  let text: String
  var isLimit = false

  init(_ text: String) { self.text = text }

  static func limit(_ text: String) -> Problem {
    var problem = Problem(text)
    problem.isLimit = true
    return problem
  }
}
