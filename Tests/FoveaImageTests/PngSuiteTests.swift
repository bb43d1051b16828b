import Foundation
import FoveaCore
import FoveaImage
import Testing

/// Willem van Schaik's PngSuite: every kind of PNG, with reference pixels as BMP, and 14 files that are corrupt.
@Suite(.enabled(if: SharedData.has("pngsuite/png"), "PngSuite is not in the shared data"))
struct PngSuiteTests {
  private static let all = SharedData.files("pngsuite/png", ending: "png")
  static let corrupt = all.filter { $0.lastPathComponent.hasPrefix("x") }.map(\.path)
  static let good = all.filter { !$0.lastPathComponent.hasPrefix("x") }.map(\.path)

  @Test func isComplete() {
    #expect(Self.corrupt.count == 14)
    #expect(Self.good.count == 161)
  }

  @Test(arguments: good)
  func matchesTheReference(_ path: String) throws {
    let image = try ImageDecoder(colorModel: .rgba).decode(path: path)
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let reference = try BitmapReference(
      Data(contentsOf: #require(SharedData.folder).appendingPathComponent("pngsuite/bmp/\(name).bmp")))
    try #require(image.shape == [4, reference.height, reference.width])
    // The reference rounds 16-bit gray; elsewhere it takes the upper byte, as we do everywhere.
    let isWideGray = name.hasSuffix("0g16")
    let values = image.floats
    var worst: Float = 0
    for index in 0..<reference.pixels.count where index % 4 == 3 || reference.pixels[index / 4 * 4 + 3] != 0 {
      worst = max(worst, abs(values[index] - Float(reference.pixels[index])))
    }
    #expect(worst <= (isWideGray ? 1 : 0))
  }

  @Test(arguments: good)
  func laysTransparencyOverWhite(_ path: String) throws {
    let whole = try ImageDecoder(colorModel: .rgba).decode(path: path).floats
    let flat = try ImageDecoder().decode(path: path).floats
    for pixel in 0..<whole.count / 4 {
      let opacity = whole[4 * pixel + 3] / 255
      for channel in 0..<3 {
        let expected = whole[4 * pixel + channel] * opacity + 255 * (1 - opacity)
        try #require(abs(flat[3 * pixel + channel] - expected) <= 0.51)
      }
    }
  }

  @Test(arguments: corrupt)
  func refusesWhatIsCorrupt(_ path: String) {
    let error = #expect(throws: ImageError.self) { try ImageDecoder().decode(path: path) }
    guard case .undecodable(let source, let reason, _) = error else {
      Issue.record("expected 'undecodable', got \(String(describing: error))")
      return
    }
    #expect(source == "'\(path)'")
    #expect(!reason.isEmpty)
  }
}

/// A BMP of 32 bits with a mask for each channel, read independently of the decoder under test.
struct BitmapReference {
  let width: Int
  let height: Int
  /// RGBA, upper row first.
  let pixels: [UInt8]

  init(_ data: Data) throws {
    let bytes = [UInt8](data)
    func u32(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) } }
    try #require(u32(28) & 0xFFFF == 32 && u32(30) == 3, "the reference is of another kind")
    let rows = Int32(bitPattern: u32(22))
    width = Int(u32(18))
    height = Int(rows.magnitude)
    let start = Int(u32(10))
    let masks = [u32(54), u32(58), u32(62), u32(66)]
    var result: [UInt8] = []
    for y in 0..<height {
      let row = rows > 0 ? height - 1 - y : y
      for x in 0..<width {
        let value = u32(start + 4 * (row * width + x))
        result += masks.map { UInt8((value & $0) >> UInt32($0.trailingZeroBitCount)) }
      }
    }
    pixels = result
  }
}
