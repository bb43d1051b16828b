public import FoveaCore

/// A format in which other programs save models. The next one costs one conformance, and a line in ``ForeignFormats``' list.
public protocol ForeignModelFormat: Sendable {
  /// As people know it: `ONNX`, `Keras`.
  var name: String { get }
  /// How its files' names end, without the dot, in small letters: `onnx`.
  var fileExtensions: [String] { get }

  /// Reads what a file says of itself; what is not supported in it is no error yet, but told by ``ForeignModel/unsupported``.
  ///
  /// - Parameter registry: the kinds that parts may become.
  /// - Throws: where the file cannot be read, or is damaged.
  func open(_ path: String, registry: Registry) throws -> any ForeignModel
}

/// The formats of other programs that are read: a value that is passed on, as the registry is.
public struct ForeignFormats: Sendable {
  public var all: [any ForeignModelFormat]

  public init(_ all: [any ForeignModelFormat] = []) { self.all = all }

  /// The format that a path's ending tells; nil where there is none.
  public func format(of path: String) -> (any ForeignModelFormat)? {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    return all.first { $0.fileExtensions.contains(ending) }
  }

  /// How the files' names end, for help and errors: `.h5, .keras, .onnx`.
  public var endings: String { all.flatMap(\.fileExtensions).map { "." + $0 }.joined(separator: ", ") }
}
