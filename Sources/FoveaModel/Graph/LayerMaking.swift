public import FoveaCore

// From what a description names to what runs.
extension Registry {
  /// Makes a layer of a registered kind from its written configuration.
  ///
  /// - Throws: ``ModelError`` for an unknown kind, an invalid configuration, or shapes that do not fit.
  public func makeLayer(
    _ kind: String, name: String, configuration: [String: ConfigurationValue], inputs: [Shape]
  ) throws(ModelError) -> any Operator {
    let owner = "layer '\(name)' (\(kind))"
    let entry: KindRegistry<any Operator.Type>.Entry
    do { entry = try self.entry(kind, of: .layers) } catch { throw .kind(.unknown(owner: owner, error: error)) }
    return try Self.makeLayer(
      entry.type, name: name, origin: entry.origin, WrittenSettings(configuration, owner: owner), inputs: inputs)
  }

  private static func makeLayer<O: Operator>(
    _ type: O.Type, name: String, origin: Origin, _ settings: WrittenSettings, inputs: [Shape]
  ) throws(ModelError) -> any Operator {
    let decoded: O.Configuration
    do { decoded = try settings.decode(O.Configuration.self) } catch { throw .kind(error) }
    do { return try O(decoded, inputs: inputs) } catch { throw .layer(name: name, origin: origin, error: error) }
  }

  public func makeLoss(_ description: KindDescription) throws(ModelError) -> any Loss {
    do throws(KindError) {
      return try make(description, of: .losses) { settings, type throws(KindError) in try settings.read(type) }
    } catch { throw .kind(error) }
  }

  public func makePreprocessing(_ description: KindDescription) throws(ModelError) -> any PreprocessingStep {
    do throws(KindError) {
      return try make(description, of: .preprocessing) { settings, type throws(KindError) in try settings.read(type) }
    } catch { throw .kind(error) }
  }

  public func makePostprocessing(_ description: KindDescription) throws(ModelError) -> any PostprocessingStep {
    do throws(KindError) {
      return try make(description, of: .postprocessing) { settings, type throws(KindError) in try settings.read(type) }
    } catch { throw .kind(error) }
  }

  /// Makes each step of a description once, and its loss where that is known, so that settings that make no sense come to
  /// light before there is anything to compute.
  ///
  /// - Parameter needsLoss: whether a loss that is not registered is an error too. A program that only runs models need not
  ///   know losses.
  public func checkSteps(of description: ModelDescription, needsLoss: Bool = true) throws(ModelError) {
    for step in description.preprocessing { _ = try makePreprocessing(step) }
    for output in description.outputs {
      if let loss = output.loss, needsLoss || losses.contains(loss.kind) { _ = try makeLoss(loss) }
      for step in output.postprocessing { _ = try makePostprocessing(step) }
    }
  }
}
