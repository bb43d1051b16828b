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

  @Test func writesOverNothingThatItReads() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.makeFolder("out")
    try files.write(stripes.modelBytes(), to: "out/index.html")
    let picture = try ImageEncoder.png().encode(Stripes.picture(0, seed: 7))
    try files.write(picture, to: "out/0-input.png")
    try files.write(picture, to: "a.png")
    try FileManager.default.linkItem(atPath: files["a.png"], toPath: files["out/3-s1-maps.png"])
    for (model, image, kept) in [
      ("out/index.html", "a.png", "3-s1-maps.png"), ("out/index.html", stripes.pictures + "/down/0.png", "index.html"),
      (stripes.model, "out/0-input.png", "0-input.png"),
    ] {
      try Program.run("features", model, image, "-o", "out", in: files.path)
        .expectFailure(saying: "cannot write 'out/\(kept)': it is one of the files that are read here")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: files["out"]).sorted()
        == ["0-input.png", "3-s1-maps.png", "index.html"])
    #expect(try files.bytes("out/index.html") == stripes.modelBytes() && files.bytes("out/0-input.png") == picture)
  }

  /// All files are written, or none.
  @Test func joinsAFolderThatIsThereAndLeavesNoPart() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let draw = ["features", stripes.model, stripes.pictures + "/down/0.png", "-o", files["out"] + "/"]
    try files.makeFolder("out/index.html")
    try Program.run(draw).expectFailure(saying: files["out/index.html"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: files["out"]) == ["index.html"])
    try FileManager.default.removeItem(atPath: files["out/index.html"])
    try files.write("mine", to: "out/mine.txt")
    try files.write("old", to: "out/index.html")
    try Program.run(draw).expectSuccess()
    let names = try FileManager.default.contentsOfDirectory(atPath: files["out"]).sorted()
    #expect(names.prefix(2) == ["0-input.png", "1-c1-kernels.png"] && names.suffix(2) == ["index.html", "mine.txt"])
    #expect(files.text("out/index.html") != "old" && files.text("out/mine.txt") == "mine")
  }

  @Test func saysWhatIsOddAboutAPicture() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = try ImageEncoder.jpeg().encode(Stripes.picture(0, seed: 7))
    try files.write(picture.dropLast(2), to: "a.jpg")
    for command in [["features", stripes.model, "a.jpg", "-o", "out"], ["convolve", "a.jpg", "--kernel", "[[1]]"]] {
      let result = try Program.run(command, in: files.path)
      result.expectSuccess()
      #expect(result.errors.contains("warning: a.jpg: its end marker is missing, though every pixel is there"))
    }
  }

  @Test func namesThatAreObeyedAreShown() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write(ImageEncoder.png().encode(Stripes.picture(0, seed: 7)), to: "x\ny.png")
    let result = try Program.run("features", stripes.model, "x\ny.png", "-o", "o\nut", in: files.path)
    result.expectSuccess()
    #expect(result.lines.suffix(2).first?.hasPrefix("x\\x0Ay.png: ") == true)
    #expect(result.lines.last == "Everything on one page: o\\x0Aut/index.html")
  }

  @Test func looksAtEachLayerOverADataSet() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = stripes.pictures + "/down/0.png"
    func draw(_ more: String...) throws -> Program.Result {
      try Program.run(["features", stripes.model, picture, "-o", files["out"], "--json"] + more)
    }
    func layers(_ result: Program.Result) throws -> [FeatureReport.Layer] {
      try JSONDecoder().decode(FeatureReport.self, from: Data(result.output.utf8)).layers
    }
    let alone = try draw()
    #expect(
      !alone.output.contains("\"statistics\"") && !files.text("out/index.html").contains("<div class=\"statistics\">"))
    let one = try draw("--data", stripes.pictures, "--threads", "1")
    let two = try draw("--data", stripes.pictures + "/down", "--data", stripes.pictures, "--threads", "2")
    one.expectSuccess()
    two.expectSuccess()
    let statistics = try layers(one).map { try #require($0.statistics) }
    #expect(statistics.map(\.examples) == Array(repeating: 12, count: 5))
    #expect(statistics.map { $0.units?.activity.count } == [4, 4, 4, 196, 3])
    #expect(try layers(two).map { $0.statistics?.examples } == Array(repeating: 16, count: 5))
    #expect(try layers(draw("--data", stripes.pictures, "--threads", "2")).map(\.statistics) == statistics)
    #expect(files.text("out/index.html").contains("<th scope=\"col\">over 12 pictures</th>"))
    for (layer, statistics) in zip(try layers(one), statistics) {
      #expect(statistics.minimum <= layer.minimum && statistics.maximum >= layer.maximum)
    }
    let shown = try Program.run("features", stripes.model, picture, "-o", files["out"], "--data", stripes.pictures)
    #expect(shown.output.contains("over 12 images") && shown.output.contains("of 196"))
  }

  @Test func whatCannotBeReadOfADataSetIsCounted() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = stripes.pictures + "/down/0.png"
    try files.makeFolder("data")
    let bytes = try ImageEncoder.png().encode(Stripes.picture(1, seed: 3))
    try files.write(bytes, to: "data/a.png")
    try files.write(bytes.prefix(bytes.count / 2), to: "data/b.png")
    try files.write(bytes, to: "data/c.png")
    let result = try Program.run(
      "features", stripes.model, picture, "-o", files["out"], "--data", files["data"], "--json")
    result.expectFailure(2, saying: "1 of 3 images could not be looked at: 1 truncated")
    let report = try JSONDecoder().decode(FeatureReport.self, from: Data(result.output.utf8))
    #expect(report.layers.map { $0.statistics?.examples } == Array(repeating: 2, count: 5))
    #expect(files.text("out/index.html").contains("over 2 pictures"))
    // Nothing could be looked at: the image is drawn all the same.
    let none = try Program.run(
      "features", stripes.model, picture, "-o", files["none"], "--data", files["data/b.png"], "--json")
    none.expectFailure(2, saying: "1 of 1 image could not be looked at")
    #expect(!none.output.contains("\"statistics\"") && files.text("none/index.html").contains("</html>"))
    // What is wrong with the image or the layer is told before the data are looked at.
    try Program.run("features", stripes.model, picture, "-o", files["no"], "--data", files["data"], "--layer", "c2")
      .expectFailure(saying: "did you mean 'c1'")
    try Program.run("features", stripes.model, picture, "-o", files["no"], "--data", files["nothing"])
      .expectFailure(2, saying: "1 of 1 image could not be looked at: 1 missing")
  }

  @Test func severalInputsHaveNoDataSet() throws {
    let files = try TemporaryFolder()
    let description = try ModelDescription(
      yaml: """
        name: pair
        inputs:
          - {name: left, shape: [1, 4, 4]}
          - {name: right, shape: [1, 4, 4]}
        layers:
          - {name: sum, kind: add, inputs: [left, right]}
          - flatten
          - {name: out, kind: dense, units: 2}
        preprocessing: [toGrayscale, {kind: resize, width: 4, height: 4}, scale]
        postprocessing: [softmax]

        """)
    let model = try Model(description, registry: .standard, seed: 1)
    try ModelFile.save(
      SavedModel(description: description, model: model), registry: .standard, to: files["pair.safetensors"])
    try files.write(ImageEncoder.png().encode(Stripes.picture(0, seed: 7)), to: "a.png")
    let draw = ["features", files["pair.safetensors"], files["a.png"], files["a.png"], "-o", files["out"]]
    try Program.run(draw).expectSuccess()
    try Program.run(draw + ["--data", files["a.png"]])
      .expectFailure(saying: "takes several images of each example, and --data cannot know which belong together")
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

  @Test func sheetsOfAClipMove() throws {
    let files = try TemporaryFolder()
    let result = try Program.run(
      "features", ShippedFiles.digits, ShippedFiles.clip, "-o", files["out"], "--frames", "all", "--json")
    result.expectSuccess()
    let report = try JSONDecoder().decode(FeatureReport.self, from: Data(result.output.utf8))
    #expect(report.frames?.count == 16 && report.frames?[3].name == ShippedFiles.clip + "#3")
    let page = files.text("out/index.html")
    for picture in [report.input] + report.layers.flatMap(\.pictures) {
      let image = try ImageDecoder().decode(path: files["out/" + picture.file])
      #expect(image.width == picture.width && image.height == picture.height && page.contains(picture.file))
      let frames =
        String(decoding: try files.bytes("out/" + picture.file), as: UTF8.self)
        .components(separatedBy: "fcTL").count - 1
      #expect(picture.content == .kernels ? frames == 1 : frames > 8, "\(picture.file): \(frames)")
    }
    // A still picture is a clip of one frame.
    try Program.run("features", ShippedFiles.digits, ShippedFiles.three, "-o", files["still"], "--frames", "all")
      .expectSuccess()
    try Program.run("features", ShippedFiles.digits, files["none.gif"], "-o", files["no"], "--frames", "all")
      .expectFailure(saying: "none.gif")
  }

  /// As a picture is.
  @Test func aClipIsCheckedBeforeTheDataSet() throws {
    let files = try TemporaryFolder()
    func draw(_ clip: String, _ more: String...) throws -> Program.Result {
      try Program.run(
        ["features", ShippedFiles.digits, clip, "-o", files["out"], "--frames", "all", "--data", files["nothing"]]
          + more)
    }
    for (result, problem) in [
      (try draw(ShippedFiles.clip, "--layer", "none"), "no layer 'none'"),
      (try draw(files["none.gif"]), "none.gif"), (try draw(files["nothing.mp4"]), "nothing.mp4"),
    ] {
      result.expectFailure(saying: problem)
      #expect(!result.errors.contains("could not be looked at"), "\(result.errors)")
    }
    try draw(ShippedFiles.clip).expectFailure(2, saying: "1 of 1 image could not be looked at: 1 missing")
  }
}
