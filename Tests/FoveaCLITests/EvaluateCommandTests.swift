import Foundation
import Fovea
import Testing

@Suite struct EvaluateCommandTests {
  @Test func printsAllFiguresAsJSON() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("evaluate", stripes.model, stripes.data, "--json")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(json.keys == ["count", "loss", "accuracy", "top5", "labels", "confusion", "classes", "means"])
    #expect(json["count"] == 60)
    #expect(json["labels"] == ["across", "down", "none"])
    #expect(json["top5"]?.number == 1)
    let accuracy = try #require(json["accuracy"]?.number)
    #expect(accuracy >= 0.95)
    let confusion = try #require(json["confusion"]).elements.map { $0.elements.compactMap(\.number) }
    #expect(confusion.map { $0.reduce(0, +) } == [20, 20, 20])
    #expect(abs((0..<3).reduce(0) { $0 + confusion[$1][$1] } / 60 - accuracy) < 1e-9)
    let classes = try #require(json["classes"]).elements
    #expect(classes.allSatisfy { $0.keys == ["label", "precision", "recall", "f1"] })
    #expect(classes.map { $0["label"] } == ["across", "down", "none"])
  }

  @Test func printsATableForPeople() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("evaluate", stripes.model, stripes.pictures)
    result.expectSuccess()
    #expect(result.lines.contains { $0.hasPrefix("images") && $0.hasSuffix("12") })
    #expect(result.lines.contains { $0.hasPrefix("class") && $0.contains("precision") && $0.hasSuffix("F1") })
    #expect(result.lines.contains { $0.hasPrefix("across") })
  }

  @Test func figuresOfMetricsStandBesideTheUsualOnes() throws {
    let stripes = try TrainedStripes.get()
    let arguments = [
      "evaluate", stripes.model, stripes.pictures, "--metrics", "[areaUnderROC, {kind: f1, average: micro}]",
    ]
    let plain = try JSON.read(Program.run("evaluate", stripes.model, stripes.pictures, "--json").output)
    let json = try JSON.read(Program.run(arguments + ["--json"]).output)
    #expect(json.keys == plain.keys.union(["metrics"]) && json["accuracy"] == plain["accuracy"])
    let metrics = try #require(json["metrics"])
    #expect(metrics.keys == ["areaUnderROC", "microF1"])
    // Where every example is given one class, the two are the same.
    #expect(metrics["microF1"] == json["accuracy"])
    let table = try Program.run(arguments)
    #expect(
      table.lines.contains { $0.hasPrefix("area under ROC") } && table.lines.contains { $0.hasPrefix("micro F1") })
    for (metrics, words) in [
      ("acuracy", "did you mean 'accuracy'?"), ("{kind: f1, average: most}", "macro, micro or weighted"),
    ] {
      try Program.run("evaluate", stripes.model, stripes.pictures, "--metrics", metrics).expectFailure(
        64, saying: words)
    }
    try Program.run("evaluate", stripes.model, stripes.pictures, "--metrics", "r2")
      .expectFailure(saying: "the metric 'r2' judges numbers, but the data gives one class")
  }

  @Test func figuresOfAnAbsentClassAreUndefined() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try Stripes.writeFolders(to: files["data"], count: 4)
    try FileManager.default.removeItem(atPath: files["data/none"])
    let json = try JSON.read(Program.run("evaluate", stripes.model, files["data"], "--json").output)
    let classes = try #require(json["classes"]).elements
    let absent = try #require(classes.last)
    #expect(absent["label"] == "none" && absent["recall"] == .null && absent["f1"] == .null)
    #expect(json["means"]?["recall"]?.number == 1)
    let table = try Program.run("evaluate", stripes.model, files["data"])
    #expect(table.lines.contains { $0.hasPrefix("none") && $0.hasSuffix("-") })
    #expect(table.output.contains("- is undefined"))
  }

  @Test func drawsTheConfusionMatrix() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try Program.run("evaluate", stripes.model, stripes.data, "--confusion", files["confusion.svg"]).expectSuccess()
    let svg = files.text("confusion.svg")
    #expect(svg.hasPrefix("<svg") && Stripes.labels.allSatisfy { svg.contains($0) })
  }

  @Test func refusesClassesThatTheModelDoesNotKnow() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try Stripes.writeFolders(to: files["data"], count: 1)
    try FileManager.default.moveItem(atPath: files["data/none"], toPath: files["data/zebra"])
    try Program.run("evaluate", stripes.model, files["data"]).expectFailure(saying: "'zebra'", "across, down, none")
  }

  @Test func refusesDamagedModels() throws {
    let stripes = try TrainedStripes.get()
    let sound = try stripes.modelBytes()
    let files = try TemporaryFolder()
    func evaluate(_ bytes: [UInt8]) throws -> Program.Result {
      try Program.run("evaluate", files.write(bytes, to: "m.safetensors"), stripes.data)
    }
    for length in [0, 4, 8, 9, 100, sound.count / 2, sound.count - 1] {
      try evaluate(Array(sound.prefix(length))).expectFailure(saying: "m.safetensors")
    }
    var lying = sound
    for length in [UInt64(0), 1, UInt64(sound.count), 1 << 40, .max] {
      withUnsafeBytes(of: length.littleEndian) { lying.replaceSubrange(0..<8, with: $0) }
      try evaluate(lying).expectFailure(saying: "m.safetensors")
    }
    try evaluate(sound + [0]).expectFailure(saying: "m.safetensors")
    try Program.run("evaluate", files["none"], stripes.data).expectFailure(saying: files["none"])
    try Program.run("evaluate", stripes.description, stripes.data).expectFailure(saying: stripes.description)
  }

  @Test func survivesFlippedBits() throws {
    let stripes = try TrainedStripes.get()
    let sound = try stripes.modelBytes()
    let headerLength = sound.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let files = try TemporaryFolder()
    var random = SeededRandom(seed: 11)
    for round in 0..<40 {
      // Three of four hit the header, which is where a flipped bit has something to say.
      let place = Int(random.next() % UInt64(round % 4 == 3 ? sound.count : headerLength + 8))
      var damaged = sound
      damaged[place] ^= 1 << UInt8(random.next() % 8)
      let result = try Program.run("summary", files.write(damaged, to: "m.safetensors"))
      #expect(!result.wasKilled && [0, 1].contains(result.status), "byte \(place): \(result.errors)")
      #expect(result.status == 0 || result.errors.contains("m.safetensors"), "byte \(place): \(result.errors)")
    }
  }
}
