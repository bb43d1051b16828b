import Foundation
import Fovea
import Testing

@Suite struct ExplainCommandTests {
  @Test func explainsAFolderWithMistakesFirst() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for label in ["down", "across"] {
      try files.makeFolder("in/\(label)")
      for number in 0..<2 {
        try ImageEncoder.png().write(
          Stripes.picture(label == "down" ? 1 : 0, seed: UInt64(number)), to: files["in/\(label)/\(number).png"])
      }
    }
    // One that lies where it does not belong, and one that is none.
    try ImageEncoder.png().write(Stripes.picture(0, seed: 9), to: files["in/down/misplaced.png"])
    try files.write("no picture", to: "in/down/broken.png")
    let result = try Program.run(
      "explain", stripes.model, files["in"], "-o", files["out"], "--json", "--method", "gradCAM", "--method",
      "occlusion",
      "--faithfulness", "--randomized")
    #expect(result.status == 2)
    let rows = try result.lines.map { try JSON.read($0) }
    #expect(rows.count == 6)
    let broken = try #require(rows.first { $0["status"]?.text == "error" })
    #expect(broken["path"]?.text == files["in/down/broken.png"])
    for row in rows where row["status"]?.text == "ok" {
      let parts = try #require(row["explanations"]).elements
      #expect(parts.compactMap { $0["method"]?.text } == ["gradCAM", "occlusion"])
      for part in parts {
        for key in ["score", "confidence", "deletion", "insertion", "road", "randomized", "boxShare"] {
          #expect(part[key] != nil, "\(key)")
        }
      }
    }
    let page = files.text("out/index.html")
    let misplaced = try #require(page.range(of: "misplaced.png</a>"))
    #expect(try misplaced.lowerBound < #require(page.range(of: "0.png</a>")).lowerBound)
    #expect(page.contains("1 mistake among the 5 whose class is known") && !page.contains("http"))
    let sheets = try FileManager.default.contentsOfDirectory(atPath: files["out"]).filter { $0.hasSuffix(".png") }
    #expect(sheets.count == 5)
    for sheet in sheets { #expect(try ImageDecoder().decode(path: files["out/" + sheet]).width > 300) }
  }

  @Test func saysWhichLayerAndTakesAnother() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let picture = stripes.pictures + "/down/0.png"
    let auto = try Program.run("explain", stripes.model, picture, "-o", files["auto"], "--class", "all", "--smooth")
    auto.expectSuccess()
    #expect(auto.errors.contains("look at 's1': the last layer that still has places, 7×7 of them in 4 maps"))
    try Program.run("explain", stripes.model, picture, "-o", files["c1"], "--layer", "c1").expectSuccess()
    try Program.run("explain", stripes.model, picture, "-o", files["no"], "--layer", "s2")
      .expectFailure(saying: "did you mean 's1'?")
    try Program.run("explain", stripes.model, picture, "-o", files["no"], "--layer", "output")
      .expectFailure(saying: "has no places to show")
    try Program.run("explain", stripes.model, picture, "-o", files["no"], "--class", "up")
      .expectFailure(saying: "the model has no class 'up'")
    #expect(!FileManager.default.fileExists(atPath: files["no"]))
  }

  /// A picture that is named twice has one sheet, and its name may be one that an address cannot hold.
  @Test func anyNameMayComeAnyNumberOfTimes() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try ImageEncoder.png().write(Stripes.picture(0, seed: 1), to: files["a#1?%.png"])
    for _ in 0..<2 {
      try Program.run("explain", stripes.model, files["a#1?%.png"], files["a#1?%.png"], "-o", files["out"])
        .expectSuccess()
    }
    let sheets = try FileManager.default.contentsOfDirectory(atPath: files["out"]).filter { $0.hasSuffix(".png") }
    #expect(sheets.count == 1 && sheets[0].hasPrefix("a#1?%-"))
    let page = files.text("out/index.html")
    #expect(page.contains("href=\"a%231%3F%25-") && !page.contains("href=\"a#"))
    try Program.run(
      "explain", stripes.model, files["a#1?%.png"], "-o", files["no"], "--class", "top:2", "--class", "down"
    )
    .expectFailure(64, saying: "--class top:2 stands alone")
    try Program.run("explain", stripes.model, files["a#1?%.png"], "-o", files["no"], "--class", "dog")
      .expectFailure(saying: "has no class 'dog'. Its classes: ")
  }

  @Test func filtersShowWhatUnitsLookFor() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let result = try Program.run(
      "filters", stripes.model, "-o", files["out"], "--layer", "c1", "--layer", "output", "--steps", "32", "--data",
      stripes.pictures, "--pictures", "3", "--json")
    result.expectSuccess()
    let layers = try JSONDecoder().decode([FilterPictures.Layer].self, from: Data(result.output.utf8))
    #expect(layers.map(\.name) == ["c1", "output"] && layers.map(\.receptiveField) == [[3, 3], nil])
    for (number, unit) in layers.flatMap(\.units).enumerated() {
      // What was made excites the unit more than the noise that it was made of, unless that is what it looks for: the
      // last one is that of pictures without stripes.
      let (value, start) = try (#require(unit.value), #require(unit.start))
      #expect(number < 6 ? value > start : value >= start, "unit \(number)")
      #expect(unit.pictures.count == 3 && unit.pictures.map(\.value) == unit.pictures.map(\.value).sorted(by: >))
    }
    // The pictures that excite a class most are of that class.
    for (unit, label) in zip(layers[1].units, Stripes.labels) {
      #expect(unit.pictures.allSatisfy { $0.path.contains("/\(label)/") }, "\(label)")
    }
    #expect(files.text("out/index.html").contains("data:image/png;base64,"))
    try Program.run("filters", stripes.model, "-o", files["no"], "--layer", "c1", "--unit", "4")
      .expectFailure(saying: "has 4 units, from 0, and so none 4")
  }

  @Test func aClipBecomesAMovingPicture() throws {
    let files = try TemporaryFolder()
    let result = try Program.run(
      "explain", ShippedFiles.digits, ShippedFiles.clip, ShippedFiles.three, "-o", files["out"], "--frames", "every:2",
      "--animate", "--json")
    result.expectSuccess()
    let rows = try result.lines.map { try JSON.read($0) }
    #expect(rows.count == 9 && rows[7]["path"]?.text == ShippedFiles.clip + "#14")
    let written = try FileManager.default.contentsOfDirectory(atPath: files["out"]).filter { $0.hasSuffix(".png") }
    #expect(written.count == 2)
    let clip = try #require(written.first { $0.hasPrefix("walking-") })
    #expect(rows[0]["files"]?.elements.first?.text == clip)
    let file = try files.bytes("out/" + clip)
    // Frames that are all the same as the one before would be missing.
    #expect(String(decoding: file, as: UTF8.self).components(separatedBy: "fcTL").count == 1 + 8)
    let page = files.text("out/index.html")
    #expect(page.contains("data:image/png") && page.contains("walking.gif</a>") && page.contains("2 images"))
    try Program.run("explain", ShippedFiles.digits, ShippedFiles.clip, "-o", files["no"], "--animate")
      .expectFailure(64, saying: "--frames all")
  }
}
