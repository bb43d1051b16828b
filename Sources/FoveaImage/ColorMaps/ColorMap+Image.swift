public import FoveaCore

extension ColorMap {
  /// Draws numbers as colors: RGB bytes of `width × height` pixels, `values` by rows.
  ///
  /// The lowest color stands for `range`'s lower bound and what lies below, the highest for its upper bound and what
  /// lies above. Where the range is a single value, all is drawn in the middle color. What is no number is pure red-blue
  /// (255, 0, 255), which none of the built-in maps contains.
  ///
  /// - Throws: ``ImageError/pixelCount(width:height:channels:got:)`` where the values do not fill the image.
  public func image(
    of values: some Collection<Float>, width: Int, height: Int, range: ClosedRange<Float>
  ) throws(ImageError) -> Image {
    let table = table
    guard table.count == 768 else {
      throw .failed(kind: Self.kind, message: "its table must have 768 bytes, but has \(table.count)")
    }
    guard width > 0, height > 0, values.count == width.multipliedReportingOverflow(by: height).partialValue else {
      throw .pixelCount(width: width, height: height, channels: 1, got: values.count)
    }
    let span = range.upperBound - range.lowerBound
    // A range near to the smallest numbers has no finite factor, and counts as a single value.
    let factor = span > 0 && span.isFinite && (255 / span).isFinite ? 255 / span : 0
    let offset: Float = factor > 0 ? 0 : 127.5
    var pixels: [UInt8] = []
    pixels.reserveCapacity(values.count * 3)
    for value in values {
      guard !value.isNaN else {
        pixels.append(contentsOf: [255, 0, 255])
        continue
      }
      let bounded = min(max(value, range.lowerBound), range.upperBound)
      let index = Int(((bounded - range.lowerBound) * factor + offset).rounded())
      pixels.append(contentsOf: table[3 * index..<3 * index + 3])
    }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(pixels))
  }
}
