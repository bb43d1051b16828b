import Foundation
import Fovea
import Testing

@Suite struct ClassifyCommandTests {
  @Test func printsOneLineOfJSONForEachImageInOrder() throws {
    let stripes = try TrainedStripes.get()
    let paths = ["none/2.png", "across/0.png", "down/1.png"].map { stripes.pictures + "/" + $0 }
    let result = try Program.run(["classify", stripes.model] + paths + ["--format", "jsonl", "--top", "2"])
    result.expectSuccess()
    let rows = try result.lines.map(JSON.read)
    #expect(rows.map { $0["path"]?.text } == paths)
    #expect(rows.map { $0["label"]?.text } == ["none", "across", "down"])
    for row in rows {
      #expect(row.keys == ["path", "status", "label", "confidence", "top", "reason", "error", "warning"])
      #expect(row["status"] == "ok" && row["error"] == .null)
      let top = try #require(row["top"]).elements
      #expect(top.count == 2 && top.allSatisfy { $0.keys == ["label", "confidence"] })
      #expect(top[0]["label"] == row["label"] && top[0]["confidence"] == row["confidence"])
      #expect(try #require(top[0]["confidence"]?.number) >= #require(top[1]["confidence"]?.number))
    }
  }

  @Test func walksFoldersByName() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("classify", stripes.model, stripes.pictures, "--format", "csv", "--top", "1")
    result.expectSuccess()
    #expect(result.lines.count == 13)
    #expect(result.lines[0].hasPrefix("path,status,label,confidence"))
    let expected = Stripes.labels.flatMap { label in
      (0..<4).map { "\(stripes.pictures)/\(label)/\($0).png,ok,\(label)," }
    }
    for (line, start) in zip(result.lines.dropFirst(), expected) { #expect(line.hasPrefix(start), "\(line)") }
  }

  @Test func resultsDoNotDependOnThreadsAndBatches() throws {
    let stripes = try TrainedStripes.get()
    func classify(_ arguments: String...) throws -> [ConfigurationValue] {
      try Program.run(["classify", stripes.model, stripes.pictures, "--format", "jsonl"] + arguments).lines.map(
        JSON.read)
    }
    let one = try classify("--threads", "1", "--batch-size", "1")
    let many = try classify("--threads", "3", "--batch-size", "5")
    #expect(one.count == 12 && one.map { $0["path"] } == many.map { $0["path"] })
    #expect(one.map { $0["label"] } == many.map { $0["label"] })
    for (a, b) in zip(one, many) {
      #expect(abs(try #require(a["confidence"]?.number) - #require(b["confidence"]?.number)) < 1e-5)
    }
  }

