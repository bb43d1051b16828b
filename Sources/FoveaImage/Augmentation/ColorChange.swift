import CPixels
import FoveaCore

/// What becomes of the colors of a picture, pixel by pixel: linear maps, which are composed, and what is not linear.
public struct ColorChange: Sendable, Equatable {
  /// c' = M·c + offset + toMean · (mean brightness of the picture as it is then).
  struct Linear: Sendable, Equatable {
    /// By rows.
    var matrix: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    var offset: Float = 0
    var toMean: Float = 0

    static func scaling(_ factor: Float) -> Linear { Linear(matrix: [factor, 0, 0, 0, factor, 0, 0, 0, factor]) }
  }

  enum Step: Sendable, Equatable {
    case linear(Linear)
    /// Parts of a full turn.
    case hue(Float)
    /// What becomes of each byte.
    case table([UInt8])
  }

  /// ITU-R BT.601, as in ``ToGrayscale``.
  static let brightness: [Float] = [0.299, 0.587, 0.114]

  private(set) var steps: [Step] = []

  public init() {}

  init(_ step: Step) { steps = [step] }

  var isNothing: Bool { steps.isEmpty }

  mutating func append(_ next: ColorChange) { steps += next.steps }

  /// Gray pictures have no hue and no saturation; of other than one and three channels, all are left alone.
  func apply(to image: Image) throws(ImageError) -> Image {
    guard image.channels == 1 || image.channels == 3 else { return image }
    var (image, linear) = (image, [Linear]())
    for step in steps {
      if case .linear(let next) = step {
        linear.append(next)
        continue
      }
      image = try Self.applied(linear, to: image)
      linear = []
      switch step {
      case .linear: break
      case .hue(let turn):
        guard image.channels == 3, turn != 0 else { break }
        image = try image.mappingBytes { fpx_turn_hue($0, $1, $2, turn) }
      case .table(let table): image = try image.lookedUp([[UInt8]](repeating: table, count: image.channels))
      }
    }
    return try Self.applied(linear, to: image)
  }

  /// All maps as one, and one pass over the pixels.
  private static func applied(_ maps: [Linear], to image: Image) throws(ImageError) -> Image {
    guard !maps.isEmpty else { return image }
    // Without clamping, the mean goes the way of all colors.
    let means = maps.contains { $0.toMean != 0 } ? image.means : [0, 0, 0]
    let mean = (0..<3).map { means[min($0, means.count - 1)] }
    var whole = Affine()
    for map in maps {
      let current = whole.apply(to: mean)
      var brightness: Float = 0
      for channel in 0..<3 { brightness += Self.brightness[channel] * current[channel] }
      whole = whole.then(map.matrix, offset: map.offset + map.toMean * brightness)
    }
    return whole == Affine() ? image : try image.mixed(whole.rows)
  }

  /// A matrix of 3×4 by rows.
  private struct Affine: Equatable {
    var rows: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

    func apply(to color: [Float]) -> [Float] {
      (0..<3).map { row in
        var sum = rows[4 * row + 3]
        for column in 0..<3 { sum += rows[4 * row + column] * color[column] }
        return sum
      }
    }

    func then(_ matrix: [Float], offset: Float) -> Affine {
      var next = Affine()
      for row in 0..<3 {
        for column in 0..<4 {
          var sum: Float = column == 3 ? offset : 0
          for middle in 0..<3 { sum += matrix[3 * row + middle] * rows[4 * middle + column] }
          next.rows[4 * row + column] = sum
        }
      }
      return next
    }
  }
}

extension Image {
  /// The mean of each channel.
  var means: [Float] {
    var sums = [Double](repeating: 0, count: channels)
    switch pixels {
    case .bytes(let bytes):
      var counts = [UInt32](repeating: 0, count: 256 * channels)
      fpx_histogram(bytes, width * height, Int32(channels), &counts)
      for (index, count) in counts.enumerated() { sums[index / 256] += Double(count) * Double(index % 256) }
    case .floats(let floats):
      for (index, value) in floats.enumerated() { sums[index % channels] += Double(value) }
    }
    return sums.map { Float($0 / Double(width * height)) }
  }

  /// Each pixel by a matrix of 3×4.
  fileprivate func mixed(_ matrix: [Float]) throws(ImageError) -> Image {
    if case .floats(let floats) = pixels {
      // Floats need not be 0…255, and are not clamped.
      var mixed = floats
      for index in floats.indices {
        let (row, pixel) = (4 * (index % channels), index - index % channels)
        var sum = matrix[row + 3]
        for column in 0..<3 { sum += matrix[row + column] * floats[pixel + min(column, channels - 1)] }
        mixed[index] = sum
      }
      return try Image(width: width, height: height, channels: channels, pixels: .floats(mixed))
    }
    let isDiagonal = [1, 2, 4, 6, 8, 9].allSatisfy { matrix[$0] == 0 }
    guard channels == 3, !isDiagonal else {
      return try lookedUp(
        (0..<channels).map { channel in
          let row = matrix[4 * channel..<4 * channel + 4]
          // Gray stands for three channels that are alike.
          let factor = row.dropLast().reduce(0, +)
          let offset = matrix[4 * channel + 3]
          return (0..<256).map { (factor * Float($0) + offset).byte }
        })
    }
    return try mappingBytes { fpx_mix($0, $1, $2, matrix) }
  }

  /// Each value by its channel's table; floats are made bytes first.
  func lookedUp(_ tables: [[UInt8]]) throws(ImageError) -> Image {
    let tables = tables.flatMap { $0 }
    return try mappingBytes { fpx_look_up($0, $1, $2, Int32(channels), tables) }
  }

  /// - Parameter body: from, to, and the number of pixels.
  func mappingBytes(
    _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int) -> Void
  ) throws(ImageError) -> Image {
    guard case .bytes(let bytes) = try self.bytes().pixels else { return self }
    let mapped = [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      bytes.withUnsafeBufferPointer { source in
        if let from = source.baseAddress, let to = target.baseAddress { body(from, to, width * height) }
      }
      count = bytes.count
    }
    return try Image(width: width, height: height, channels: channels, pixels: .bytes(mapped))
  }
}
