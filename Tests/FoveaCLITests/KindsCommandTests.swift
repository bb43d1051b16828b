import Foundation
import Fovea
import Testing

@Suite struct KindsCommandTests {
  private func catalog(_ arguments: String...) throws -> ConfigurationValue {
    let result = try Program.run(["kinds", "--json"] + arguments)
    result.expectSuccess()
    return try JSON.read(result.output)
  }

  @Test func knowsEverySort() throws {
    let all = try catalog()
    #expect(
      all.keys == [
        "layers", "preprocessing", "postprocessing", "losses", "colorMaps", "explanations", "rowFormats", "optimizers",
        "schedules", "augmentations", "batchAugmentations", "metrics", "observers", "checks", "views", "projections",
        "recipe", "architectures", "presets",
      ])
    func kinds(_ sort: String) -> [String] { all[sort]?.elements.compactMap { $0["kind"]?.text } ?? [] }
    #expect(kinds("optimizers") == BuiltinOptimizers.all.map { $0.kind }.sorted())
    #expect(kinds("schedules") == ["cosine", "oneCycle", "reduceOnPlateau", "spans", "step", "warmUp"])
    #expect(kinds("augmentations") == BuiltinAugmentations.all.map { $0.kind }.sorted())
    #expect(kinds("batchAugmentations") == BuiltinBatchAugmentations.all.map { $0.kind }.sorted())
    #expect(kinds("metrics") == BuiltinMetrics.all.map { $0.kind }.sorted())
    #expect(kinds("observers") == ["checkpoints", "earlyStopping", "learningRateLog"])
    #expect(kinds("rowFormats") == ["csv", "jsonl", "npy", "sqlite", "table"])
    #expect(kinds("recipe") == ["recipe", "pipeline", "schedule"])
    #expect(kinds("architectures") == Architecture.all.map(\.name))
  }

  @Test func everyBuiltInSettingIsExplained() throws {
    guard case .object(let sorts) = try catalog() else { throw CocoaError(.coderInvalidValue) }
    for (sort, kinds) in sorts where sort != "architectures" {
      for kind in kinds.elements {
        for key in try #require(kind["keys"]).elements {
          let name = "\(sort) \(kind["kind"]?.text ?? "") \(key["key"]?.text ?? "")"
          #expect(key["meaning"]?.text?.isEmpty == false, "\(name)")
          #expect(key["legal"]?.text?.contains("valid ") == false, "\(name) does not say what may be written")
        }
      }
    }
  }

  @Test func anOverviewAndWhatIsAskedFor() throws {
    let all = try Program.run("kinds")
    all.expectSuccess()
    #expect(all.output.contains("Optimizers (optimizers)") && all.output.contains("adam"))
    #expect(!all.output.contains("beta1"))
    let optimizers = try Program.run("kinds", "optimizers")
    #expect(optimizers.output.contains("beta1") && !optimizers.output.contains("convolution"))
    let recipe = try Program.run("kinds", "recipe")
    #expect(recipe.output.contains("batchSize") && recipe.output.contains("how many passes the rate holds for"))
    #expect(try Program.run("kinds", "augmentations").output.contains("in degrees"))
    // One kind of a name that two sorts have.
    #expect(try Program.run("kinds", "softmax").output.contains("Layers"))
    #expect(try !Program.run("kinds", "postprocessing", "softmax").output.contains("Layers"))
    try Program.run("kinds", "optimizer").expectFailure(saying: "did you mean 'optimizers'?")
    try Program.run("kinds", "adm").expectFailure(saying: "did you mean 'adam'?")
    try Program.run("kinds", "losses", "adam").expectFailure(saying: "'adam'")
  }

  @Test(arguments: [40, 60, 100]) func fitsTheTerminal(_ width: Int) throws {
    for arguments in [["kinds"], ["kinds", "recipe"], ["layers", "convolution"]] {
      let terminal = try Terminal()
      let program = try Program.start(
        arguments, environment: ["COLUMNS": "\(width)"], standardOutput: terminal.handle)
      program.finish().expectSuccess()
      for line in terminal.readAll().split(whereSeparator: \.isNewline) { #expect(line.count <= width, "\(line)") }
    }
  }
}
