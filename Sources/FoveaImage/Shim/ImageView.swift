import COpenCV
import FoveaCore

extension Image {
  /// The sides that OpenCV's warps can address.
  static let longestSide = 32_767

  /// Lends the pixels to the shim, which only reads them.
  func withView<R>(_ body: (FCVView) -> R) -> R {
    switch pixels {
    case .bytes(let bytes): bytes.withUnsafeBytes { body(view($0, FCV_UINT8)) }
    case .floats(let floats): floats.withUnsafeBytes { body(view($0, FCV_FLOAT32)) }
    }
  }

  private func view(_ memory: UnsafeRawBufferPointer, _ depth: FCVDepth) -> FCVView {
    FCVView(
      data: UnsafeMutableRawPointer(mutating: memory.baseAddress), width: Int32(clamping: width),
      height: Int32(clamping: height), channels: Int32(clamping: channels), depth: depth)
  }

  /// A new image with the same sort of pixels, which the shim fills from this one.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for sizes out of bounds,
  ///   ``ImageError/failed(kind:message:)`` with OpenCV's words.
  func transformed(
    by operation: String, width: Int, height: Int, channels: Int,
    _ body: (_ from: FCVView, _ to: FCVView, _ error: UnsafeMutablePointer<FCVError>) -> FCVStatus
  ) throws(ImageError) -> Image {
    guard (1...Image.longestSide).contains(width), (1...Image.longestSide).contains(height) else {
      throw .invalidInput(
        kind: operation, expected: "a size of 1×1 to \(Image.longestSide)×\(Image.longestSide) pixels",
        got: "\(width)×\(height)")
    }
    let count = width * height * channels
    func fill<Element>(_ depth: FCVDepth, _: Element.Type) throws(ImageError) -> [Element] {
      var failure: ShimFailure?
      let result = try? [Element](checkedCount: count) { buffer in
        let to = FCVView(
          data: buffer.baseAddress, width: Int32(width), height: Int32(height), channels: Int32(channels), depth: depth)
        do throws(ShimFailure) {
          try callShim { error in withView { body($0, to, error) } }
        } catch {
          failure = error
        }
        return failure == nil
      }
      if let failure, !failure.isOutOfMemory { throw .failed(kind: operation, message: failure.message) }
      guard failure == nil, let result else { throw .noMemory(for: operation, width: width, height: height) }
      return result
    }
    let result: Pixels =
      switch pixels {
      case .bytes: .bytes(try fill(FCV_UINT8, UInt8.self))
      case .floats: .floats(try fill(FCV_FLOAT32, Float.self))
      }
    return try Image(width: width, height: height, channels: channels, pixels: result)
  }
}

extension ImageError {
  static func noMemory(for operation: String, width: Int, height: Int) -> ImageError {
    .failed(kind: operation, message: "there is not enough memory for \(width)×\(height) pixels")
  }

  /// Asks before a result is made whose memory the standard library takes.
  static func requireMemory(
    for operation: String, width: Int, height: Int, bytesPerPixel: Int
  ) throws(ImageError) {
    do throws(OutOfMemory) { try OutOfMemory.check(width * height * bytesPerPixel) } catch {
      throw .noMemory(for: operation, width: width, height: height)
    }
  }
}
