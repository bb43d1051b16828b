import Foundation
import FoveaCore
import FoveaPlugin
import Testing

struct PluginLoaderTests {
  @Test func aPluginsKindsAreRegisteredUnderItsName() throws {
    var loader = PluginLoader(Registry())
    try loader.register(Twofold.self, path: "libTwofold.so")
    let plugin = try #require(loader.plugins.first)
    #expect(loader.plugins.count == 1)
    #expect(plugin.name == "Twofold" && plugin.version == "1.2.3" && plugin.path == "libTwofold.so")
    #expect(plugin.kinds.map(\.description) == ["color map 'red'", "layer 'doubling'"])
    #expect(try loader.registry.layers.entry("doubling").origin == .plugin(name: "Twofold", version: "1.2.3"))
    #expect(try loader.registry.colorMaps.entry("red").type.init().table.count == 768)
  }

  @Test func aLibraryIsLoadedOnce() throws {
    let maker = try LibraryMaker()
    let path = try maker.plugin("Twofold", enter: LibraryMaker.handingOver { Twofold.enter($0) })
    let link = maker.folder + "/link.so"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    var loader = PluginLoader(Registry())
    try loader.load(path)
    try loader.load(path)
    try loader.load(link)
    #expect(loader.plugins.map(\.path) == [path])
    #expect(loader.registry.layers.kinds == ["doubling"])
  }

  @Test func aTakenKindNamesBothOwners() throws {
    var loader = PluginLoader(Registry())
    try loader.register(Twofold.self, path: "first.so")
    let before = loader.registry.colorMaps.kinds
    let expected = RegistryError.kindIsTaken(
      noun: "layer", kind: "doubling", by: Twofold.origin, newcomer: Rival.origin)
    #expect(throws: PluginError.kind(path: "second.so", error: expected)) {
      try loader.register(Rival.self, path: "second.so")
    }
    #expect(loader.plugins.map(\.name) == ["Twofold"])
    #expect(loader.registry.colorMaps.kinds == before, "nothing of a plugin that failed stays")
    let text = PluginError.kind(path: "second.so", error: expected).description
    for part in ["second.so", "Twofold 1.2.3", "Rival 0.1.0", "doubling"] { #expect(text.contains(part)) }
  }

  @Test func aBuiltInKindCannotBeReplaced() throws {
    var registry = Registry()
    try registry.register(Doubling.self, from: .builtin)
    var loader = PluginLoader(registry)
    #expect(
      throws: PluginError.kind(
        path: "a.so",
        error: .kindIsTaken(noun: "layer", kind: "doubling", by: .builtin, newcomer: Twofold.origin))
    ) { try loader.register(Twofold.self, path: "a.so") }
  }

  @Test func aNameCanBeTakenOnce() throws {
    var loader = PluginLoader(Registry())
    try loader.register(Twofold.self, path: "one.so")
    #expect(throws: PluginError.nameIsTaken(name: "Twofold", path: "two.so", by: "one.so")) {
      try loader.register(Namesake.self, path: "two.so")
    }
  }

  @Test func aRegistrationThatThrowsLeavesNothing() throws {
    var loader = PluginLoader(Registry())
    let expected = PluginError.registration(
      path: "a.so", plugin: "Unwell 1.0.0", message: "the license file is missing")
    #expect(throws: expected) { try loader.register(Unwell.self, path: "a.so") }
    #expect(loader.registry.layers.kinds.isEmpty && loader.plugins.isEmpty)
  }

  @Test func pluginsThatMeddleAreRefused() throws {
    var loader = PluginLoader(Registry())
    #expect(throws: PluginError.registersNothing(path: "a.so", plugin: "Empty 1.0.0")) {
      try loader.register(Empty.self, path: "a.so")
    }
    #expect(
      throws: PluginError.meddles(
        path: "a.so", plugin: "Impostor 1.0.0", problem: "registered the layer 'doubling' as one of built-in")
    ) { try loader.register(Impostor.self, path: "a.so") }
    var filled = Registry()
    try filled.register(Red.self, from: .builtin)
    loader = PluginLoader(filled)
    #expect(
      throws: PluginError.meddles(
        path: "a.so", plugin: "Usurper 1.0.0", problem: "replaced the color map 'red' of built-in")
    ) { try loader.register(Usurper.self, path: "a.so") }
    #expect(loader.registry.colorMaps.kinds == ["red"])
  }

  @Test func namesAndVersionsMustBeWords() {
    var loader = PluginLoader(Registry())
    #expect(throws: PluginError.invalidName(path: "a.so", name: "no name/at all", version: "1.0.0")) {
      try loader.register(Nameless.self, path: "a.so")
    }
    #expect(throws: PluginError.invalidName(path: "a.so", name: "Timeless", version: "newest")) {
      try loader.register(Timeless.self, path: "a.so")
    }
  }

  @Test func whatIsUnusableOnTheSearchPathIsSkipped() throws {
    let maker = try LibraryMaker()
    let old = try maker.plugin("Ancient", .init(toolkit: "\"0.0.1\""))
    let good = try maker.plugin("Twofold", enter: LibraryMaker.handingOver { Twofold.enter($0) })
    var loader = PluginLoader(Registry())
    loader.load(PluginSearchPath([maker.folder, maker.folder + "/missing", "/no/such/lib.so"]))
    #expect(loader.plugins.map(\.path) == [good])
    #expect(
      loader.skipped == [
        .otherToolkit(path: old, expected: Toolkit.version, got: "0.0.1"),
        .unreadable(path: "/no/such/lib.so", reason: "there is no such file"),
      ])
  }
}
