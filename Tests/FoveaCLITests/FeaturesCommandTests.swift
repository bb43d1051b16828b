import Foundation
import Fovea
import Testing

@Suite struct FeaturesCommandTests {
  @Test func drawsEveryLayerAndAPage() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let result = try Program.run(
      "features", stripes.model, stripes.pictures + "/down/0.png", "-o", files["deep/er"], "--json")
    result.expectSuccess()
    let report = try JSONDecoder().decode(FeatureReport.self, from: Data(result.output.utf8))
    #expect(report.label == "down")
    #expect(report.layers.map(\.name) == ["c1", "relu1", "s1", "flatten1", "output"])
    let page = files.text("deep/er/index.html")
    for picture in [report.input] + report.layers.flatMap(\.pictures) {
      let image = try ImageDecoder().decode(path: files["deep/er/" + picture.file])
      #expect(image.width == picture.width && image.height == picture.height)
      #expect(page.contains(picture.file))
    }
    #expect(report.layers[0].pictures.map(\.content).contains(.kernels))
  }

  @Test func drawsOneLayerInOtherColors() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = stripes.pictures + "/down/0.png"
    for map in ["viridis", "gray"] {
      try Program.run("features", stripes.model, picture, "-o", files[map], "--layer", "s1", "--colormap", map)
        .expectSuccess()
    }
    let sheet = try #require(
      try FileManager.default.contentsOfDirectory(atPath: files["gray"]).first { $0.contains("s1") })
    #expect(try files.bytes("gray/" + sheet) != files.bytes("viridis/" + sheet))
  }

  @Test func saysWhatIsWrong() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = stripes.pictures + "/down/0.png"
    func draw(_ image: String, _ more: String...) throws -> Program.Result {
      try Program.run(["features", stripes.model, image, "-o", files["out"]] + more)
    }
    try draw(picture, "--layer", "c2").expectFailure(saying: "'c2'", "did you mean 'c1'", "output")
    try draw(picture, "--colormap", "viridi").expectFailure(saying: "did you mean 'viridis'")
    try draw(files["none.png"]).expectFailure(saying: files["none.png"])
    #expect(files.names.isEmpty)
    try files.write("a file", to: "out")
    try draw(picture).expectFailure(saying: files["out"])
    #expect(files.text("out") == "a file")
  }
}
