import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageCropAndPadTests {
  private let image: Image

  init() throws {
    image = try Image.gray([[1, 2, 3], [4, 5, 6]])
  }

  @Test func cropsWhatIsInside() throws {
    #expect(try image.cropped(to: PixelRect(x: 1, y: 0, width: 2, height: 2)) == Image.gray([[2, 3], [5, 6]]))
    #expect(try image.cropped(to: PixelRect(x: 0, y: 1, width: 1, height: 1)) == Image.gray([[4]]))
    #expect(try image.cropped(to: PixelRect(x: 0, y: 0, width: 3, height: 2)) == image)
  }

  @Test func cropsAllChannels() throws {
    let colors = try Image(width: 2, height: 2, channels: 3, pixels: .floats((0..<12).map(Float.init)))
    #expect(
      try colors.cropped(to: PixelRect(x: 1, y: 0, width: 1, height: 2)).pixels == .floats([3, 4, 5, 9, 10, 11]))
  }

  @Test(arguments: [(-1, 0, 1, 1), (0, 0, 4, 1), (2, 0, 2, 1), (0, 1, 1, 2), (0, 0, 0, 1), (Int.max, 0, 1, 1)])
  func refusesToCropOutside(_ x: Int, _ y: Int, _ width: Int, _ height: Int) throws {
    #expect(throws: ImageError.self) { try image.cropped(to: PixelRect(x: x, y: y, width: width, height: height)) }
  }

  @Test func padsWithAValue() throws {
    #expect(
      try image.padded(top: 1, left: 2, fill: 9)
        == Image.gray([[9, 9, 9, 9, 9], [9, 9, 1, 2, 3], [9, 9, 4, 5, 6]]))
    #expect(
      try image.padded(bottom: 1, right: 1, fill: 300)
        == Image.gray([[1, 2, 3, 255], [4, 5, 6, 255], [255, 255, 255, 255]])
    )
  }

  @Test func padsWithTheEdge() throws {
    #expect(
      try image.padded(top: 1, bottom: 1, left: 1, right: 2, border: .replicate)
        == Image.gray([[1, 1, 2, 3, 3, 3], [1, 1, 2, 3, 3, 3], [4, 4, 5, 6, 6, 6], [4, 4, 5, 6, 6, 6]]))
  }

  @Test func floatsKeepTheFill() throws {
    let floats = try Image(width: 1, height: 1, channels: 2, pixels: .floats([5, 6]))
    #expect(try floats.padded(left: 1, fill: -0.1).pixels == .floats([-0.1, -0.1, 5, 6]))
  }

  @Test func refusesNegativeMargins() {
    #expect(throws: ImageError.self) { try image.padded(top: -1) }
    #expect(throws: ImageError.self) { try image.padded(left: 32_766) }
  }
}
