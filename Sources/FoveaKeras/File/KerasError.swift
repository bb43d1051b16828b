public import FoveaCore

/// What can go wrong with a model file of Keras.
public enum KerasError: FoveaError, Equatable {
  case file(FileError)
  /// Bytes that are not what the format says.
  case damaged(file: String, problem: String)
  /// A good file that holds what is not read here.
  case unreadable(file: String, problem: String)
  /// Layers that are not known here, or set as none is, each sort once.
  case unsupported(file: String, layers: [UnsupportedKerasLayer])
  /// A layer that does not go together with its inputs or weights.
  case layer(file: String, name: String, className: String, problem: String)
  /// What a caller handed to the model.
  case input(file: String, name: String, expected: String, got: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let file, let problem):
      "'\(file.printable)' is no valid model file of Keras: \(problem.printable); the file is damaged, cut off or of another "
        + "kind: save or fetch it again"
    case .unreadable(let file, let problem): "cannot read '\(file.printable)': \(problem.printable)"
    case .unsupported(let file, let layers):
      "'\(file.printable)' needs layers that are not known here: "
        + layers.map(\.description).joined(separator: ", ")
        + "; a program can add them, or save the model with others"
    case .layer(let file, let name, let className, let problem):
      "'\(file.printable)', layer '\(name.printable)' (\(className.printable)): \(problem.printable)"
    case .input(let file, let name, let expected, let got):
      "'\(file.printable)', input '\(name.printable)': expected \(expected.printable), but got \(got.printable)"
    }
  }
}

/// A sort of layers that a file has and that is not known here, or not with their settings.
public struct UnsupportedKerasLayer: Sendable, Hashable, Codable, CustomStringConvertible {
  /// As Keras names it: `Lambda`.
  public let className: String
  /// Why it cannot be used.
  public let reason: String
  /// How many layers of the file it is true of.
  public var count: Int { names.count }
  /// Their names, in the order of the file.
  public internal(set) var names: [String]

  private enum CodingKeys: String, CodingKey {
    case className = "class"
    case reason, names
  }

  public var description: String {
    let place = names.first.map { ", first '\($0.printable)'" } ?? ""
    return "\(className.printable) (\(count.counted("layer"))\(place)): \(reason.printable)"
  }
}

/// Why a layer cannot be made; who makes it adds which one it is.
public struct KerasProblem: Error, Equatable {
  public let text: String
  /// Whether the file may be good, and the layer only is none of those here.
  public let isUnsupported: Bool

  public init(_ text: String) { (self.text, isUnsupported) = (text, false) }

  private init(_ text: String, isUnsupported: Bool) { (self.text, self.isUnsupported) = (text, isUnsupported) }

  public static func unsupported(_ text: String) -> KerasProblem { KerasProblem(text, isUnsupported: true) }
}
