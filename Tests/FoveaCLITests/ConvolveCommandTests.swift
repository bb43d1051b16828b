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

  @Test func drawsWalks() throws {
    let files = try TemporaryFolder()
    try ImageEncoder.png().write(Stripes.picture(1, seed: 1), to: files["my.png"])
    func frames(_ arguments: String...) throws -> UInt8 {
      let result = try Program.run(["convolve"] + arguments + ["--animate", "walk.png"], in: files.path)
      result.expectSuccess()
      let bytes = try files.bytes("walk.png")
      // acTL comes behind IHDR.
      #expect(String(decoding: bytes[37..<41], as: UTF8.self) == "acTL")
      return bytes[44]
    }
    #expect(try frames(Self.picture, "--kernel", Self.cross) == 9)
    #expect(try frames("[[1,1,2,4],[5,6,7,8]]", "--pool", "average") == 2)
    #expect(try frames("my.png", "--kernel", "[[1]]", "--stride", "1") > 20)
    try Program.run("convolve", Self.picture, "--kernel", Self.cross, "--animate", files["walk.gif"])
      .expectFailure(saying: "walk.gif", "must end in .png")
    try Program.run("convolve", Self.picture, "--activation", "relu", "--animate", files["walk.png"])
      .expectFailure(64, saying: "--animate is of no use without --kernel or --pool")
  }

  @Test func readsChannels() throws {
    let files = try TemporaryFolder()
    let colors = try Image(width: 2, height: 1, channels: 3, pixels: .bytes([255, 0, 0, 0, 255, 51]))
    try ImageEncoder.png().write(colors, to: files["colors.png"])
    let result = try Program.run("convolve", files["colors.png"], "--kernel", "[[[1]],[[2]],[[5]]]", "--json")
    result.expectSuccess()
    let steps = try JSON.read(result.output).elements
    #expect(steps[0]["channels"] == [[[1, 0]], [[0, 1]], [[0, 0.2]]] && steps[1]["rows"] == [[1, 3]])
    let row = try Program.run("convolve", "[[[1,2]],[[3,4]]]", "--flatten")
    #expect(row.lines.suffix(2) == ["flatten, 1×4, 1 to 4", "  1  2  3  4"])
    try Program.run("convolve", files["colors.png"], "--kernel", "[[[1]],[[2]]]")
      .expectFailure(saying: "the kernel has 2 matrices", "the input has 1 channel")
  }

  @Test func showsNumbers() throws {
    let files = try TemporaryFolder()
    let result = try Program.run("convolve", Self.picture, "--numbers", files["numbers.png"])
    result.expectSuccess()
    #expect(result.output.isEmpty)
    #expect(try ImageDecoder().decode(path: files["numbers.png"]).width > 5 * 30)
    try Program.run("convolve", Self.picture, "--numbers", files["n.png"], "--json").expectFailure(64, saying: "--json")
  }

  @Test func learnsKernels() throws {
    let files = try TemporaryFolder()
    let result = try Program.run(
      "convolve", "[[1,0,2,1],[0,3,1,0],[2,1,0,1]]", "--kernel", "[[1,-1],[0,2]]", "--learn", "400", "--seed", "1",
      "--json", "--animate", files["learn.png"], "--sheet", files["sheet.png"])
    result.expectSuccess()
    let steps = try #require(try JSON.read(result.output)["steps"]).elements
    #expect(steps.count > 20 && steps.last?["step"]?.number == 400)
    #expect((steps.last?["loss"]?.number ?? 1) < 0.05)
    for name in ["learn.png", "sheet.png"] { #expect(try files.bytes(name).count > 1_000) }
    try Program.run("convolve", "[[1]]", "--pool", "maximum", "--learn", "3")
      .expectFailure(64, saying: "--learn is of no use without --kernel")
    try Program.run("convolve", "[[1]]", "--kernel", "[[1]]", "--seed", "3")
      .expectFailure(64, saying: "--seed is of no use without --learn")
    try Program.run("convolve", "[[1]]", "--kernel", "[[1]]", "--learn", "0")
      .expectFailure(64, saying: "--learn must be 1 to 100000 steps")
    try Program.run("convolve", "[[1]]", "--kernel", "[[1]]", "--learn", "3", "--optimizer", "adamm")
      .expectFailure(64, saying: "--optimizer: unknown optimizer 'adamm'; did you mean 'adam'?")
  }

  @Test func writesOverNothing() throws {
    let files = try TemporaryFolder()
    try ImageEncoder.png().write(Stripes.picture(1, seed: 1), to: files["my.png"])
    let picture = try files.bytes("my.png")
    try FileManager.default.createSymbolicLink(atPath: files["link.png"], withDestinationPath: "my.png")
    func convolve(_ more: String...) throws -> Program.Result {
      try Program.run(["convolve", "my.png", "--kernel", "[[1]]"] + more, in: files.path)
    }
    for (option, name) in [("-o", "--output"), ("--sheet", "--sheet")] {
      for path in ["my.png", "./my.png", "link.png"] {
        try convolve(option, path).expectFailure(saying: "\(name) '\(path)' would overwrite the image 'my.png'")
      }
    }
    try convolve("-o", "x.png", "--sheet", "./x.png")
      .expectFailure(saying: "--sheet './x.png' is the same file as --output 'x.png'")
    #expect(try files.names == ["link.png", "my.png"] && files.bytes("my.png") == picture)
  }

  /// What is too large is refused by its header, before anything is decoded.
  @Test func heedsLimits() throws {
    let files = try TemporaryFolder()
    let wide = try Image(width: 4_097, height: 1, channels: 1, pixels: .bytes([UInt8](repeating: 9, count: 4_097)))
    try ImageEncoder.png().write(wide, to: files["wide.png"])
    try ImageEncoder.png().write(Stripes.picture(1, seed: 1), to: files["my.png"])
    func convolve(_ picture: String, _ more: String...) throws -> Program.Result {
      try Program.run(["convolve", picture, "--kernel", "[[1]]"] + more, in: files.path)
    }
    try convolve("wide.png").expectFailure(saying: "4097×1 pixels", "4096 pixels on a side")
    try convolve("my.png", "--max-pixels", "1").expectFailure(saying: "more than the limit of 1 pixel (--max-pixels)")
    try files.write([UInt8](repeating: 0, count: 1_100_000), to: "large.bmp")
    try convolve("large.bmp", "--max-memory", "1")
      .expectFailure(saying: "it takes 2 MB, more than the limit of 1 MB", "--max-memory")
  }

  @Test func takesNumbersBelowZero() throws {
    let result = try Program.run("convolve", "[[2,4]]", "--kernel", "[[1]]", "--divisor", "-2", "--bias", "-1")
    result.expectSuccess()
    #expect(result.lines.suffix(1) == ["  -2  -3"])
    for option in ["--stride", "--padding", "--dilation"] {
      try Program.run("convolve", Self.picture, "--kernel", Self.cross, option, "-1")
        .expectFailure(saying: "'\(option.dropFirst(2))", "must be at least")
    }
  }

  @Test(arguments: [
    (["--kernel", "[[1]]", "--divisor", "nan"], "--divisor must be a number other than 0, but is nan"),
    (["--kernel", "[[1]]", "--bias", "1e39"], "--bias must be a number below 3.4e38"),
    (["--kernel", "[[1]]", "--pool-stride", "2"], "--pool-stride is of no use without --pool"),
    (["--kernel", "[[1]]", "--window", "2"], "--window is of no use without --pool"),
    (["--pool", "maximum", "--stride", "2"], "--stride is of no use without --kernel"),
    (["--activation", "relu", "--bias", "-2"], "--bias is of no use without --kernel"),
  ])
  func saysWhichOptionIsWrong(_ arguments: [String], _ words: String) throws {
    try Program.run(["convolve", Self.picture] + arguments).expectFailure(64, saying: words)
  }

  @Test func saysWhatIsWrongWithNumbers() throws {
    try Program.run("convolve", Self.picture, "--kernel", "[[1,2")
      .expectFailure(saying: "--kernel: it has 2 opening brackets, but 0 that close")
    try Program.run("convolve", "[1,2", "--kernel", "[1]").expectFailure(saying: "1 opening bracket,", "a list of rows")
    try Program.run("convolve", Self.picture, "--kernel", "[[1]]", "--divisor", "1e-45")
      .expectFailure(saying: "divided by", "column 1 of row 1 is no finite number")
    try Program.run("convolve", "[[3e38]]", "--kernel", "[[2]]")
      .expectFailure(saying: "what convolution makes of it", "no finite number")
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
