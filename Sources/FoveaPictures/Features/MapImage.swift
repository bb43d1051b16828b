import FoveaCore
import FoveaImage

/// A map's numbers as colors.
struct MapImage {
  let image: Image
  /// From the lowest to the highest number that is one.
  let range: ClosedRange<Float>

  /// Scales to the map's own range.
  init(_ values: some Collection<Float>, width: Int, height: Int, _ map: any ColorMap) throws(ImageError) {
    range = Self.range(of: values)
    // A map with a single value has no contrast to show; the lowest color reads as "nothing here".
    let shown =
      range.lowerBound < range.upperBound ? range : range.lowerBound...range.lowerBound + max(1, abs(range.lowerBound))
    image = try map.image(of: values, width: width, height: height, range: shown)
  }

  /// Scales to ±`bound`, so that zero is always the middle color.
  init(
    _ values: some Collection<Float>, width: Int, height: Int, _ map: any ColorMap, bound: Float
  ) throws(ImageError) {
    range = Self.range(of: values)
    image = try map.image(of: values, width: width, height: height, range: -bound...bound)
  }

  static func range(of values: some Collection<Float>) -> ClosedRange<Float> {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
    return low <= high ? low...high : 0...0
  }

  static func range(of tensor: Tensor) -> ClosedRange<Float> { tensor.withUnsafeFloats { range(of: $0) } }
}

extension Image {
  /// The largest whole magnification with which the longer side is at most `side` pixels; a longer picture is scaled
  /// down instead.
  func fitted(to side: Int, largest: Int = 64) throws(ImageError) -> (image: Image, magnification: Int) {
    let longer = max(width, height)
    if longer <= side { return (self, min(max(side / longer, 1), largest)) }
    let scale = Double(side) / Double(longer)
    let smaller = try resized(
      width: max(Int(Double(width) * scale), 1), height: max(Int(Double(height) * scale), 1), interpolation: .area)
    return (smaller, 1)
  }

  /// As ``fitted(to:largest:)``, but to the whole magnification that comes nearest to `side`, larger or smaller.
  func near(to side: Int) throws(ImageError) -> (image: Image, magnification: Int) {
    let longer = max(width, height)
    guard longer <= side else { return try fitted(to: side) }
    return (self, Int((Double(side) / Double(longer)).rounded()))
  }

  /// Of a network's input, `[channels, height, width]`.
  init(planar values: [Float], shape: Shape) throws(ImageError) {
    self = try values.withUnsafeBufferPointer { values throws(ImageError) in try Image(planar: values, shape) }
  }

  /// Of a network's input, `[1, channels, height, width]`.
  init(planar input: Tensor) throws(ImageError) {
    let shape = input.shape.withoutBatch
    self = try input.withUnsafeFloats { values throws(ImageError) in try Image(planar: values, shape) }
  }

  private init(planar values: UnsafeBufferPointer<Float>, _ shape: Shape) throws(ImageError) {
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let area = height * width
    let interleaved = try Self.drawn(width: width, height: height, channels) { index in
      values[index % channels * area + index / channels]
    }
    try self.init(width: width, height: height, channels: channels, pixels: .floats(interleaved))
  }

  /// A value for each channel of each pixel, where there is memory for them: a network's input may be large.
  private static func drawn<Value>(
    width: Int, height: Int, _ channels: Int, _ value: (Int) -> Value
  ) throws(ImageError) -> [Value] {
    do throws(OutOfMemory) {
      return try [Value](checkedCount: width * height * channels) { values in
        for index in values.indices { values.initializeElement(at: index, to: value(index)) }
        return true
      }
    } catch { throw .outOfMemory(source: "an input of \(width)×\(height) pixels", needed: "drawing it") }
  }

  /// For looking at: channels that are no bytes are brought from a range, their own where nil, to 0…255; other than three
  /// channels show the first.
  func visible(range: ClosedRange<Float>? = nil) throws(ImageError) -> Image {
    guard case .floats(let values) = pixels else { return try rgb() }
    let range = range ?? MapImage.range(of: values)
    let span = max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
    let shown = channels == 3 ? 3 : 1
    let bytes = try Self.drawn(width: width, height: height, shown) { index -> UInt8 in
      let value = (values[index / shown * channels + index % shown] - range.lowerBound) / span
      return value.isFinite ? UInt8((min(max(value, 0), 1) * 255).rounded()) : 0
    }
    return try Image(width: width, height: height, channels: shown, pixels: .bytes(bytes)).rgb()
  }
}
