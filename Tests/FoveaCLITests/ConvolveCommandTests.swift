import Foundation
import Fovea
import Testing

@Suite struct ConvolveCommandTests {
  private static let picture = "[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]"
  private static let cross = "[[1,0,1],[0,1,0],[1,0,1]]"

  @Test func printsTheTutorialsNumbers() throws {
    let result = try Program.run("convolve", Self.picture, "--kernel", Self.cross)
    result.expectSuccess()
    #expect(result.lines.suffix(4) == ["convolution, 3×3, 2 to 4", "  4  3  4", "  2  4  3", "  2  3  4"])
    let pooled = try Program.run("convolve", "[[1,1,2,4],[5,6,7,8],[3,2,1,0],[1,2,3,4]]", "--pool", "maximum")
    #expect(pooled.lines.suffix(3) == ["maximumPooling, 2×2, 3 to 8", "  6  8", "  3  4"])
  }

  @Test func printsJSON() throws {
    let result = try Program.run(
      "convolve", Self.picture, "--kernel", Self.cross, "--bias", "-3", "--activation", "relu", "--json")
    result.expectSuccess()
    let steps = try JSON.read(result.output).elements
    #expect(steps.map { $0["step"]?.text } == ["input", "convolution", "relu"])
    #expect(steps[2]["rows"] == [[1, 0, 1], [0, 1, 0], [0, 0, 1]])
  }

  @Test func drawsPictures() throws {
    let files = try TemporaryFolder()
    let picture = try Stripes.picture(1, seed: 1)
    try ImageEncoder.png().write(picture, to: files["stripes.png"])
    let result = try Program.run(
      "convolve", files["stripes.png"], "--kernel", "[[-1,0,1],[-2,0,2],[-1,0,1]]", "-o", files["edges.png"], "--sheet",
      files["sheet.png"])
    result.expectSuccess()
    #expect(result.output.contains("convolution, 14×14, "))
    let edges = try ImageDecoder(colorModel: .gray).decode(path: files["edges.png"])
    #expect(edges.width == 14 * 18 && edges.height == 14 * 18)
    #expect(try ImageDecoder(colorModel: .rgb).decode(path: files["sheet.png"]).width > 600)
  }

  @Test func saysWhatIsWrong() throws {
    try Program.run("convolve", Self.picture).expectFailure(64, saying: "--kernel")
    try Program.run("convolve", Self.picture, "--kernel", "[[1,2],[3]]").expectFailure(
      saying: "--kernel", "row 2 has 1")
    try Program.run("convolve", "[[1,2],[3]]", "--kernel", "[[1]]").expectFailure(saying: "row 2 has 1")
    try Program.run("convolve", Self.picture, "--kernel", "1 0 1").expectFailure(saying: "a list of rows, such as")
    try Program.run("convolve", "[[1]]", "--kernel", Self.cross).expectFailure(saying: "3×3")
    try Program.run("convolve", Self.picture, "--kernel", Self.cross, "--padding", "sme")
      .expectFailure(saying: "did you mean 'same'?")
    try Program.run("convolve", Self.picture, "--pool", "maximun").expectFailure(64, saying: "'maximum'")
    try Program.run("convolve", "none.png", "--kernel", Self.cross).expectFailure(saying: "none.png")
    try Program.run("convolve", Self.picture, "--kernel", Self.cross, "--stride", "0")
      .expectFailure(saying: "'stride' must be at least 1")
    try Program.run("convolve", Self.picture, "--kernel", Self.cross, "-o", "out.xyz").expectFailure(saying: "out.xyz")
  }
}
