extension PreprocessingStep {
  public static var noun: String { Sort.preprocessing.noun }

  /// A preprocessing step turns pictures into pictures: the same each time, of finite values; and where it claims to be
  /// pointwise, no pixel knows of another.
  public func checkContract(_ report: inout ContractReport) {
    var taken = 0
    var refusals: [String] = []
    for (name, image) in Image.examples {
      report.check(name) {
        let result: Image
        do throws(ImageError) { result = try apply(image) } catch {
          refusals.append("\(name): \(error)")
          return "refused: \(error)"
        }
        taken += 1
        guard try apply(image) == result else { throw Breach("two calls with the same picture differ") }
        if let index = result.floats.firstIndex(where: { !$0.isFinite }) {
          throw Breach("value \(index) is \(result.floats[index])")
        }
        if isPointwise(on: image.shape) { try checkPointwise(image, result) }
        return "\(image.shape) becomes \(result.shape)"
      }
    }
    report.check("some picture is taken") {
      guard taken > 0 else { throw Breach("all were refused: \(refusals.first ?? "")") }
      return "\(taken) of \(Image.examples.count)"
    }
  }

  /// Turning the picture by half changes a pointwise result by the same turn and nothing else.
  private func checkPointwise(_ image: Image, _ result: Image) throws {
    guard result.shape == image.shape else {
      throw Breach("it claims to be pointwise, and makes \(result.shape) of \(image.shape)")
    }
    guard try apply(Self.turned(image)) == Self.turned(result) else {
      throw Breach("it claims to be pointwise, but a pixel's result depends on where it is or on other pixels")
    }
  }

  private static func turned(_ image: Image) throws(ImageError) -> Image {
    func turn<Value>(_ values: [Value]) -> [Value] {
      (0..<image.width * image.height).reversed().flatMap { pixel in
        values[pixel * image.channels..<(pixel + 1) * image.channels]
      }
    }
    let pixels: Image.Pixels =
      switch image.pixels {
      case .bytes(let bytes): .bytes(turn(bytes))
      case .floats(let floats): .floats(turn(floats))
      }
    return try Image(width: image.width, height: image.height, channels: image.channels, pixels: pixels)
  }
}

extension Image {
  /// Not square, gray and in color, bytes and floats, with and without anything on them.
  static var examples: [(name: String, image: Image)] {
    let shapes: [(String, Int, Int, Int)] = [("gray", 13, 17, 1), ("color", 12, 9, 3), ("one pixel", 1, 1, 1)]
    return shapes.flatMap { shape -> [(name: String, image: Image)] in
      let (name, width, height, channels) = shape
      let mixed = (0..<width * height * channels).map { index -> UInt8 in
        UInt8(truncatingIfNeeded: index * index * 31 + 7 * index)
      }
      let contents: [(String, Image.Pixels)] = [
        ("bytes", .bytes(mixed)), ("floats", .floats(mixed.map { Float($0) / 255 })),
        ("black", .bytes(mixed.map { _ in 0 })), ("white", .bytes(mixed.map { _ in 255 })),
      ]
      return contents.compactMap { content in
        (try? Image(width: width, height: height, channels: channels, pixels: content.1))
          .map { ("\(name), \(content.0)", $0) }
      }
    }
  }
}
