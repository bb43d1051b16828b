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
      "name": .string(name), "layers": .array(layers.map(\.configurationValue)),
    ]
    if hasUsualInput {
      members["input"] =
        inputs[0].open.isEmpty
        ? input.configurationValue : .object(Dictionary(uniqueKeysWithValues: inputs[0].members))
    } else {
      members["inputs"] = .array(inputs.map { .object(Dictionary(uniqueKeysWithValues: $0.members)) })
    }
    if !preprocessing.isEmpty { members["preprocessing"] = .array(preprocessing.map(\.configurationValue)) }
    if hasUsualOutput {
      members.merge(output.members) { $1 }
    } else {
      members["outputs"] = .array(outputs.map { .object(Dictionary(uniqueKeysWithValues: $0.members)) })
    }
    return .object(members)
  }

  /// Whether there is one input, under the name that it has without being named.
  var hasUsualInput: Bool { inputs.count == 1 && inputs[0].name == InputDescription.usualName }

  /// Whether there is one output, the last layer's.
  var hasUsualOutput: Bool { outputs.count == 1 && outputs[0].layer == nil && outputs[0].weight == 1 }
}

extension Shape {
  var configurationValue: ConfigurationValue { .array(dimensions.map { .integer($0) }) }
}

extension InputDescription {
  /// In the order in which a person writes them; the name is left out where it is the usual one.
  var members: [(key: String, value: ConfigurationValue)] {
    var members: [(key: String, value: ConfigurationValue)] = []
    if name != Self.usualName { members.append(("name", .string(name))) }
    members.append(("shape", shape.configurationValue))
    let extents = OpenExtent.allCases.filter(open.contains).map { ConfigurationValue.string($0.rawValue) }
    if !extents.isEmpty { members.append(("open", .array(extents))) }
    return members
  }
}

extension OutputDescription {
  /// In the order in which a person writes them.
  var members: [(key: String, value: ConfigurationValue)] {
    var members: [(key: String, value: ConfigurationValue)] = []
    if let layer { members.append(("layer", .string(layer))) }
    if let loss { members.append(("loss", loss.configurationValue)) }
    if weight != 1 { members.append(("weight", ConfigurationValue.number(weight).normalized)) }
    if !postprocessing.isEmpty {
      members.append(("postprocessing", .array(postprocessing.map(\.configurationValue))))
    }
    if let labels { members.append(("labels", .array(labels.map { .string($0) }))) }
    return members
  }
}

extension LayerDescription {
  var configurationValue: ConfigurationValue {
    var members = configuration
    members["kind"] = .string(kind)
    members["name"] = name.map { .string($0) }
    members["inputs"] = inputs.map { .array($0.map { .string($0) }) }
    members["weights"] = weights.map { .string($0) }
    return .object(members)
  }
}
