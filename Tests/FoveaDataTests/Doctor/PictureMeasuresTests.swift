import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

/// Expected figures are NumPy's and SciPy's for the same picture.
struct PictureMeasuresTests {
  private func pattern() throws -> Image {
    let bytes = (0..<1024).map { place in
      let (x, y) = (place % 32, place / 32)
      return UInt8((x * x * 3 + y * 7 * x + y * y * 5) / 7 % 256)
    }
    return try Image(width: 32, height: 32, channels: 1, pixels: .bytes(bytes))
  }

  @Test func measuresAsNumPyDoes() throws {
    let measures = try PictureMeasures(pattern())
    #expect(abs(measures.entropy - 7.841742623153727) < 1e-9)
    #expect(abs(measures.sharpness - 60731.54065555556) < 1e-4)
    #expect(abs(measures.contrast - 73.94475039406005) < 1e-9)
    #expect((measures.darkest * 255).rounded() == 11)
    #expect((measures.brightest * 255).rounded() == 253)
    // numpy: d = dct(dct(a, axis=0), axis=1)[:8, :8]; d > median(d)
    #expect(measures.hash.frequencies == 0x8b0a_1b1b_3bfa_7306)
  }

  @Test func takesPicturesOfAnySize() throws {
    for (width, height) in [(1, 1), (2, 300), (3, 3), (300, 1)] {
      let image = try Image(
        width: width, height: height, channels: 1, pixels: .bytes(Array(repeating: 100, count: width * height)))
      let measures = try PictureMeasures(image)
      #expect(measures.entropy == 0 && measures.sharpness == 0 && measures.contrast == 0)
      #expect(measures.darkest == measures.brightest)
    }
  }

  @Test func looksStayTheSameWhenAPictureIsResizedAndCompressed() throws {
    func hash(_ image: Image) throws -> PerceptualHash { try PictureMeasures(image.gray()).hash }
    let images = try (0..<20).map { try MadePicture.photograph(UInt64($0)) }
    for (number, image) in images.enumerated() {
      let own = try hash(image)
      let small = try image.resized(width: 58, height: 43)
      let copy = try hash(ImageDecoder().decode(MadePicture.jpeg(small, quality: 50)))
      #expect((own.frequencies ^ copy.frequencies).nonzeroBitCount <= 6)
      #expect(own.correlation(with: copy) > 0.98)
      for other in images[..<number] {
        #expect(try (own.frequencies ^ hash(other).frequencies).nonzeroBitCount > 7)
      }
    }
  }
}