  @Test func badImagesAreRowsAndTheRestGoesOn() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let good = try ImageEncoder.png().encode(Stripes.picture(0, seed: 77))
    let names = [
      "0-good.png", "1-missing.png", "2-zero.png", "3-truncated.png", "4-text.png", "5-huge.png", "6-good.png",
    ]
    for name in ["0-good.png", "6-good.png"] { try files.write(good, to: name) }
    try files.write([], to: "2-zero.png")
    try files.write(good.prefix(good.count / 2), to: "3-truncated.png")
    try files.write("no picture at all", to: "4-text.png")
    // A header that promises 60,000 × 60,000 pixels.
    try files.write(Array("P5\n60000 60000\n255\n".utf8) + [0, 0, 0], to: "5-huge.png")
    let result = try Program.run(["classify", stripes.model] + names + ["--format", "jsonl"], in: files.path)
    result.expectFailure(2, saying: "5 of 7 images")
    let rows = try result.lines.map(JSON.read)
    #expect(rows.map { $0["path"]?.text } == names)
    #expect(rows.map { $0["status"]?.text } == ["ok", "error", "error", "error", "error", "error", "ok"])
    for (row, name) in zip(rows, names) where row["status"] == "error" {
      #expect(row["error"]?.text?.contains(name) == true, "\(row)")
      #expect(row["label"] == .null && row["confidence"] == .null && row["top"] == [])
    }
    #expect(rows[0]["label"] == "across" && rows[6]["label"] == "across")
  }

  @Test func rowsOfNothingButFailuresAreRows() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("classify", stripes.model, "/nonexistent.png", "--format", "jsonl")
    result.expectFailure(2, saying: "1 of 1 image could not be classified")
    #expect(try JSON.read(result.lines[0])["status"] == "error")
  }

  @Test func writesToAFileInOneStep() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("precious", to: "rows.csv")
    // Nothing to classify is a failure, and a failure destroys nothing.
    try files.makeFolder("empty")
    try Program.run("classify", stripes.model, "empty", "-o", "rows.csv", "--format", "csv", in: files.path)
      .expectFailure(saying: "empty")
    #expect(files.text("rows.csv") == "precious")
    let result = try Program.run(
      "classify", stripes.model, stripes.pictures, "-o", "rows.csv", "--format", "csv", in: files.path)
    result.expectSuccess()
    #expect(result.output.isEmpty)
    #expect(files.text("rows.csv").split(separator: "\n").count == 13)
    #expect(files.names == ["empty", "rows.csv"])
    try Program.run("classify", stripes.model, stripes.pictures, "-o", "none/rows.csv", in: files.path)
      .expectFailure(saying: "none")
  }

  @Test(.enabled(if: geteuid() != 0, "root can read every folder")) func unreadableFolderIsARow() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.makeFolder("closed")
    chmod(files["closed"], 0)
    defer { chmod(files["closed"], 0o700) }
    let result = try Program.run(
      "classify", stripes.model, "closed", stripes.pictures, "--format", "jsonl", in: files.path)
    result.expectFailure(2)
    #expect(try JSON.read(result.lines[0])["error"]?.text?.contains("closed") == true)
    #expect(result.lines.count == 13)
  }

  @Test func picturesBeyondTheLimitsAreRows() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let large = try Image(width: 1000, height: 800, channels: 3, pixels: .bytes(Array(repeating: 9, count: 2_400_000)))
    try ImageEncoder.png().write(large, to: files["large.png"])
    try ImageEncoder.png().write(Stripes.picture(0, seed: 77), to: files["small.png"])
    for (option, limit) in [("--max-memory", "1"), ("--max-pixels", "10000")] {
      let result = try Program.run(
        "classify", stripes.model, "small.png", "large.png", option, limit, "--format", "jsonl", in: files.path)
      result.expectFailure(2)
      let rows = try result.lines.map(JSON.read)
      #expect(rows.map { $0["status"] } == ["ok", "error"])
      let error = try #require(rows[1]["error"]?.text)
      #expect(error.contains("1000×800") && error.contains(option) && error.contains("limit of \(limit)"), "\(error)")
      try Program.run("classify", stripes.model, "small.png", option, "0").expectFailure(64, saying: option)
    }
  }

  @Test func namesThatAreNoTextAreReadAndShown() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try ImageEncoder.png().write(Stripes.picture(0, seed: 77), to: files["a.png"])
    try files.write("x", to: "photo.heic")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "n=$(printf 'a\\351.png'); mv a.png \"$n\"; \"$0\" classify \"$1\" . \"$n\" --format csv --top 1 >rows 2>notes",
      Program.path, stripes.model,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: files.path)
    try process.run()
    process.waitUntilExit()
    let rows = files.text("rows").split(separator: "\n").dropFirst()
    #expect(rows.count == 2 && rows.first?.hasPrefix("./a\\xE9.png,ok,across") == true, "\(rows)")
    #expect(rows.last?.hasPrefix("a\\xE9.png,ok,across") == true, "\(rows)")
    #expect(files.text("notes").contains("photo.heic"), "\(files.text("notes"))")
  }

  @Test func tableFitsPeople() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("classify", stripes.model, "across/0.png", in: stripes.pictures)
    result.expectSuccess()
    #expect(result.lines.count == 2)
    #expect(result.lines[0].hasPrefix("path"))
    #expect(result.lines[1].hasPrefix("across/0.png  across"))
  }

  @Test func aFormatIsAKindWithItsSettings() throws {
    let stripes = try TrainedStripes.get()
    func run(_ format: String) throws -> Program.Result {
      try Program.run("classify", stripes.model, "across/0.png", "--format", format, in: stripes.pictures)
    }
    #expect(try run("{kind: csv}").output == run("csv").output)
    try run("jsnl").expectFailure(64, saying: "unknown row format 'jsnl'; did you mean 'jsonl'?")
    try run("{kind: csv, separator: x}").expectFailure(64, saying: "row format 'csv' has no key 'separator'")
    try run("[csv, table]").expectFailure(64, saying: "--format takes one row format")
  }

  @Test(arguments: [[], ["x.png", "--format", "xml"], ["x.png", "--top", "0"], ["x.png", "--batch-size", "0"]])
  func usageErrors(_ arguments: [String]) throws {
    try Program.run(["classify", "model.safetensors"] + arguments).expectFailure(64, saying: "Usage: fovea classify")
  }
}
