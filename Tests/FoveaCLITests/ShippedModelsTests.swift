import Foundation
import Fovea
import Testing

/// The models in `Samples/Models`, used as a newcomer would.
@Suite struct ShippedModelsTests {
  static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Samples").path
  static let fashion = "/usr/share/datasets/fashion-mnist"
  static let hasFashion = FileManager.default.fileExists(atPath: fashion + "/t10k-images-idx3-ubyte.gz")

  /// Of two pictures of each class, at most one is mistaken; their names say what they show: `t-shirt-top-1.png`.
  @Test(arguments: [("digits", "digits"), ("lenet5-1998", "digits"), ("fashion", "clothes")])
  func classifyTheImagesThatComeAlong(_ model: String, _ folder: String) throws {
    let result = try Program.run(
      "classify", "\(Self.samples)/Models/\(model).safetensors", "\(Self.samples)/Images/\(folder)", "--format", "jsonl"
    )
    result.expectSuccess()
    let rows = try result.lines.map(JSON.read)
    #expect(rows.count == 20)
    let wrong = try rows.filter { row in
      let name = URL(fileURLWithPath: try #require(row["path"]?.text)).lastPathComponent
      let label = try #require(row["label"]?.text).lowercased().replacing(/[^a-z0-9]/, with: "-")
      return !name.hasPrefix(label + "-")
    }
    #expect(wrong.count <= 1, "\(wrong)")
  }

  @Test func areSmall() throws {
    for model in ["digits", "lenet5-1998", "fashion"] {
      let size = try FileManager.default.attributesOfItem(atPath: "\(Self.samples)/Models/\(model).safetensors")[.size]
      #expect(try #require(size as? Int) < 1_000_000)
    }
  }

  @Test(.enabled(if: hasFashion, "needs Debian's dataset-fashion-mnist"))
  func fashionIsRightNineTimesOfTen() throws {
    let result = try Program.run("evaluate", "\(Self.samples)/Models/fashion.safetensors", Self.fashion, "--json")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(json["count"] == 10_000)
    #expect(try #require(json["accuracy"]?.number) >= 0.9)
  }
}
