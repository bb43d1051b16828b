import Foundation
import Fovea
import Testing

@Suite struct AugmentCommandTests {
  private static let recipe = """
    augmentation: [randomResizedCrop, horizontalFlip, {kind: rotation, degrees: [-20, 20]}, brightness]
    batchAugmentation: [{kind: mixup, alpha: 1}]
    """

  private static func files() throws -> TemporaryFolder {
    let files = try TemporaryFolder()
    for label in 0..<2 {
      try ImageEncoder.png().write(Stripes.picture(label, seed: 1), to: files["stripe\(label).png"])
    }
    _ = try files.write(recipe, to: "recipe.yaml")
    return files
  }

  @Test func drawsWhatTrainingSees() throws {
    let files = try Self.files()
    func sheet(_ more: String..., name: String) throws -> Image {
      let result = try Program.run(
        ["augment", "recipe.yaml", "stripe0.png", "stripe1.png", "--draws", "3", "-o", name] + more, in: files.path)
      result.expectSuccess()
      return try ImageDecoder().decode(path: files[name])
    }
    let first = try sheet(name: "a.png")
    #expect(first.width > 4 * 144 && first.height > 2 * 144 && first.width < 5 * 200)
    #expect(try sheet(name: "b.png") == first)
    #expect(try sheet("--seed", "1", name: "c.png") != first)
    // The network's own size and colors.
    #expect(try sheet("--network", "lenet", name: "d.png") != first)
  }

  @Test func saysWhatIsWrong() throws {
    let files = try Self.files()
    func augment(_ arguments: String...) throws -> Program.Result {
      try Program.run(["augment"] + arguments, in: files.path)
    }
    try augment("recipe.yaml", "stripe0.png", "-o", "stripe0.png").expectFailure(saying: "would overwrite the image")
    try augment("recipe.yaml", "none.png", "-o", "a.png").expectFailure(saying: "none.png")
    try augment("photos", "stripe0.png", "-o", "a.png").expectFailure(saying: "neither a built-in recipe nor a file")
    try augment("recipe.yaml", "stripe0.png", "-o", "a.gif").expectFailure(saying: ".png, .jpg or .jpeg")
    try augment("recipe.yaml", "-o", "a.png").expectFailure(64, saying: "images")
    _ = try files.write("augmentation: [rotaton]", to: "wrong.yaml")
    try augment("wrong.yaml", "stripe0.png", "-o", "a.png").expectFailure(saying: "did you mean 'rotation'?")
  }
}
