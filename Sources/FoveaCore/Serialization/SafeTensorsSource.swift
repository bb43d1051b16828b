extension SafeTensors {
  /// Where a file's bytes come from.
  enum Source {
    case file(FileReader)
    case memory([UInt8])

    var count: Int {
      switch self {
      case .file(let reader): reader.count
      case .memory(let bytes): bytes.count
      }
    }

    func bytes(at offset: Int, count: Int) throws(SafeTensorsError) -> [UInt8] {
      switch self {
      case .memory(let bytes): return Array(bytes[offset..<offset + count])
      case .file(let reader):
        do { return try reader.read(at: offset, count: count) } catch { throw .file(error) }
      }
    }

    /// Reads one tensor whose entry has been checked.
    func tensor(
      _ entry: SafeTensorsHeader.Entry, start: Int, file: String
    ) throws(SafeTensorsError) -> Tensor {
      var tensor = Tensor(uninitialized: entry.shape)
      let offset = start + entry.range.lowerBound
      if entry.elementType == .float32, case .file(let reader) = self {
        // Floats are little-endian in memory as in the file, so that they need no detour.
        try tensor.withUnsafeMutableFloats { floats throws(SafeTensorsError) in
          do throws(FileError) {
            try reader.read(at: offset, into: UnsafeMutableRawBufferPointer(floats))
          } catch { throw .file(error) }
        }
        return tensor
      }
      let bytes = try bytes(at: offset, count: entry.range.count)
      let inexact = bytes.withUnsafeBytes { bytes in
        tensor.withUnsafeMutableFloats { Self.convert(bytes, entry.elementType, into: $0) }
      }
      if let inexact {
        throw .invalidTensor(
          file: file, tensor: entry.name, expected: "whole numbers that a 32-bit float can hold", got: "\(inexact)")
      }
      return tensor
    }

    /// - Returns: the first whole number that no float holds.
    private static func convert(
      _ bytes: UnsafeRawBufferPointer, _ type: SafeTensorsHeader.ElementType,
      into floats: UnsafeMutableBufferPointer<Float>
    ) -> Int64? {
      func load<T: BitwiseCopyable>(_ index: Int, as: T.Type) -> T {
        bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
      }
      for i in floats.indices {
        switch type {
        case .float32: floats[i] = Float(bitPattern: UInt32(littleEndian: load(i, as: UInt32.self)))
        case .float64: floats[i] = Float(Double(bitPattern: UInt64(littleEndian: load(i, as: UInt64.self))))
        case .float16: floats[i] = half(UInt16(littleEndian: load(i, as: UInt16.self)))
        case .bfloat16: floats[i] = Float(bitPattern: UInt32(UInt16(littleEndian: load(i, as: UInt16.self))) << 16)
        case .uint8: floats[i] = Float(bytes[i])
        case .int32, .int64:
          let value =
            type == .int32
            ? Int64(Int32(littleEndian: load(i, as: Int32.self))) : Int64(littleEndian: load(i, as: Int64.self))
          guard let float = Float(exactly: value) else { return value }
          floats[i] = float
        }
      }
      return nil
    }

    /// A 16-bit float of IEEE 754: 1 bit of sign, 5 of exponent, 10 of significand. Swift's own is not on all machines.
    private static func half(_ bits: UInt16) -> Float {
      let sign: Float = bits >> 15 == 0 ? 1 : -1
      let exponent = Int(bits >> 10 & 0x1F)
      let significand = Float(bits & 0x3FF)
      return switch exponent {
      case 0: sign * significand * 0x1p-24
      case 31: significand == 0 ? sign * .infinity : .nan
      default: sign * (1 + significand * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    }
  }
}
