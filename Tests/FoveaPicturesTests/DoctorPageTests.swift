import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import Testing

@testable import FoveaPictures

struct DoctorPageTests {
  /// Two classes of pictures, of which some are one, one is blank, and one class has a name that is no HTML.
  private func diagnosis() throws -> Diagnosis {
    var random = SeededRandom(seed: 1)
    var images = try (0..<30).map { _ in
      try Image(
        width: 24, height: 20, channels: 3, pixels: .bytes((0..<1440).map { _ in UInt8(random.next() % 256) }))
    }
    images[7] = images[3]
    images[12] = try Image(width: 24, height: 20, channels: 3, pixels: .bytes(Array(repeating: 90, count: 1440)))
    let data = try ArrayDataset(
      images, targets: images.indices.map { $0 % 2 }, labels: ["<b>cats</b>", "dogs"], name: "set")
    let survey = DataSurvey([.init(Dataset(data))], on: WorkerPool(count: 1))
    var registry = Registry()
    try BuiltinChecks.register(in: &registry)
    return Diagnosis(
      survey,
      checks: try ["exactDuplicates", "lowInformation", "blurry"].map {
        try registry.makeCheck(KindDescription(kind: $0))
      })
  }

  @Test func isOneFileThatNeedsNothingFromElsewhere() throws {
    let page = DoctorPage(try diagnosis(), title: "a <script> & \"more\"", thumbnails: 10, on: WorkerPool(count: 1))
      .html
    #expect(!page.contains("<script") && !page.contains("http") && !page.contains("<b>cats"))
    #expect(page.contains("a &lt;script&gt; &amp; &quot;more&quot;") && page.contains("&lt;b&gt;cats"))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("max-width: 640px"))
    // Two copies and a blank one.
    #expect(page.components(separatedBy: "src=\"data:image/").count == 1 + 3)
    #expect(page.contains("2 copies of one file") && page.contains("entropy 0 bits"))
  }

  @Test func showsNoMorePicturesThanAskedFor() throws {
    let none = DoctorPage(try diagnosis(), title: "set", thumbnails: 0, on: WorkerPool(count: 1)).html
    #expect(!none.contains("src=\"data:image/") && none.contains("and 1 more in findings.json"))
    let page = DoctorPage(try diagnosis(), title: "set", thumbnails: 1, on: WorkerPool(count: 1)).html
    #expect(page.components(separatedBy: "src=\"data:image/").count == 1 + 2)
    #expect(page.contains("and 1 image more"))
  }

  @Test func replacesItsOwnPagesOnly() throws {
    let folder = try TemporaryFolder()
    let page = DoctorPage(try diagnosis(), title: "set", thumbnails: 2, on: WorkerPool(count: 1))
    let out = folder.path + "/report"
    try page.write(to: out, findings: "{}")
    try page.write(to: out, findings: "{\"a\": 1}")
    #expect(try String(contentsOfFile: out + "/findings.json", encoding: .utf8) == "{\"a\": 1}\n")
    for name in ["index.html", "findings.json"] {
      let other = folder.path + "/other-" + name
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: other + "/" + name))
      #expect(throws: FileError.self) { try page.write(to: other, findings: "{}") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: other) == [name])
    }
  }
}
