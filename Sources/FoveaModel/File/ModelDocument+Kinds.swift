import FoveaCore

extension ModelDocument {
  /// Whether everything that the network needs is registered.
  ///
  /// - Returns: what a person should know although it is no error.
  /// - Throws: ``ModelFileError/missingKinds(file:problems:)`` with all that is missing, and how to get it.
  func check(against registry: Registry, file: String) throws(ModelFileError) -> [String] {
    let loss = Sort.losses.noun
    var problems: [String] = []
    var warnings: [String] = []
    for (plugin, needed) in Dictionary(grouping: origins, by: \.source).sorted(by: { $0.key < $1.key }) {
      let missing = needed.filter { isMissing($0, in: registry) }
      let names = { (origins: [KindOrigin]) in origins.map { "\($0.sort) '\($0.kind)'" }.joined(separator: ", ") }
      let essential = missing.filter { $0.sort != loss }
      if !essential.isEmpty {
        problems.append("\(names(essential)) of \(plugin): \(needed[0].remedy(in: registry))")
      } else if !missing.isEmpty {
        // Without its loss a model can be used, but neither trained on nor evaluated.
        warnings.append("\(names(missing)) of \(plugin) is not registered: evaluation and training need it")
      }
      warnings += needed.filter { !missing.contains($0) }.compactMap { $0.difference(to: registry) }
    }
    var seen = Set(origins.map { [$0.sort, $0.kind] })
    for (noun, kind) in description.namedKinds
    where noun != loss && registry.registered(noun, kind) == nil && seen.insert([noun, kind]).inserted {
      let hint =
        toolkit == Toolkit.version
        ? "register the built-in kinds, or load the plugin that has it with --plugin"
        : "the file was saved by Fovea \(toolkit), this is \(Toolkit.version)"
      problems.append("\(noun) '\(kind)': \(hint)")
    }
    guard problems.isEmpty else { throw .missingKinds(file: file, problems: problems) }
    return warnings
  }

  /// A kind of the same name from another plugin computes something else.
  private func isMissing(_ origin: KindOrigin, in registry: Registry) -> Bool {
    switch registry.registered(origin.sort, origin.kind)?.origin {
    case nil: true
    case .plugin(let name, _): origin.plugin != nil && origin.plugin != name
    case .builtin, .program: false
    }
  }

  /// Each class has a name of its own.
  func checkLabels(file: String) throws(ModelFileError) {
    for output in description.outputs {
      var seen = Set<String>()
      guard let twice = (output.labels ?? []).first(where: { !seen.insert($0).inserted }) else { continue }
      throw .invalidDocument(file: file, problem: "'labels' names '\(twice)' twice; each class needs a name of its own")
    }
  }

  /// As many names as the outputs, after postprocessing, tell classes apart.
  func checkLabels(of model: Model, _ registry: Registry, file: String) throws(ModelFileError) {
    for ((index, output), port) in zip(description.outputs.enumerated(), model.outputs) {
      guard let labels = output.labels, port.shape.rank == 1 else { continue }
      var steps: [any PostprocessingStep] = []
      do {
        for step in output.postprocessing { steps.append(try registry.makePostprocessing(step)) }
      } catch { throw .model(file: file, error: error) }
      let result: any TaskResult
      do { result = try PostprocessingChain(steps).result(of: model.blankOutputs(index, labels: labels)) } catch {
        throw .invalidDocument(file: file, problem: error.description)
      }
      // Other results than one class have looked at their labels themselves.
      guard let classes = (result as? Prediction)?.scores.count else { continue }
      guard classes == labels.count else {
        throw .invalidDocument(
          file: file, problem: "'labels' has \(labels.count) names, but the outputs tell \(classes) classes apart")
      }
    }
  }
}

extension KindOrigin {
  fileprivate var source: String {
    guard let plugin else { return "the program that saved it" }
    return "plugin \(plugin)\(version.map { " \($0)" } ?? "")"
  }

  /// How to get it.
  fileprivate func remedy(in registry: Registry) -> String {
    guard let plugin else { return "register it before loading" }
    // The plugin may be there and have changed.
    if let loaded = registry.kinds(ofPlugin: plugin) {
      return "the plugin \(plugin) \(loaded.version) that is loaded has no such kind; it has "
        + loaded.kinds.joined(separator: ", ")
        + "; load the plugin's version \(version ?? "") in its place, or train the model anew"
    }
    return "give the plugin's library with --plugin, or put it into a folder that FOVEA_PLUGIN_PATH names"
  }

  fileprivate func difference(to registry: Registry) -> String? {
    guard let plugin, let now = registry.registered(sort, kind)?.origin else { return nil }
    if case .plugin(_, let current) = now, current == version { return nil }
    return "\(sort) '\(kind)' came from plugin \(plugin) \(version ?? "") when the model was saved; now it is \(now)"
  }
}
