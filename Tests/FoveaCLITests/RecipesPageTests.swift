import Foundation
import Fovea
import Testing

/// The tables of `Documentation/Recipes.md` and `Documentation/Augmentation.md` are what the program lists, so that they cannot
/// go stale.
@Suite struct RecipesPageTests {
  private static let sorts = [
    "recipe", "schedules", "augmentations", "batchAugmentations", "optimizers", "metrics", "observers",
  ]

  @Test(arguments: sorts) func everyKeyIsThereAsItIs(_ sort: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Documentation")
    let page = try ["Recipes.md", "Augmentation.md"].map {
      try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
    }.joined()
    let result = try Program.run("kinds", sort, "--json")
    result.expectSuccess()
    var expected: [String] = []
    // The page on sorting is about pipelines.
    for kind in try #require(JSON.read(result.output)[sort]).elements where kind["kind"] != "pipeline" {
      for key in try #require(kind["keys"]).elements {
        let name = key["key"]?.text ?? ""
        let legal = key["legal"]?.text ?? ""
        let meaning = key["meaning"]?.text ?? ""
        expected.append("| `\(name)` | \(Self.fallback(key)) | \(legal) | \(meaning) |")
      }
    }
    for row in expected { #expect(page.contains(row + "\n"), "the page lacks: \(row)") }
    // And nothing that the program does not know.
    let names = Set(expected.map { $0.split(separator: "|")[0] })
    let known = try names.union(Self.otherNames(than: sort))
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      #expect(known.contains(line.split(separator: "|")[0]), "\(line)")
    }
  }

  private static func otherNames(than sort: String) throws -> [Substring] {
    let all = try JSON.read(Program.run("kinds", "--json").output)
    let kinds = sorts.filter { $0 != sort }.flatMap { all[$0]?.elements ?? [] }
    return kinds.flatMap { $0["keys"]?.elements ?? [] }.map { " `\($0["key"]?.text ?? "")` "[...] }
  }

  private static func fallback(_ key: ConfigurationValue) -> String {
    if key["required"] == true { return "required" }
    switch key["default"] {
    case nil, .null: return "optional"
    case .array(let elements) where elements.isEmpty: return "empty"
    case let value?: return "`\(value)`"
    }
  }
}
