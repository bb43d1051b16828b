import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

@Suite struct DescriptionFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func write(_ text: String, to name: String) throws -> String {
    let path = folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func description(codes: String) throws -> String {
    try write(
      """
      name: small
      input: [3]
      layers:
        - {name: output, kind: radialBasisOutput, codes: {file: \(codes)}}
      """, to: "small.yaml")
  }

  @Test func codesMayStandInAFileOfTheirOwn() throws {
    _ = try write("[[1, -1, 1], [-1, 1, 1]]", to: "codes.json")
    let read = try ModelDescription(contentsOf: description(codes: "codes.json"))
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let model = try Model(read, registry: registry, seed: 1)
    #expect(model.outputShape == [2])
    #expect(model.namedParameters.first?.tensor.elements == [1, -1, 1, -1, 1, 1])
  }

  @Test func aMissingFileIsNamed() throws {
    let path = try description(codes: "nowhere.json")
    let error = #expect(throws: DescriptionError.self) { try ModelDescription(contentsOf: path) }
    #expect(error?.source.hasSuffix("nowhere.json") == true)
  }
}
