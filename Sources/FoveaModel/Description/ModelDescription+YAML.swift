import Foundation
public import FoveaCore

extension ModelDescription {
  /// Reads a description from YAML.
  ///
  /// - Parameter source: what stands for the text in errors, such as its file's name.
  /// - Throws: ``DescriptionError`` with the line, for what is no valid YAML, a key that is unknown, missing or comes
  ///   twice, and a value of the wrong sort. What a layer's own keys mean is checked when a ``Model`` is made.
  public init(yaml: String, source: String = "the description") throws(DescriptionError) {
    self = try DescriptionReader(source: source).model(YAMLReader.read(yaml, source: source))
  }

  /// Reads a description from a YAML file. A layer's setting `{file: path}` stands for what that file holds.
  public init(contentsOf path: String) throws(DescriptionError) {
    try self.init(yaml: YAMLReader.text(of: path), source: path)
    try insertFiles(relativeTo: URL(fileURLWithPath: path).deletingLastPathComponent())
  }

  /// The description as YAML, from which it can be read again.
  public func yaml() -> String { YAMLWriter.write(self) }
}

extension ModelDescription {
  /// Reads a description from its ``configurationValue``.
  public init(_ value: ConfigurationValue, source: String) throws(DescriptionError) {
    self = try DescriptionReader(source: source).model(DescriptionNode(value))
  }

  /// The description as JSON would have it: the same keys as in YAML.
  public var configurationValue: ConfigurationValue {
    var members: [String: ConfigurationValue] = [
      "name": .string(name), "input": .array(input.dimensions.map { .integer($0) }),
      "layers": .array(layers.map(\.configurationValue)),
    ]
    members["loss"] = loss?.configurationValue
    if !preprocessing.isEmpty { members["preprocessing"] = .array(preprocessing.map(\.configurationValue)) }
    if !postprocessing.isEmpty { members["postprocessing"] = .array(postprocessing.map(\.configurationValue)) }
    members["labels"] = labels.map { .array($0.map { .string($0) }) }
    return .object(members)
  }
}

extension LayerDescription {
  var configurationValue: ConfigurationValue {
    var members = configuration
    members["kind"] = .string(kind)
    members["name"] = name.map { .string($0) }
    members["inputs"] = inputs.map { .array($0.map { .string($0) }) }
    return .object(members)
  }
}
