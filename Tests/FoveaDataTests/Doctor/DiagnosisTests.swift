import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

/// A folder with two parts that is spoiled on purpose: each check must find what was done, all of it and nothing else.
struct DiagnosisTests {
  private static let spoiled = Result { try SpoiledFolder() }
  private let folder: TemporaryFolder
  private let diagnosis: Diagnosis

  init() throws {
    let spoiled = try Self.spoiled.get()
    (folder, diagnosis) = (spoiled.folder, spoiled.diagnosis)
  }

  /// The paths of each finding of a check, below the folder.
  private func found(_ check: String) throws -> Set<Set<String>> {
    let report = try #require(diagnosis.reports.first { $0.check == check })
    return Set(
      report.findings.map { finding in
        Set(finding.pictures.map { String(diagnosis.survey.path(of: $0).dropFirst(folder.path.count + 1)) })
      })
  }

  @Test(arguments: [
    ("unreadable", ["train/cats/cut.jpg", "train/cats/empty.jpg", "train/dogs/page.jpg"]),
    ("oddFiles", ["train/cats/endless.jpg", "train/dogs/png.jpg"]),
    // The slope of 16×16 that is stored as CMYK has no edge, and is small.
    ("blurry", ["train/cats/blurred.jpg", "train/dogs/cmyk.jpg"]),
    ("dark", ["train/cats/dark.jpg"]),
    ("bright", ["train/dogs/bright.jpg"]),
    ("lowInformation", ["train/dogs/blank.png"]),
    ("oddSizes", ["train/cats/tiny.jpg", "train/dogs/cmyk.jpg"]),
    ("oddProportions", ["train/cats/long.jpg"]),
    ("wrongLabels", ["train/cats/3.jpg", "validation/dogs/2.jpg"]),
    ("colorSpaces", ["train/dogs/cmyk.jpg", "train/dogs/gray.jpg"]),
  ]) func findsAllOfItAndNothingElse(check: String, files: [String]) throws {
    #expect(try found(check) == Set(files.map { [$0] }))
  }

  @Test func findsCopiesAndSaysWhereTheyLie() throws {
    #expect(
      try found("exactDuplicates") == [
        ["train/cats/1.jpg", "train/cats/1-copy.jpg"], ["train/cats/2.jpg", "train/dogs/cat-2.jpg"],
        ["train/dogs/7.jpg", "validation/dogs/leak.jpg"],
      ])
    let exact = try #require(diagnosis.reports.first { $0.check == "exactDuplicates" }).findings
    #expect(exact.map(\.across) == [["parts"], ["classes"], []])
    #expect(exact.map(\.weight) == [.defect, .defect, .taste])
    #expect(
      try found("nearDuplicates") == [
        ["train/cats/4.jpg", "train/cats/4-small.jpg"], ["train/dogs/9.jpg", "validation/dogs/9-bright.jpg"],
        ["train/cats/10.jpg", "train/dogs/10-cat.jpg"],
      ])
    let near = try #require(diagnosis.reports.first { $0.check == "nearDuplicates" }).findings
    #expect(near.map(\.across) == [["parts"], ["classes"], []])
    #expect(near.allSatisfy { ($0.figure ?? 99) <= ($0.threshold ?? 0) })
  }

  @Test func countsTheClassesThatAreLearned() throws {
    let small = try #require(diagnosis.reports.first { $0.check == "smallClasses" }).findings
    #expect(small.map(\.text) == ["fish: 0 images", "birds: 3 images"])
    #expect(small.map(\.weight) == [.defect, .taste])
    let rare = try #require(diagnosis.reports.first { $0.check == "unbalancedClasses" }).findings
    #expect(rare.count == 1 && rare[0].text.hasPrefix("birds: 3 images, ") && (rare[0].figure ?? 0) > 9)
  }

  @Test func tellsWhatItIsWithJSON() throws {
    let data = try JSONEncoder().encode(diagnosis)
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let findings = try #require(root["findings"] as? [[String: Any]])
    #expect(findings.count == diagnosis.findings.count)
    let leak = try #require(
      findings.first { $0["kind"] as? String == "exactDuplicates" && $0["across"] as? [String] == ["parts"] })
    let files = try #require(leak["files"] as? [[String: String]])
    #expect(files.map { $0["part"] } == ["training", "validation"] && files.allSatisfy { $0["class"] == "dogs" })
    let summary = try #require(root["summary"] as? [String: Any])
    #expect(summary["unreadable"] as? Int == 3 && summary["pictures"] as? Int == diagnosis.survey.pictures.count)
  }

  @Test func findsTheSameByAnotherNumberOfThreads() throws {
    // Looked at once more, by another number of threads: the same findings.
    let again = Diagnosis(
      DataSurvey(try DataSurvey.open(folder.path), on: WorkerPool(count: 1)), checks: [ExactDuplicates(), Blurry()])
    let before = diagnosis.reports.filter { ["exactDuplicates", "blurry"].contains($0.check) }
    #expect(Set(again.reports.map(\.check)) == Set(before.map(\.check)))
    for report in again.reports {
      #expect(before.contains { $0.check == report.check && $0.findings == report.findings })
    }
  }
}

