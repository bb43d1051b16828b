import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageColorTests {
  private func pixel(_ values: [Float]) throws -> Image {
    try Image(width: 1, height: 1, channels: values.count, pixels: .floats(values))
  }

  @Test func weighsColorsAsTheStandardSays() throws {
    // ITU-R BT.601.
    for (color, expected) in [
      ([255, 0, 0], 76.245), ([0, 255, 0], 149.685), ([0, 0, 255], 29.07), ([255, 255, 255], 255),
    ] as [([Float], Float)] {
      #expect(abs(try pixel(color).gray().floats[0] - expected) < 0.01)
      let bytes = try Image(width: 1, height: 1, channels: 3, pixels: .bytes(color.map { UInt8($0) }))
      #expect(try bytes.gray().pixels == .bytes([UInt8(expected.rounded())]))
    }
  }

  @Test func repeatsGray() throws {
    #expect(try pixel([7]).rgb().pixels == .floats([7, 7, 7]))
    #expect(try Image.gray([[1, 2]]).rgb().pixels == .bytes([1, 1, 1, 2, 2, 2]))
  }

  @Test func dropsOpacity() throws {
    #expect(try pixel([1, 2, 3, 4]).rgb().pixels == .floats([1, 2, 3]))
    #expect(try pixel([9, 9, 9, 4]).gray().channels == 1)
  }

  @Test func leavesWhatIsRightAlready() throws {
    #expect(try pixel([1]).gray() == pixel([1]))
    #expect(try pixel([1, 2, 3]).rgb() == pixel([1, 2, 3]))
  }

  @Test func refusesOtherChannels() throws {
    let expected = "1 (gray), 3 (RGB) or 4 (RGBA) channels"
    #expect(throws: ImageError.invalidInput(kind: "toGrayscale", expected: expected, got: "2")) {
      try pixel([1, 2]).gray()
    }
    #expect(throws: ImageError.invalidInput(kind: "toRGB", expected: expected, got: "5")) {
      try pixel([1, 2, 3, 4, 5]).rgb()
    }
  }

  @Test func roundsFloatsToBytes() throws {
    #expect(try pixel([-3, 254.6, 300]).bytes().pixels == .bytes([0, 255, 255]))
    #expect(try pixel([.nan, 1.4, 1.5]).bytes().pixels == .bytes([0, 1, 2]))
    #expect(try pixel([.infinity, -.infinity, 0]).bytes().pixels == .bytes([255, 0, 0]))
  }
}
