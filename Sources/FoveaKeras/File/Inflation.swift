import CZlib
import FoveaCore

/// Unpacks a deflated member of a zip file into a file without a name, so that it can be read piece by piece as others are.
enum Inflation {
  private static let chunk = 1 << 18

  static func unpacked(_ packed: ByteWindow, count: Int, name: String, file: FileReader) throws -> FileReader {
    let damaged = KerasError.damaged(file: file.path, problem: "'\(name)' is damaged: it cannot be unpacked")
    // zlib keeps the stream's own address, so it must not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw damaged }
    defer { inflateEnd(stream) }
    return try FileReader(unnamedFor: file.path) { append in
      var output = [UInt8](repeating: 0, count: chunk)
      var (offset, produced, isAtEnd) = (0, 0, false)
      while !isAtEnd, offset < packed.count {
        var input = try packed.read(min(chunk, packed.count - offset), at: offset, of: name)
        offset += input.count
        var taken = 0
        while !isAtEnd {
          let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
              stream.pointee.next_in = input.baseAddress.map { $0 + taken }
              stream.pointee.avail_in = UInt32(input.count - taken)
              stream.pointee.next_out = output.baseAddress
              stream.pointee.avail_out = UInt32(output.count)
              return inflate(stream, Z_NO_FLUSH)
            }
          }
          guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw damaged }
          isAtEnd = status == Z_STREAM_END
          taken = input.count - Int(stream.pointee.avail_in)
          let given = output.count - Int(stream.pointee.avail_out)
          produced += given
          guard produced <= count else { throw damaged }
          try output.withUnsafeBytes { try append(UnsafeRawBufferPointer(rebasing: $0[..<given])) }
          // What is left over of the output's room waits for more input.
          if given < output.count { break }
        }
      }
      guard isAtEnd, produced == count else { throw damaged }
    }
  }
}
