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

    private func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(SafeTensorsError) {
      switch self {
      case .memory(let bytes): target.copyBytes(from: bytes[offset..<offset + target.count])
      case .file(let reader): do { try reader.read(at: offset, into: target) } catch { throw .file(error) }
      }
    }

    /// Reads one tensor whose entry has been checked.
    func tensor(
      _ entry: SafeTensorsHeader.Entry, start: Int, file: String
    ) throws(SafeTensorsError) -> Tensor {
      let offset = start + entry.range.lowerBound
      var tensor: Tensor
      do throws(OutOfMemory) {
        tensor = try Tensor(checkedUninitialized: entry.shape, of: entry.type.element)
      } catch { throw SafeTensors.noMemory(for: error.bytes, of: file) }
      guard entry.type != .float64 else {
        let bytes = try bytes(at: offset, count: entry.range.count)
        tensor.withUnsafeMutableFloats { floats in
          for i in floats.indices {
            floats[i] = Float(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8 * i, as: Double.self) })
          }
        }
        return tensor
      }
      // Numbers are little-endian in memory as in the file, so that they need no detour.
      let wrong = try tensor.withUnsafeMutableBytes { target throws(SafeTensorsError) -> UInt8? in
        try read(at: offset, into: target)
        return entry.type == .bool ? target.first { $0 > 1 } : nil
      }
      if let wrong {
        throw .invalidTensor(file: file, tensor: entry.name, expected: "0 or 1 for each BOOL", got: "\(wrong)")
      }
      return tensor
    }
  }
}
