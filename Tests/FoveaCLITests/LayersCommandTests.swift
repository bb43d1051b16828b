import Fovea
import Testing

@Suite struct LayersCommandTests {
  @Test func listsAllKindsWithTheirKeys() throws {
    let result = try Program.run("layers", "--json")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(json.keys == ["layers", "preprocessing", "postprocessing", "losses", "colorMaps"])
    func kinds(_ key: String) -> [String] { json[key]?.elements.compactMap { $0["kind"]?.text } ?? [] }
    let standard = Registry.standard
    #expect(kinds("layers") == standard.layers.kinds)
    #expect(kinds("preprocessing") == standard.preprocessing.kinds)
    #expect(kinds("postprocessing") == standard.postprocessing.kinds)
    #expect(kinds("losses") == standard.losses.kinds)
    #expect(kinds("colorMaps") == standard.colorMaps.kinds)
    let convolution = try #require(json["layers"]?.elements.first { $0["kind"] == "convolution" })
    #expect(convolution["origin"] == "built-in")
    let keys = try #require(convolution["keys"]).elements
    #expect(
      keys.first { $0["key"] == "filters" } == [
        "key": "filters", "required": true, "default": .null, "legal": "a whole number",
        "meaning": "how many; each makes one map",
      ])
    let initialization = try #require(keys.first { $0["key"] == "initialization" })
    #expect(initialization["default"] == "glorotUniform")
    #expect(initialization["words"]?.elements.compactMap(\.text) == WeightInitialization.allCases.map(\.rawValue))
  }

  @Test func namesTheWordsOfEachSetting() throws {
    let result = try Program.run("layers", "resize", "dense")
    result.expectSuccess()
    #expect(result.output.contains("nearest, bilinear, area, bilinearAntialiased, bicubicAntialiased or lanczos"))
    #expect(result.output.contains("glorotUniform, glorotNormal, heUniform, heNormal, fanIn or zeros"))
  }

  @Test func listsWhatIsAskedFor() throws {
    let result = try Program.run("layers", "convolution", "viridis")
    result.expectSuccess()
    #expect(result.output.contains("filters") && result.output.contains("viridis"))
    #expect(!result.output.contains("dense"))
    try Program.run("layers", "convolutoin").expectFailure(saying: "did you mean 'convolution'")
    try Program.run("layers", "basisOutput").expectFailure(saying: "did you mean 'radialBasisOutput'")
    try Program.run("layers", "xyzzy").expectFailure(saying: "'xyzzy'", "lists all")
  }
}
