public import FoveaCore

// From what a description names to what runs.
extension Registry {
  /// Makes a layer of a registered kind from its written configuration.
  ///
  /// - Throws: ``ModelError`` for an unknown kind, an invalid configuration, or shapes that do not fit.
  public func makeLayer(
    _ kind: String, name: String, configuration: [String: ConfigurationValue], inputs: [Shape]
  ) throws(ModelError) -> any Layer {
    let owner = "layer '\(name)' (\(kind))"
    let entry = try ModelError.wrap(owner) { () throws(RegistryError) in try layers.entry(kind) }
    return try Self.makeLayer(
      entry.type, name: name, origin: entry.origin, owner: owner, configuration: configuration, inputs: inputs)
  }

  private static func makeLayer<L: Layer>(
    _ type: L.Type, name: String, origin: Origin, owner: String, configuration: [String: ConfigurationValue],
    inputs: [Shape]
  ) throws(ModelError) -> any Layer {
    let decoded = try decode(L.Configuration.self, configuration, owner: owner)
    do { return try L(decoded, inputs: inputs) } catch { throw .layer(name: name, origin: origin, error: error) }
  }

  public func makeLoss(_ description: KindDescription) throws(ModelError) -> any Loss {
    let entry = try ModelError.wrap("loss") { () throws(RegistryError) in try losses.entry(description.kind) }
    return try Self.decode(entry.type, description.configuration, owner: "loss '\(description.kind)'")
  }

  public func makePreprocessing(_ description: KindDescription) throws(ModelError) -> any PreprocessingStep {
    let owner = "preprocessing step '\(description.kind)'"
    let entry = try ModelError.wrap(owner) { () throws(RegistryError) in try preprocessing.entry(description.kind) }
    let step = try Self.decode(entry.type, description.configuration, owner: owner)
    do { try step.validate() } catch { throw .invalidStep(owner: owner, problem: error.description) }
    return step
  }

  public func makePostprocessing(_ description: KindDescription) throws(ModelError) -> any PostprocessingStep {
    let owner = "postprocessing step '\(description.kind)'"
    let entry = try ModelError.wrap(owner) { () throws(RegistryError) in try postprocessing.entry(description.kind) }
    let step = try Self.decode(entry.type, description.configuration, owner: owner)
    do { try step.validate() } catch { throw .invalidStep(owner: owner, problem: error.description) }
    return step
  }

  /// Makes each step of a description once, and its loss where that is known, so that settings that make no sense come to
  /// light before there is anything to compute.
  ///
  /// - Parameter needsLoss: whether a loss that is not registered is an error too. A program that only runs models need not
  ///   know losses.
  public func checkSteps(of description: ModelDescription, needsLoss: Bool = true) throws(ModelError) {
    for step in description.preprocessing { _ = try makePreprocessing(step) }
    if let loss = description.loss, needsLoss || losses.contains(loss.kind) { _ = try makeLoss(loss) }
    for step in description.postprocessing { _ = try makePostprocessing(step) }
  }

  private static func decode<C: Settings>(
    _ type: C.Type, _ values: [String: ConfigurationValue], owner: String
  ) throws(ModelError) -> C {
    do { return try ConfigurationDecoder.decode(type, from: values, owner: owner) } catch {
      throw .configuration(error)
    }
  }
}

extension ModelError {
  fileprivate static func wrap<T>(_ owner: String, _ body: () throws(RegistryError) -> T) throws(ModelError) -> T {
    do { return try body() } catch { throw .registry(owner: owner, error: error) }
  }
}
