import Foundation
import FoveaCore
import FoveaImage
import FoveaProjection
import Testing

@testable import FoveaPictures

@Suite struct EmbeddingPageTests {
  private let pool = WorkerPool(count: 2)

  private func page(_ count: Int = 12, side: Int = 20) throws -> EmbeddingPage {
    let plane = Points((0..<2 * count).map { Float($0 * $0 % 17) }, dimensions: 2)
    let entries = (0..<count).map {
      EmbeddingFile.Entry(path: "set/a/<!--<script>\($0).png", label: $0 % 2 == 0 ? "<b>cats" : "dogs")
    }
    return try EmbeddingPage(
      .init(
        title: "a <script> & more", explanation: "by layer <f>", plane: plane, entries: entries,
        neighbors: NeighborGraph(of: plane, neighbors: 3, on: pool)),
      on: pool
    ) { number, _ in
      guard number != 5 else { return nil }
      return try? Image(
        width: side, height: side / 2, channels: 1,
        pixels: .bytes(Array(repeating: UInt8(10 + number), count: side * (side / 2))))
    }
  }

  private func data(_ html: String) throws -> [String: Any] {
    let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    let object = try JSONSerialization.jsonObject(with: Data(html[start.upperBound..<end.lowerBound].utf8))
    return try #require(object as? [String: Any])
  }

  @Test func holdsAllThatItsScriptDraws() throws {
    let page = try page()
    let html = page.html
    #expect(
      !html.contains("<!--") && !html.contains("http") && !html.contains("<b>cats") && !html.contains("a <script>"))
    // Nothing that a name holds ends the data.
    #expect(html.components(separatedBy: "</script>").count == 3)
    let data = try data(html)
    #expect(data["labels"] as? [String] == ["<b>cats", "dogs"])
    #expect(data["folder"] as? String == "set/a/")
    #expect((data["paths"] as? [String])?[3] == "<!--<script>3.png")
    let places = try #require(Data(base64Encoded: data["places"] as? String ?? ""))
    #expect(places.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == (0..<24).map { Float($0 * $0 % 17) })
    let extents = try #require(Data(base64Encoded: data["extents"] as? String ?? ""))
    #expect(extents.count == 24 && Array(extents[8..<12]) == [20, 10, 0, 0])
    #expect(data["each"] as? Int == 3 && data["sheets"] as? [String] == ["pictures-0.png"])
  }

  @Test func picturesLieBesideIt() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/map"
    try page().write(to: out)
    let sheet = try ImageDecoder().read(path: out + "/pictures-0.png").image
    #expect(sheet.width == 12 * 48 && sheet.height == 48)
    guard case .bytes(let pixels) = try sheet.bytes().pixels else { throw CocoaError(.coderInvalidValue) }
    #expect(pixels[3 * 48 * sheet.channels] == 13 && pixels[5 * 48 * sheet.channels] == 0)
    // Larger ones become smaller.
    let large = try page(3, side: 200)
    #expect(try data(large.html)["sheets"] as? [String] == ["pictures-0.jpg"])
    #expect(Array(try #require(Data(base64Encoded: data(large.html)["extents"] as? String ?? ""))[0..<2]) == [48, 24])
  }

  @Test func replacesItsOwnPagesOnly() throws {
    let folder = try TemporaryFolder()
    try page().write(to: folder.path + "/map")
    try page().write(to: folder.path + "/map")
    try FileManager.default.createDirectory(atPath: folder.path + "/mine", withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/mine/index.html"))
    #expect(throws: FileError.self) { try page().write(to: folder.path + "/mine") }
  }
}
