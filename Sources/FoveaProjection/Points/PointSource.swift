/// Points in a space, `count` rows of `dimensions` numbers, which need not all be in memory. Several threads may read at once.
public protocol PointSource: Sendable {
  var count: Int { get }
  var dimensions: Int { get }

  /// Fills `target` with the rows of a range, one after the other.
  ///
  /// - Throws: ``ProjectionError/file(_:)`` where they cannot be read.
  func read(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws(ProjectionError)
}

extension PointSource {
  /// All of them, in memory.
  ///
  /// - Throws: as ``read(_:into:)``, and ``ProjectionError/notFinite(point:)``.
  public func points() throws(ProjectionError) -> Points {
    var values = [Float](repeating: 0, count: count * dimensions)
    var failure: ProjectionError?
    values.withUnsafeMutableBufferPointer { target in
      do throws(ProjectionError) { try read(0..<count, into: target) } catch { failure = error }
    }
    if let failure { throw failure }
    let points = Points(values, dimensions: dimensions)
    try points.checkNumbers()
    return points
  }
}
