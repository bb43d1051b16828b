import FoveaCore
import FoveaModel
import Testing

/// Model files that name kinds which did not come with the toolkit.
@Suite struct ModelFilePluginTests {
  private let shifter = Origin.plugin(name: "Shifter", version: "1.2.0")

  private func load(savedFrom origin: Origin, steps: Origin = .builtin, with registry: Registry) throws -> SavedModel {
    let scratch = try ScratchFolder()
    let source = try Registry.test(layerOrigin: origin, stepOrigin: steps)
    let model = try Model(.test, registry: source, seed: 1)
    try ModelFile.save(SavedModel(description: .test, model: model), registry: source, to: scratch.path("m"))
    return try ModelFile.load(scratch.path("m"), registry: registry)
  }

  private func problems(savedFrom origin: Origin, steps: Origin = .builtin, with registry: Registry) -> [String] {
    do {
      _ = try load(savedFrom: origin, steps: steps, with: registry)
    } catch ModelFileError.missingKinds(_, let problems) {
      return problems
    } catch {
      Issue.record(error)
    }
    return []
  }

  @Test func theFileKnowsWherePartsCameFrom() throws {
    let loaded = try load(savedFrom: shifter, steps: .program, with: .test(layerOrigin: shifter))
    #expect(loaded.origins.map(\.kind) == ["shift", "darken"])
    #expect(loaded.origins.map(\.sort) == ["layer", "preprocessing step"])
    #expect(loaded.origins.map(\.plugin) == ["Shifter", nil])
    #expect(loaded.origins.map(\.version) == ["1.2.0", nil])
    #expect(loaded.warnings.isEmpty)
  }

  @Test func aMissingPluginIsNamedWithAllItsKindsAndHowToGetIt() throws {
    #expect(
      problems(savedFrom: shifter, steps: shifter, with: Registry()) == [
        "layer 'shift', preprocessing step 'darken' of plugin Shifter 1.2.0: give the plugin's library with --plugin, or "
          + "put it into a folder that FOVEA_PLUGIN_PATH names",
        "postprocessing step 'softmax': register the built-in kinds, or load the plugin that has it with --plugin",
      ])
  }

  @Test func aLoadedPluginThatHasTheKindNoMoreIsNotAskedForAgain() throws {
    var registry = Registry()
    try BuiltinPostprocessing.register(in: &registry)
    try registry.register(DarkenStep.self, from: .plugin(name: "Shifter", version: "2.0.0"))
    #expect(
      problems(savedFrom: shifter, steps: shifter, with: registry) == [
        "layer 'shift' of plugin Shifter 1.2.0: the plugin Shifter 2.0.0 that is loaded has no such kind; it has "
          + "preprocessing step 'darken'; load the plugin's version 1.2.0 in its place, or train the model anew"
      ])
  }

  @Test func aKindOfTheProgramIsNamed() throws {
    var registry = Registry()
    try BuiltinPostprocessing.register(in: &registry)
    try registry.register(DarkenStep.self, from: .builtin)
    #expect(
      problems(savedFrom: .program, with: registry) == [
        "layer 'shift' of the program that saved it: register it before loading"
      ])
  }

  @Test func anotherPluginsKindOfTheSameNameDoesNotDo() throws {
    let other = Origin.plugin(name: "Other", version: "1.2.0")
    #expect(problems(savedFrom: shifter, with: try .test(layerOrigin: other)).count == 1)
  }

  @Test func anotherVersionIsAWarning() throws {
    let newer = Origin.plugin(name: "Shifter", version: "2.0.0")
    #expect(
      try load(savedFrom: shifter, with: .test(layerOrigin: newer)).warnings == [
        "layer 'shift' came from plugin Shifter 1.2.0 when the model was saved; now it is plugin Shifter 2.0.0"
      ])
    #expect(
      try load(savedFrom: shifter, with: .test()).warnings == [
        "layer 'shift' came from plugin Shifter 1.2.0 when the model was saved; now it is built-in"
      ])
  }
}
