import Foundation
import Fovea
import Testing

@Suite struct DoctorCommandTests {
  /// Stripes in two parts; nothing is wrong with them.
  private func pets() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Stripes.writeFolders(to: folder["pets/train"], count: 24)
    try Stripes.writeFolders(to: folder["pets/validation"], count: 4, seed: 500)
    return folder
  }

  private func contents(_ folder: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      contents[name] = FileManager.default.contents(atPath: folder + "/" + name)
    }
    return contents
  }

  @Test func endsWellWhereNothingIsCertain() throws {
    let folder = try pets()
    // Stripes are all alike, which is for a person to judge.
    let result = try Program.run("doctor", folder["pets"], "--skip", "nearDuplicates")
    result.expectSuccess()
    #expect(result.output.contains("unreadable") && result.errors.contains("84 images of 3 classes in 2 parts"))
    try Program.run("doctor", folder["pets"], "--only", "smallClasses", "--strict").expectSuccess()
    let strict = try Program.run(
      "doctor", folder["pets"], "--only", "smallClasses", "--set", "smallClasses.least=30", "--strict")
    #expect(strict.status == 2 && strict.output.contains("across: 24 images"))
    try Program.run("doctor", folder["pets"], "--only", "smallClasses", "--set", "smallClasses.least=30")
      .expectSuccess()
  }

  @Test func tellsDefectsByItsStatusAndChangesNoFile() throws {
    let folder = try pets()
    try FileManager.default.copyItem(
      atPath: folder["pets/train/down/3.png"], toPath: folder["pets/validation/down/leak.png"])
    try Data("no image".utf8).write(to: URL(fileURLWithPath: folder["pets/train/none/bad.png"]))
    let before = try contents(folder["pets"])
    let result = try Program.run("doctor", folder["pets"], "--json", "-o", folder["report"])
    #expect(result.status == 2, "\(result.errors)")
    let findings = try #require(JSON.read(result.output)["findings"]).elements
    let unreadable = findings.filter { $0["kind"]?.text == "unreadable" }
    #expect(unreadable.map { $0["files"]?.elements[0]["path"]?.text } == [folder["pets/train/none/bad.png"]])
    let leak = try #require(findings.first { $0["kind"]?.text == "exactDuplicates" })
    #expect(leak["weight"]?.text == "defect" && leak["across"]?.elements.map(\.text) == ["parts"])
    #expect(leak["files"]?.elements.map { $0["part"]?.text } == ["training", "validation"])
    #expect(try contents(folder["pets"]) == before)
    #expect(try contents(folder["report"]).keys.sorted() == ["findings.json", "index.html"])
    // In words: paths below the folder.
    let text = try Program.run("doctor", folder["pets"])
    #expect(text.status == 2 && text.output.contains("train/down/3.png, validation/down/leak.png"))
  }

  @Test func asksAModelAboutLabels() throws {
    let (folder, model) = (try pets(), try TrainedStripes.get().model)
    try FileManager.default.moveItem(
      atPath: folder["pets/validation/down/1.png"], toPath: folder["pets/validation/across/wrong.png"])
    let result = try Program.run(
      "doctor", folder["pets"], "--model", model, "--only", "wrongLabels", "--json")
    result.expectSuccess()
    let findings = try #require(JSON.read(result.output)["findings"]).elements
    #expect(findings.map { $0["files"]?.elements[0]["path"]?.text } == [folder["pets/validation/across/wrong.png"]])
    #expect(findings.first?["text"]?.text?.hasPrefix("labelled across, taken for down with ") == true)
  }

  @Test func looksAtAnotherFolderForLeaks() throws {
    let folder = try pets()
    let result = try Program.run(
      "doctor", folder["pets/train"], "--validation", folder["pets/train/down"], "--only", "exactDuplicates")
    #expect(result.status == 2 && result.output.contains("2 copies of one file in 2 parts"))
  }

  @Test func saysWhatCannotBe() throws {
    let folder = try pets()
    try Program.run("doctor", folder["none"]).expectFailure(saying: "cannot read")
    try Program.run("doctor", folder["pets"], "--only", "blury").expectFailure(64, saying: "did you mean 'blurry'")
    try Program.run("doctor", folder["pets"], "--set", "blurry=3").expectFailure(64, saying: "blurry.threshold=80")
    try Program.run("doctor", folder["pets"], "--set", "blurry.level=3").expectFailure(64, saying: "level")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder["index.html"]))
    try Program.run("doctor", folder["pets"], "-o", folder.path).expectFailure(saying: "choose another folder")
    #expect(try String(contentsOfFile: folder["index.html"], encoding: .utf8) == "mine")
  }
}
