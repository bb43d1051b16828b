import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageDecoderTests {
  /// The largest difference to Pillow's pixels. Lossy kinds may be decoded by another release of their library.
  static let tolerances: [String: Float] = [
    "baseline.jpg": 4, "progressive.jpg": 4, "gray.jpg": 2, "full-color.jpg": 3, "restarts.jpg": 4, "ink.jpg": 4,
    "lossy.webp": 6,
    "translucent.png": 0, "translucent.webp": 0, "rgb.png": 0, "palette.png": 0, "bottom-up.bmp": 0,
    "lossless.webp": 0, "plain.tif": 0, "packed.tif": 0, "plain.ppm": 0, "plain.pgm": 0,
  ]

  @Test(arguments: tolerances.keys.sorted())
  func decodesAsPillowDoes(_ name: String) throws {
    let expected = try #require(try Fixtures.json("decoded", as: [String: Fixtures.Array].self)[name])
    let image = try ImageDecoder().decode(path: Fixtures.path(name))
    #expect(image.distance(to: try expected.image()) <= Self.tolerances[name]!)
    guard case .bytes = image.pixels else {
      Issue.record("decoded pixels are bytes")
      return
    }
  }

  @Test func decodesBytesAsItDoesFiles() throws {
    let bytes = try Fixtures.bytes("rgb.png")
    #expect(try ImageDecoder().decode(bytes) == ImageDecoder().decode(path: Fixtures.path("rgb.png")))
  }

  @Test(arguments: [
    "rgb.png", "full-color.jpg", "ink.jpg", "translucent.png", "plain.pgm", "bottom-up.bmp", "lossless.webp",
  ])
  func decodesToGrayAsItConverts(_ name: String) throws {
    let gray = try ImageDecoder(colorModel: .gray).decode(path: Fixtures.path(name))
    let converted = try ImageDecoder().decode(path: Fixtures.path(name)).gray()
    #expect(gray.channels == 1)
    #expect(gray.distance(to: converted) <= (name.hasSuffix("jpg") ? 2 : 0))
  }

  @Test func keepsOpacityWhereAsked() throws {
    let image = try ImageDecoder(colorModel: .rgba).decode(path: Fixtures.path("translucent.png"))
    let expected = (0..<22 * 14).map { (Float($0) * 255 / Float(22 * 14 - 1)).rounded(.toNearestOrEven) }
    #expect(image.channels == 4)
    #expect(image.opacities == expected)
  }

  @Test func opaquePicturesAreFullyOpaque() throws {
    for name in ["rgb.png", "baseline.jpg", "ink.jpg", "gray.jpg"] {
      let image = try ImageDecoder(colorModel: .rgba).decode(path: Fixtures.path(name))
      #expect(image.opacities.allSatisfy { $0 == 255 })
    }
  }

  @Test func toleratesWhatFollowsTheEnd() throws {
    for name in ["baseline.jpg", "rgb.png"] {
      let bytes = try Fixtures.bytes(name)
      let trailed = try ImageDecoder().decode(bytes + [0, 0xFF, 0xD8, 0xFF] + bytes)
      #expect(try trailed == ImageDecoder().decode(bytes))
    }
  }

  /// The largest of 1/2, 1/4 and 1/8 that leaves at least the wanted size.
  @Test(arguments: [(32, 24), (33, 24), (64, 48), (65, 1), (128, 97), (1, 1)])
  func reducesAsFarAsTheSizeAllows(_ width: Int, _ height: Int) throws {
    let source = try TestPictures.ramp(width: 256, height: 192)
    let bytes = try ImageEncoder.jpeg(quality: 98).encode(source)
    let image = try ImageDecoder(sufficientSize: ImageSize(width: width, height: height)).decode(bytes)
    let factor = [8, 4, 2, 1].first { 256 / $0 >= width && 192 / $0 >= height }!
    #expect(image.shape == [3, 192 / factor, 256 / factor])
    // On a ramp the scaled decoding is the mean of what it covers.
    #expect(image.distance(to: try source.resized(width: 256 / factor, height: 192 / factor)) <= 4)
  }

  @Test func doesNotReduceWhatIsNoJPEG() throws {
    let decoder = ImageDecoder(sufficientSize: ImageSize(width: 2, height: 2))
    #expect(try decoder.decode(path: Fixtures.path("rgb.png")).shape == [3, 14, 22])
  }

  @Test func reducedDecodingComesFromTheFirstStep() {
    let size = ImageSize(width: 64, height: 48)
    #expect(ImageDecoder(for: [Resize(width: 64, height: 48, reducedDecoding: true)]).sufficientSize == size)
    #expect(ImageDecoder(for: [Letterbox(width: 64, height: 48, reducedDecoding: true)]).sufficientSize == size)
    #expect(ImageDecoder(for: [Resize(width: 64, height: 48)]).sufficientSize == nil)
    #expect(
      ImageDecoder(for: [Pad(all: 3), Resize(width: 64, height: 48, reducedDecoding: true)]).sufficientSize == nil)
    #expect(ImageDecoder(for: []).sufficientSize == nil)
  }
}

extension Image {
  fileprivate var opacities: [Float] {
    let values = floats
    return stride(from: 3, to: values.count, by: 4).map { values[$0] }
  }
}

/// Pictures made by formula.
enum TestPictures {
  static func ramp(width: Int, height: Int) throws -> Image {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bytes += [UInt8(255 * x / (width - 1)), UInt8(255 * y / (height - 1)), UInt8(127 * (x + y) / (width + height))]
      }
    }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
  }
}
