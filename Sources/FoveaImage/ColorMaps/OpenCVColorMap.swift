import COpenCV

/// The tables that OpenCV holds.
enum OpenCVColorMap {
  /// 768 bytes; all black, which the tests would see, for a name that OpenCV does not have.
  static func table(_ name: String) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 768) { buffer, count in
      buffer.update(repeating: 0)
      _ = fcv_color_map(name, buffer.baseAddress, nil)
      count = buffer.count
    }
  }
}
