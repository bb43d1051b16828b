import Foundation
import FoveaCore
import FoveaImage
import Testing

@Suite struct AnimatedPNGTests {
  /// A frame as a file has it, drawn over those before by libpng: a still picture is made of each frame's chunks.
  private struct Reading {
    var frames: [(image: Image, milliseconds: Int, rect: [Int])] = []
    var count = 0
    var loops = 0

    init(_ file: [UInt8]) throws {
      func u32(_ at: Int) -> Int { file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
      var offset = 8
      var (header, control): ([UInt8], [UInt8]?) = ([], nil)
      var sequence = 0
      var canvas: [UInt8] = []
      while offset < file.count {
        let length = u32(offset)
        let kind = String(decoding: file[offset + 4..<offset + 8], as: UTF8.self)
        let data = Array(file[offset + 8..<offset + 8 + length])
        offset += 12 + length
        switch kind {
        case "IHDR": header = data
        case "acTL": (count, loops) = (u32(offset - 4 - 8), u32(offset - 4 - 4))
        case "fcTL":
          control = data
          #expect(data[0..<4].reduce(0) { $0 << 8 | Int($1) } == sequence)
          sequence += 1
        case "IDAT", "fdAT":
          let control = try #require(control)
          let number = { (at: Int) in control[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
          let (width, height, x, y) = (number(4), number(8), number(12), number(16))
          if kind == "fdAT" {
            #expect(data[0..<4].reduce(0) { $0 << 8 | Int($1) } == sequence)
            sequence += 1
          }
          let still =
            Array(file[0..<8]) + Self.chunk("IHDR", Array(control[4..<12]) + header[8...])
            + Self.chunk("IDAT", kind == "fdAT" ? Array(data[4...]) : data) + Self.chunk("IEND", [])
          let part = try ImageDecoder(colorModel: .rgba).decode(still)
          guard case .bytes(let pixels) = part.pixels else { return }
          let whole = (width: Int(header[3]), channels: 4)
          if canvas.isEmpty { canvas = pixels }
          for row in 0..<height {
            let start = ((y + row) * whole.width + x) * whole.channels
            let count = width * whole.channels
            for (place, pixel) in zip(stride(from: start, to: start + count, by: 4), row * width..<(row + 1) * width) {
              // Laid over what is there, where it is transparent.
              if control[25] == 1 && pixels[4 * pixel + 3] == 0 { continue }
              canvas.replaceSubrange(place..<place + 4, with: pixels[4 * pixel..<4 * pixel + 4])
            }
          }
          let delay = Int(control[20]) << 8 | Int(control[21])
          #expect(Int(control[22]) << 8 | Int(control[23]) == 1000)
          let image = try Image(
            width: whole.width, height: Int(header[7]), channels: whole.channels, pixels: .bytes(canvas))
          frames.append((image, delay, [x, y, width, height]))
        default: break
        }
      }
    }

    private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
      func bytes(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
      let body = Array(kind.utf8) + data
      // The checksum by its definition, for libpng to compare with.
      var sum = UInt32.max
      for byte in body {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return bytes(UInt32(data.count)) + body + bytes(~sum)
    }
  }

  private func noise(_ channels: Int, seed: UInt64) throws -> Image {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<13 * 7 * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
    return try Image(width: 13, height: 7, channels: channels, pixels: .bytes(bytes))
  }

  @Test(arguments: [1, 3, 4]) func framesAreLossless(_ channels: Int) throws {
    let frames = try (1...4).map { try noise(channels, seed: $0) }
    var animation = AnimatedPNG(loops: 2)
    for (index, frame) in frames.enumerated() { try animation.add(frame, milliseconds: 100 * (index + 1)) }
    let file = try animation.encoded()
    let read = try Reading(file)
    #expect(read.count == 4 && read.loops == 2 && animation.frameCount == 4 && animation.milliseconds == 1000)
    #expect(try read.frames.map(\.image) == frames.map { try rgba($0) })
    #expect(read.frames.map(\.milliseconds) == [100, 200, 300, 400])
    // What knows no animations reads the first frame.
    #expect(try ImageDecoder(colorModel: .rgba).decode(file) == rgba(frames[0]))
  }

  private func rgba(_ image: Image) throws -> Image {
    guard case .bytes(let bytes) = image.pixels, image.channels < 4 else { return image }
    let last = image.channels - 1
    let pixels = stride(from: 0, to: bytes.count, by: image.channels).flatMap { start -> [UInt8] in
      [bytes[start], bytes[start + min(1, last)], bytes[start + last], 255]
    }
    return try Image(width: image.width, height: image.height, channels: 4, pixels: .bytes(pixels))
  }

  /// Smooth ramps are smallest by a filter, and come out the same.
  @Test func photographsAreFiltered() throws {
    let ramp = (0..<64 * 64).flatMap { place -> [UInt8] in
      let value = UInt8(3 * (place / 64) + place % 64)
      return [value, value &+ 40, 255 - value]
    }
    let image = try Image(width: 64, height: 64, channels: 3, pixels: .bytes(ramp))
    var animation = AnimatedPNG(compression: 9)
    try animation.add(image, milliseconds: 40)
    let file = try animation.encoded()
    #expect(try Reading(file).frames.map(\.image) == [rgba(image)])
    #expect(file.count < ramp.count / 10)
  }

  @Test func onlyWhatChangesIsStored() throws {
    func picture(_ x: Int, _ y: Int, _ width: Int, _ height: Int) throws -> Image {
      var canvas = try Canvas(width: 40, height: 30)
      try canvas.fill(PixelRect(x: x, y: y, width: width, height: height), .black)
      return try canvas.image()
    }
    let frames = [try picture(0, 0, 1, 1), try picture(20, 11, 7, 3), try picture(20, 11, 7, 4)]
    var animation = AnimatedPNG()
    for frame in frames { try animation.add(frame, milliseconds: 50) }
    // The same once more only lasts longer.
    try animation.add(frames[2], milliseconds: 25)
    let read = try Reading(animation.encoded())
    #expect(try read.frames.map(\.image) == frames.map { try rgba($0) })
    #expect(read.frames.map(\.rect) == [[0, 0, 40, 30], [0, 0, 27, 14], [20, 14, 7, 1]])
    #expect(read.frames.map(\.milliseconds) == [50, 50, 75])
    // What can't last longer, is stored again.
    try animation.add(frames[2], milliseconds: 65_535)
    #expect(try Reading(animation.encoded()).frames.map(\.rect).last == [0, 0, 1, 1])
    #expect(animation.frameCount == 4 && animation.milliseconds == 65_710)
  }

  @Test func aPaletteDrawsInTheNearestColor() throws {
    func picture(_ color: Color) throws -> Image {
      var canvas = try Canvas(width: 40, height: 30)
      try canvas.fill(PixelRect(x: 3, y: 4, width: 20, height: 10), color)
      return try canvas.image()
    }
    let red = Color(red: 200, green: 10, blue: 10)
    var animation = AnimatedPNG(colors: [.white, red])
    try animation.add(picture(red), milliseconds: 50)
    try animation.add(picture(Color(red: 180, green: 30, blue: 0)), milliseconds: 50)
    let file = try animation.encoded()
    // IHDR's color type, and the palette: nothing, white, red.
    #expect(file[25] == 3 && Array(file[57..<70]) == Array("PLTE".utf8) + [0, 0, 0, 255, 255, 255, 200, 10, 10])
    #expect(try ImageDecoder().decode(file) == picture(red))
    #expect(animation.frameCount == 2)
    // More colors than a palette has are all of them.
    let many = (0...255).map { Color(gray: UInt8($0)) }
    var full = AnimatedPNG(colors: many)
    try full.add(picture(red), milliseconds: 50)
    #expect(try full.encoded()[25] == 6)
  }

  @Test func saysWhatCannotBeAFrame() throws {
    var animation = AnimatedPNG()
    #expect(throws: ImageError.unencodable(target: "the animation", reason: "an animation must have a frame")) {
      try animation.encoded()
    }
    try animation.add(noise(3, seed: 1), milliseconds: 10)
    #expect(
      throws: ImageError.invalidInput(
        kind: "animation", expected: "frames of 13×7×3, as the first is", got: "13×7×1")
    ) { try animation.add(noise(1, seed: 1), milliseconds: 10) }
    for length in [0, 65_536, -1] {
      #expect(throws: ImageError.self) { try animation.add(noise(3, seed: 2), milliseconds: length) }
    }
    #expect(throws: ImageError.self) { try animation.add(noise(2, seed: 2), milliseconds: 10) }
    #expect(animation.frameCount == 1)
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.png").path
      try animation.write(to: path)
      #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == animation.encoded())
      #expect(throws: ImageError.self) { try animation.write(to: folder.path) }
    }
  }
}
