public import FoveaCore

extension ConfigurationValue {
  /// What a YAML file says: for recipes and whatever else a person writes beside descriptions.
  ///
  /// - Throws: ``DescriptionError`` with the line, for what is no valid YAML.
  public init(yamlFile path: String) throws(DescriptionError) {
    self = try YAMLReader.read(YAMLReader.text(of: path), source: path).value
  }

  /// What a YAML text says.
  ///
  /// - Parameter source: what stands for the text in errors.
  public init(yaml text: String, source: String) throws(DescriptionError) {
    self = try YAMLReader.read(text, source: source).value
  }

  /// A group of keys as YAML, a line for each, without those that have no value; empty for what is no group.
  public var yaml: String {
    guard case .object(let members) = self else { return "" }
    return YAMLWriter.write(members)
  }
}
