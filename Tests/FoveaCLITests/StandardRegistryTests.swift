import Fovea
import Testing

@Suite struct StandardRegistryTests {
  /// Every kind of every list is there, and under the toolkit's own name.
  @Test func holdsAllThatComesWithTheToolkit() throws {
    let registry = Registry.standard
    #expect(Set(registry.layers.kinds) == Set((BuiltinLayers.all + BuiltinONNXLayers.all).map { $0.kind }))
    #expect(Set(registry.postprocessing.kinds) == Set(BuiltinPostprocessing.all.map { $0.kind }))
    #expect(
      Set(registry.losses.kinds).isSuperset(of: ["softmaxCrossEntropy", "binaryCrossEntropy", "meanSquaredError"]))
    #expect(
      Set(registry.preprocessing.kinds).isSuperset(of: ["resize", "centerCrop", "letterbox", "toGrayscale", "scale"]))
    #expect(Set(registry.colorMaps.kinds).isSuperset(of: ["viridis", "magma", "gray"]))
    for kind in registry.layers.kinds { #expect(try registry.layers.entry(kind).origin == .builtin) }
  }

  @Test func aCopyTakesMoreAndTheOriginalDoesNot() throws {
    struct Pink: ColorMap {
      static let kind = "pink"
      var table: [UInt8] { (0..<256).flatMap { [255, UInt8($0), UInt8($0)] } }
    }
    var copy = Registry.standard
    try copy.register(Pink.self)
    #expect(copy.colorMaps.contains("pink") && !Registry.standard.colorMaps.contains("pink"))
    #expect(throws: RegistryError.self) { try copy.register(Pink.self) }
  }
}
