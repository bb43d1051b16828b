import Foundation
import FoveaCore
import Testing

/// One case of Tests/Fixtures/Layers: what PyTorch says of one layer.
struct Fixture: CustomTestStringConvertible, Sendable {
  let name: String

  var testDescription: String { name }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/Layers")

  static let all: [Fixture] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".safetensors") }.sorted().map { Fixture(name: String($0.dropLast(12))) }
  }()

  struct Content {
    let kind: String
    let configuration: [String: ConfigurationValue]
    let isInference: Bool
    let tensors: [String: Tensor]

    /// The tensors `name`, `name.1`, …
    func list(_ name: String) -> [Tensor] {
      var result: [Tensor] = []
      while let next = tensors[result.isEmpty ? name : "\(name).\(result.count)"] { result.append(next) }
      return result
    }
  }

  func read() throws -> Content {
    let file = try SafeTensors(contentsOf: Self.folder.appendingPathComponent("\(name).safetensors").path)
    let configuration = try JSONDecoder().decode(
      [String: ConfigurationValue].self, from: Data((file.metadata["configuration"] ?? "").utf8))
    return Content(
      kind: file.metadata["kind"] ?? "", configuration: configuration,
      isInference: file.metadata["mode"] == "inference", tensors: file.tensors)
  }
}
