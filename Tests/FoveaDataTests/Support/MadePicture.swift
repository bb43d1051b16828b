import FoveaCore
import FoveaImage

@testable import FoveaData

/// Pictures with sharp edges, shades and noise, each of its own, as photographs are: disks and boxes on a slope.
enum MadePicture {
  static func photograph(_ seed: UInt64, width: Int = 96, height: Int = 72) throws -> Image {
    var random = SeededRandom(seed: seed &* 7919 &+ 13)
    func number(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    var bytes = (0..<width * height * 3).map { place in
      UInt8(40 + (place / 3 % width * 90 / width + place / 3 / width * 60 / height))
    }
    for _ in 0..<14 {
      let color = (0..<3).map { _ in UInt8(number(256)) }
      let (x, y, r) = (number(width), number(height), 4 + number(height / 3))
      let isDisk = number(2) == 0
      for row in max(0, y - r)..<min(height, y + r) {
        for column in max(0, x - r)..<min(width, x + r) {
          let (dx, dy) = (column - x, row - y)
          guard !isDisk || dx * dx + dy * dy < r * r else { continue }
          for channel in 0..<3 { bytes[(row * width + column) * 3 + channel] = color[channel] }
        }
      }
    }
    for place in bytes.indices { bytes[place] = UInt8(clamping: Int(bytes[place]) + number(13) - 6) }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
  }

  static func jpeg(_ image: Image, quality: Int = 92) throws -> [UInt8] {
    try ImageEncoder.jpeg(quality: quality).encode(image)
  }
}

extension Image {
  /// The values changed one by one.
  func mapped(_ change: (Double) -> Double) throws -> Image {
    let bytes = floats.map { UInt8(min(max(change(Double($0)), 0), 255)) }
    return try Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
  }

  /// Out of focus: all that is finer than `factor` pixels is gone.
  func blurred(by factor: Int) throws -> Image {
    try resized(width: width / factor, height: height / factor)
      .resized(width: width, height: height, interpolation: .bilinear)
  }
}
