import Foundation
import FoveaCore
import FoveaImage
import Testing

/// What `Tests/Fixtures/Generators/input_fixtures.py` has made, and what Pillow sees in it.
@Suite struct FrameTests {
  private struct Seen: Decodable {
    let width: Int
    let height: Int
    let frames: [[UInt8]]
  }

  private static let folder = Fixtures.folder.deletingLastPathComponent().appendingPathComponent("Inputs")
  private let decoder = ImageDecoder()

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(name)))
  }

  private func seen(_ name: String) throws -> Seen {
    let all = try JSONDecoder().decode(
      [String: Seen].self, from: Data(contentsOf: Self.folder.appendingPathComponent("frames.json")))
    return try #require(all[name])
  }

  @Test(arguments: ["cleared.gif", "kept.gif", "restored.gif", "animated.webp"])
  func framesAreThoseThatPillowSees(name: String) throws {
    let expected = try seen(name)
    guard case .animation(let reader)? = try SeveralFrames(bytes(name), name: name, decoder) else {
      Issue.record("\(name) has one frame")
      return
    }
    var count = 0
    while let frame = try reader.next({ _, _ in true }) {
      #expect(frame.number == count && frame.image.size == ImageSize(width: expected.width, height: expected.height))
      #expect(frame.image.pixels == .bytes(expected.frames[count]), "\(name) \(count)")
      count += 1
    }
    #expect(count == expected.frames.count)
  }

  @Test func pagesAreThoseThatPillowSees() throws {
    let expected = try seen("pages.tif")
    guard case .pages(let pages)? = try SeveralFrames(bytes("pages.tif"), name: "t", decoder) else {
      Issue.record("it has one page")
      return
    }
    #expect(pages.count == expected.frames.count)
    for (page, pixels) in zip(pages, expected.frames) {
      var file = try bytes("pages.tif")
      TIFFPages.select(page, in: &file)
      #expect(try decoder.decode(file).pixels == .bytes(pixels))
    }
  }

  /// A chain of pages that leads back, or out of the file, ends.
  @Test func chainsOfPagesEnd() throws {
    var file = try bytes("pages.tif")
    guard case .pages(let pages)? = try SeveralFrames(file, name: "t", decoder) else { return }
    let entries = Int(file[pages[1]])
    file.replaceSubrange(
      (pages[1] + 2 + 12 * entries)..<(pages[1] + 6 + 12 * entries),
      with: withUnsafeBytes(of: UInt32(pages[0]).littleEndian) { Array($0) })
    guard case .pages(let around)? = try SeveralFrames(file, name: "t", decoder) else { return }
    #expect(around.count == 2)
    file[pages[1] + 5 + 12 * entries] = 0x70
    guard case .pages(let out)? = try SeveralFrames(file, name: "t", decoder) else { return }
    #expect(out.count == 3)
    TIFFPages.select(out[2], in: &file)
    #expect(throws: ImageError.self) { try decoder.decode(file) }
  }

  /// Whatever bytes are changed, nothing crashes and nothing goes on for ever.
  @Test(arguments: ["cleared.gif", "restored.gif", "animated.webp", "pages.tif"])
  func damageIsAnErrorOrOtherFrames(name: String) throws {
    let whole = try bytes(name)
    for place in whole.indices {
      for value in [0, 255, whole[place] ^ 4] {
        var file = whole
        file[place] = value
        guard case .animation(let reader)? = try? SeveralFrames(file, name: name, decoder) else { continue }
        var count = 0
        while (try? reader.next({ _, _ in true })) != nil { count += 1 }
        #expect(count <= 200)
      }
    }
    for count in stride(from: 0, to: whole.count, by: 7) {
      guard case .animation(let reader)? = try? SeveralFrames(Array(whole.prefix(count)), name: name, decoder) else {
        continue
      }
      while (try? reader.next({ _, _ in true })) != nil {}
    }
  }
}
