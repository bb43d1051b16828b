import FoveaCore

/// Numbers in an HDF5 file.
struct HDF5Dataset {
  private enum Layout {
    case compact(ArraySlice<UInt8>)
    case contiguous(Int?)
    case chunked(HDF5Chunks)
  }

  /// `model_weights/conv/conv/kernel:0`.
  let path: String
  let dimensions: [Int]
  private let type: HDF5Datatype
  private let count: Int
  private let layout: Layout
  private let bytes: ByteWindow

  private var what: String { "the dataset '\(path)'" }

  init(_ header: HDF5Header, path: String, in bytes: ByteWindow) throws {
    let what = "the dataset '\(path)'"
    (self.path, self.bytes) = (path, bytes)
    guard let space = try header.message(.dataspace), let type = try header.message(.datatype),
      let layout = try header.message(.layout)
    else { throw HDF5Error(what, "it is none: what its elements are, how many, or where is not said") }
    guard try header.message(.externalFiles) == nil else {
      throw HDF5Error.unsupported(what, "its numbers lie in another file, which is not read")
    }
    let extents = try HDF5Dataspace(space, of: what)
    self.type = try HDF5Datatype(type, of: what)
    (dimensions, count) = (extents.dimensions, extents.count)
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: self.type.byteCount)
    guard !overflows else { throw HDF5Error(what, "it is larger than any file") }
    let filters = try header.message(.filters)
    self.layout = try Self.layout(layout, filters, dimensions, self.type, byteCount, bytes, what)
  }

  private static func layout(
    _ data: ArraySlice<UInt8>, _ filters: ArraySlice<UInt8>?, _ dimensions: [Int], _ type: HDF5Datatype,
    _ byteCount: Int, _ bytes: ByteWindow, _ what: String
  ) throws -> Layout {
    var cursor = HDF5Cursor(data, of: what)
    let version = try cursor.expect(version: [1, 2, 3, 4])
    let tooShort = HDF5Error(what, "the \(byteCount) bytes that it is said to have are not in the file")
    func chunks(at address: Int?, _ extents: [Int]) throws -> Layout {
      // The last is the size of an element.
      guard extents.count == dimensions.count + 1, extents.last == type.byteCount, extents.allSatisfy({ $0 > 0 }) else {
        throw HDF5Error(what, "its chunks do not fit its extents")
      }
      return .chunked(
        try HDF5Chunks(
          at: address, extents: Array(extents.dropLast()), of: dimensions, elementBytes: type.byteCount,
          filters: HDF5Filters(filters, of: what), bytes, what))
    }
    if version < 3 {
      let rank = try cursor.u8()
      let kind = try cursor.u8()
      try cursor.skip(5)
      let address = try kind == 0 ? nil : cursor.address()
      var extents: [Int] = []
      for _ in 0..<rank { extents.append(try cursor.u32()) }
      switch kind {
      case 0:
        guard try cursor.u32() >= byteCount else { throw tooShort }
        return .compact(try cursor.take(byteCount))
      case 1:
        guard byteCount == 0 || bytes.holds(byteCount, at: address ?? -1) else { throw tooShort }
        return .contiguous(address)
      case 2: return try chunks(at: address, extents)
      default: throw HDF5Error.unsupported(what, "it is stored in a way that is not read")
      }
    }
    switch try cursor.u8() {
    case 0:
      guard try cursor.u16() >= byteCount else { throw tooShort }
      return .compact(try cursor.take(byteCount))
    case 1:
      let address = try cursor.address()
      let stored = try cursor.length()
      guard byteCount == 0 || stored >= byteCount && bytes.holds(byteCount, at: address ?? -1) else { throw tooShort }
      return .contiguous(address)
    case 2 where version == 3:
      let rank = try cursor.u8()
      let address = try cursor.address()
      var extents: [Int] = []
      for _ in 0..<rank { extents.append(try cursor.u32()) }
      return try chunks(at: address, extents)
    case 2:
      throw HDF5Error.unsupported(
        what, "its chunks have an index of the newer kind; save the model again by h5py's usual settings")
    default:
      throw HDF5Error.unsupported(what, "it is put together of other datasets, perhaps of other files: not read")
    }
  }

  /// As 32-bit floats, row by row; a scalar has the shape `[1]`.
  func tensor() throws -> Tensor {
    guard dimensions.count <= Shape.mostAxes, let shape = try? Shape(checking: dimensions.isEmpty ? [1] : dimensions)
    else { throw HDF5Error(what, "it has more axes, or larger ones, than a tensor can have") }
    guard count > 0 else { throw HDF5Error(what, "it is empty: \(dimensions)") }
    // On all machines of today, memory is little-endian, too.
    guard type.kind == .float, type.byteCount == 4, !type.isBigEndian, case .contiguous(let address?) = layout else {
      return Tensor(try numbers().map { Float($0) }, shape)
    }
    return try Tensor(shape) { floats throws(any Error) in
      try bytes.read(at: address, into: UnsafeMutableRawBufferPointer(floats), of: what)
    }
  }

  private func numbers() throws -> [Double] {
    let raw = try rawBytes()
    let width = type.byteCount
    guard type.kind != .text, type.kind != .heapText else { throw HDF5Error(what, "it holds text and no numbers") }
    return (0..<count).map { index in
      let element = raw[index * width..<(index + 1) * width]
      let bits =
        type.isBigEndian
        ? element.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        : element.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      switch (type.kind, width) {
      case (.float, 2): return Double(Half(bitPattern: UInt16(truncatingIfNeeded: bits)).floatValue)
      case (.float, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      case (.float, _): return Double(bitPattern: bits)
      case (.integer(isSigned: true), _):
        let shift = UInt64(64 - 8 * width)
        return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
      default: return Double(bits)
      }
    }
  }

  private func rawBytes() throws -> [UInt8] {
    let byteCount = count * type.byteCount
    switch layout {
    case .compact(let data): return Array(data)
    case .contiguous(let address?): return try bytes.read(byteCount, at: address, of: what)
    case .contiguous(nil):
      guard byteCount == 0 else { throw HDF5Error(what, "its numbers were never written") }
      return []
    case .chunked(let chunks): return try chunks.read()
    }
  }
}