/// Made once for all tests, which only look at it.
private struct SpoiledFolder: Sendable {
  let folder: TemporaryFolder
  let diagnosis: Diagnosis

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    for number in 0..<30 {
      for (label, name) in ["cats", "dogs"].enumerated() {
        let image = try MadePicture.photograph(UInt64(number * 2 + label))
        try folder.write(try MadePicture.jpeg(image), to: "train/\(name)/\(number).jpg")
      }
    }
    for number in 0..<8 {
      for (label, name) in ["cats", "dogs"].enumerated() {
        let image = try MadePicture.photograph(UInt64(1000 + number * 2 + label))
        try folder.write(try MadePicture.jpeg(image), to: "validation/\(name)/\(number).jpg")
      }
    }
    for number in 0..<3 {
      let image = try MadePicture.photograph(UInt64(2000 + number))
      try folder.write(try MadePicture.jpeg(image), to: "train/birds/\(number).jpg")
    }
    try folder.folder("train/fish")
    try Self.spoil(folder)
    var survey = DataSurvey(try DataSurvey.open(folder.path), on: WorkerPool(count: 2))
    let sure = ["train/cats/3.jpg": "dogs", "validation/dogs/2.jpg": "cats"]
    let opinions = Dictionary(
      uniqueKeysWithValues: sure.map { ($0, LabelOpinion(label: $1, confidence: 0.95, ownConfidence: 0.05)) })
    for (number, part) in survey.parts.enumerated() {
      let all = (0..<part.dataset.count).map { example -> LabelOpinion? in
        let path = String(part.dataset.identifier(at: example).dropFirst(folder.path.count + 1))
        let label = part.dataset.labels[part.dataset.targets.classes?[example] ?? 0]
        // One is wrong about itself, but not as sure as it is of others of that class.
        if path == "train/dogs/5.jpg" { return LabelOpinion(label: "cats", confidence: 0.6, ownConfidence: 0.4) }
        return opinions[path] ?? LabelOpinion(label: label, confidence: 0.9, ownConfidence: 0.9)
      }
      survey.add(all, ofPart: number)
    }
    diagnosis = Diagnosis(survey, checks: try BuiltinChecks.all.map { try makeCheck($0) })
  }

  private static func spoil(_ folder: TemporaryFolder) throws {
    func photograph(_ seed: UInt64) throws -> Image { try MadePicture.photograph(seed) }
    let whole = try MadePicture.jpeg(photograph(3001))
    try folder.write(Array(whole.prefix(whole.count * 6 / 10)), to: "train/cats/cut.jpg")
    try folder.write([], to: "train/cats/empty.jpg")
    try folder.write("<html>not found</html>", to: "train/dogs/page.jpg")
    try folder.write(Array(whole.dropLast(2)), to: "train/cats/endless.jpg")
    try folder.write(try ImageEncoder.png().encode(photograph(3008)), to: "train/dogs/png.jpg")
    try folder.write(StoredColorTests.cmyk, to: "train/dogs/cmyk.jpg")
    try folder.write(MadePicture.jpeg(photograph(3002).gray()), to: "train/dogs/gray.jpg")
    try folder.write(MadePicture.jpeg(photograph(3003).blurred(by: 8)), to: "train/cats/blurred.jpg")
    try folder.write(MadePicture.jpeg(photograph(3004).mapped { $0 / 5 }), to: "train/cats/dark.jpg")
    try folder.write(MadePicture.jpeg(photograph(3005).mapped { 205 + $0 / 6 }), to: "train/dogs/bright.jpg")
    try folder.writePicture(128, to: "train/dogs/blank.png", width: 96, height: 72)
    try folder.write(MadePicture.jpeg(MadePicture.photograph(3006, width: 20, height: 15)), to: "train/cats/tiny.jpg")
    try folder.write(MadePicture.jpeg(MadePicture.photograph(3007, width: 200, height: 40)), to: "train/cats/long.jpg")
    // Copies, byte for byte: in one class, in two, in two parts.
    func copy(_ from: String, _ to: String) throws {
      try FileManager.default.copyItem(atPath: folder.path + "/" + from, toPath: folder.path + "/" + to)
    }
    try copy("train/cats/1.jpg", "train/cats/1-copy.jpg")
    try copy("train/cats/2.jpg", "train/dogs/cat-2.jpg")
    try copy("train/dogs/7.jpg", "validation/dogs/leak.jpg")
    // The same picture, in another file.
    func change(_ seed: UInt64, _ to: String, _ change: (Image) throws -> Image) throws {
      try folder.write(MadePicture.jpeg(change(photograph(seed)), quality: 45), to: to)
    }
    try change(8, "train/cats/4-small.jpg") { try $0.resized(width: 62, height: 46) }
    try change(19, "validation/dogs/9-bright.jpg") { try $0.mapped { $0 * 1.12 } }
    try change(20, "train/dogs/10-cat.jpg") { try $0.resized(width: 150, height: 112, interpolation: .bilinear) }
  }
}

/// With the settings that it has by itself.
private func makeCheck<C: DataCheck>(_ type: C.Type) throws -> any DataCheck {
  let check = type.init()
  try check.checkSettings()
  return check
}
