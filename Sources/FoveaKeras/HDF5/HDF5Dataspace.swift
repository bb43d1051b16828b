/// The extents of a dataset or an attribute; a scalar has none.
struct HDF5Dataspace: Equatable {
  let dimensions: [Int]
  /// The product of all.
  let count: Int

  /// As many as HDF5 allows.
  private static let mostAxes = 32

  init(_ data: ArraySlice<UInt8>, of what: String) throws(HDF5Error) {
    var cursor = HDF5Cursor(data, of: what)
    let version = try cursor.expect(version: [1, 2])
    let rank = try cursor.u8()
    guard rank <= Self.mostAxes else { throw HDF5Error(what, "it has \(rank) axes") }
    _ = try cursor.u8()
    let kind = try cursor.u8()
    let isEmpty = version == 2 && kind == 2
    if version == 1 { try cursor.skip(4) }
    var (dimensions, count) = ([Int](), isEmpty ? 0 : 1)
    for _ in 0..<rank {
      let extent = try cursor.length()
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= 1 << 40 else { throw HDF5Error(what, "its extents are larger than any file") }
      count = product
      dimensions.append(extent)
    }
    (self.dimensions, self.count) = (dimensions, count)
  }
}
