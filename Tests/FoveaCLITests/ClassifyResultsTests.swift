import Foundation
import Fovea
import Testing

/// `fovea classify` with models that yield something else than one class.
@Suite struct ClassifyResultsTests {
  let files: TemporaryFolder

  /// A gray and a white picture.
  init() throws {
    files = try TemporaryFolder()
    for (name, gray) in [("a.png", 51), ("b.png", 255)] as [(String, UInt8)] {
      let image = try Image(width: 2, height: 2, channels: 1, pixels: .bytes(Array(repeating: gray, count: 4)))
      try ImageEncoder.png().write(image, to: files[name])
    }
  }

  /// The outputs are the mean brightness m, 0…1, and 1 − m.
  private func save(_ step: String, labels: [String]? = ["light", "shade"]) throws -> String {
    let registry = Registry.standard
    var description = try ModelDescription(
      yaml: """
        name: shades
        input: [1, 2, 2]
        preprocessing:
          - kind: toGrayscale
          - kind: scale
        layers:
          - kind: flatten
          - {name: out, kind: dense, units: 2}
        postprocessing:
          - \(step)

        """)
    description.labels = labels
    let weights = [Float](repeating: 0.25, count: 4) + [Float](repeating: -0.25, count: 4)
    let model = try Model(
      description, registry: registry,
      tensors: ["out.weight": Tensor(weights, [2, 4]), "out.bias": Tensor([0, 1], [2])])
    let path = files["shades.safetensors"]
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: path)
    return path
  }

  private func classify(_ model: String, _ arguments: String...) throws -> Program.Result {
    try Program.run(["classify", model, "a.png", "b.png"] + arguments, in: files.path)
  }

  @Test func embeddingsAreAnArray() throws {
    let model = try save("{kind: embedding}")
    let result = try classify(model, "c.png", "--format", "npy", "-o", "points.npy")
    result.expectFailure(2, saying: "1 of 3 images could not be classified: 1 missing")
    let bytes = try files.bytes("points.npy")
    #expect(bytes.count == 128 + 3 * 8 && bytes.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]))
    #expect(
      String(decoding: bytes[10..<128], as: UTF8.self).hasPrefix(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"))
    let values = bytes[128...].withUnsafeBytes { bytes in
      (0..<6).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(values[..<4].allSatisfy(\.isFinite) && values[4...].allSatisfy(\.isNaN))
    #expect(files.text("points.npy.jsonl").split(separator: "\n").count == 3)
    try classify(model, "--format", "npy").expectFailure(saying: "give --output")
  }

  @Test func severalLabels() throws {
    let model = try save("{kind: labels, thresholds: {light: 0.6, shade: 0.5}}")
    let rows = try classify(model, "--format", "jsonl").lines.map(JSON.read)
    #expect(rows[0].keys == ["path", "status", "labels", "confidence", "reason", "error", "warning"])
    #expect(rows.map { $0["labels"] } == [["shade"], ["light", "shade"]])
    // 1 / (1 + e^−0.8)
    #expect(abs(try #require(rows[0]["confidence"]?["shade"]?.number) - 0.6899745) < 1e-5)
    let csv = try classify(model, "--format", "csv").lines
    #expect(csv[0] == "path,status,labels,confidence_light,confidence_shade,reason,error,warning")
    #expect(csv[2].hasPrefix("b.png,ok,light; shade,0.731"))
  }

  @Test func numbers() throws {
    let model = try save("{kind: numbers, names: [lux, gloom], units: [lx, '%'], scale: [1000, 100], offset: [0, 0]}")
    let table = try classify(model).lines
    #expect(table[0].split(separator: " ") == ["path", "lux", "gloom"])
    #expect(table[1].hasPrefix("a.png") && table[1].contains("200 lx") && table[1].hasSuffix("80 %"))
    let csv = try classify(model, "--format", "csv").lines
    #expect(csv[0] == "path,status,numbers_lux,numbers_gloom,reason,error,warning")
    let rows = try classify(model, "--format", "jsonl").lines.map(JSON.read)
    #expect(abs(try #require(rows[1]["numbers"]?["lux"]?.number) - 1000) < 0.01)
  }

  @Test func theBestOfSeveralAreOfOneClassOnly() throws {
    try classify(save("kind: labels"), "--top", "1").expectFailure(
      saying: "--top names the best of several classes", "yields labels")
    try classify(save("kind: softmax"), "--top", "1").expectSuccess()
  }
}
