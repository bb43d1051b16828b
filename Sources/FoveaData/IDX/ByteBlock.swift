import Glibc

/// A block of memory that is written once and then shared.
///
/// Unlike an array it says so when there is not enough memory, and takes none from the system before it is written.
final class ByteBlock: @unchecked Sendable {
  // Written before the block is shared, or by one owner of each part at a time.
  let bytes: UnsafeMutableRawBufferPointer

  init?(byteCount: Int) {
    guard let base = malloc(max(1, byteCount)) else { return nil }
    bytes = UnsafeMutableRawBufferPointer(start: base, count: byteCount)
  }

  deinit { free(bytes.baseAddress) }
}
