public import FoveaCore

/// A model in another program's file, before it is made one of the toolkit.
public protocol ForeignModel: Sendable {
  /// Which program wrote the file; empty where it does not say.
  var producer: String { get }
  var inputNames: [String] { get }
  var outputNames: [String] { get }
  /// All that cannot be computed here, each once; empty where all is well.
  var unsupported: [UnsupportedPart] { get }

  /// Makes a model of it, which computes the same.
  ///
  /// A test that the file embeds is verified.
  ///
  /// - Throws: where something is not supported, or computes something else than the file says.
  func imported(_ settings: ImportSettings) throws -> ImportedModel
}

/// A model that can be computed as its file has it, with whatever shapes come, without becoming one of the toolkit first.
public protocol ComputableForeignModel: ForeignModel {
  /// - Parameters:
  ///   - inputs: by name.
  ///   - outputs: the names of those that are wanted.
  func compute(_ inputs: [String: NumPyArray], outputs: [String]) throws -> [String: NumPyArray]
}

/// What whoever imports a model chooses.
public struct ImportSettings: Sendable {
  /// The model's name.
  public var name: String
  /// In pixels, for inputs whose height and width the file leaves open; the model stays open, where its layers can be.
  public var inputSize: ImageSize?

  public init(name: String, inputSize: ImageSize? = nil) {
    self.name = name
    self.inputSize = inputSize
  }

  /// The name that a file gives its model: its own, up to the last dot.
  public static func name(ofFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? ""
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return stem.isEmpty ? "imported" : stem
  }
}

/// An operator or a layer that a file uses and that is not known here.
public struct UnsupportedPart: Sendable, Hashable, Codable {
  /// With its domain, where that is not the format's own: `com.example::Twice`.
  public var kind: String
  /// How many parts of the model use it.
  public var count: Int
  /// The names of these parts, as far as they have some.
  public var names: [String]
  /// Why, where that is not plain; else empty.
  public var reason: String

  public init(kind: String, count: Int, names: [String], reason: String = "") {
    self.kind = kind
    self.count = count
    self.names = names
    self.reason = reason
  }
}
