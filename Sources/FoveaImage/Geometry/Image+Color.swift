import COpenCV
public import FoveaCore

extension Image {
  /// One channel: 0.299 R + 0.587 G + 0.114 B; opacity is dropped.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for other than 1, 3 or 4 channels.
  public func gray() throws(ImageError) -> Image { try converted(to: .gray, by: "toGrayscale") }

  /// Three channels; gray is repeated, opacity is dropped.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for other than 1, 3 or 4 channels.
  public func rgb() throws(ImageError) -> Image { try converted(to: .rgb, by: "toRGB") }

  func converted(to model: ColorModel, by operation: String) throws(ImageError) -> Image {
    if channels == model.channels { return self }
    guard [1, 3, 4].contains(channels) else {
      throw .invalidInput(kind: operation, expected: "1 (gray), 3 (RGB) or 4 (RGBA) channels", got: "\(channels)")
    }
    return try transformed(by: operation, width: width, height: height, channels: model.channels) { from, to, error in
      fcv_convert_color(from, to, error)
    }
  }
}
