import COneDNN

/// An array of 32-bit floats with a shape, and the order in which they lie in memory.
///
/// A tensor is a value: a copy shares memory until one of the two is written. Its elements are read and written as
/// plain row-major floats; a tensor that a kernel left in a blocked layout is brought into plain order when, and only
/// when, somebody asks for its floats.
public struct Tensor: @unchecked Sendable {
  /// With the batch in front: `[batch, channels, height, width]` or `[batch, features]`.
  public let shape: Shape
  public let layout: Layout
  // Written only while one tensor owns it (`isKnownUniquelyReferenced`), which makes sharing it safe.
  private var storage: Storage

  /// A tensor whose elements are not yet set: for a kernel that writes all of them.
  // Where it is inlined, the optimizer of Swift 6.3 sees that the memory stays in one function, and forgets to give it
  // back: PooledConvolution.forward then lost its scratch memory at each call.
  @inline(never)
  public init(uninitialized shape: Shape, layout: Layout = .plain) {
    self.shape = shape
    self.layout = layout
    storage = Storage(byteCount: layout.byteCount(shape))
  }

  /// A tensor whose elements `fill` writes. It starts as zeros.
  public init<E: Error>(_ shape: Shape, fill: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void) throws(E) {
    self.init(zeros: shape)
    try fill(UnsafeMutableBufferPointer(start: floats, count: shape.count))
  }

  public init(zeros shape: Shape) {
    self.init(uninitialized: shape)
    floats.update(repeating: 0, count: shape.count)
  }

  public init(repeating value: Float, _ shape: Shape) {
    self.init(uninitialized: shape)
    floats.update(repeating: value, count: shape.count)
  }

  /// Ends the program, and says why, unless there are as many elements as the shape holds. For elements that come from
  /// outside, there is ``init(checking:_:)``.
  public init(_ elements: [Float], _ shape: Shape, file: StaticString = #fileID, line: UInt = #line) {
    require(
      elements.count == shape.count, TensorError.elementCount(shape, got: elements.count).description, file: file,
      line: line)
    self.init(uninitialized: shape)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { floats.update(from: base, count: source.count) }
    }
  }

  /// - Throws: ``TensorError`` unless there are as many elements as the shape holds.
  public init(checking elements: [Float], _ shape: Shape) throws(TensorError) {
    guard elements.count == shape.count else { throw .elementCount(shape, got: elements.count) }
    self.init(elements, shape)
  }

  private init(shape: Shape, layout: Layout, storage: Storage) {
    self.shape = shape
    self.layout = layout
    self.storage = storage
  }

  private var floats: UnsafeMutablePointer<Float> { storage.address.assumingMemoryBound(to: Float.self) }

  /// The same elements under another shape with as many of them. A blocked tensor is brought into plain order first, and
  /// so is an interleaved one unless the batch stays what it is.
  public func reshaped(_ shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      shape.count == self.shape.count,
      "a tensor of shape \(self.shape) has \(self.shape.count) elements; shape \(shape) has \(shape.count)",
      file: file, line: line)
    if layout == .interleaved, shape.dimensions.first == self.shape.dimensions.first {
      return Tensor(shape: shape, layout: layout, storage: storage)
    }
    let source = plain()
    return Tensor(shape: shape, layout: .plain, storage: source.storage)
  }

  /// This tensor in row-major order; itself where it already is.
  public func plain() -> Tensor {
    layout == .plain ? self : Reorder.convert(self, to: .plain)
  }

  /// This tensor in the order given; itself where it already is.
  public func converted(to layout: Layout) -> Tensor {
    layout == self.layout ? self : Reorder.convert(self, to: layout)
  }

  /// This tensor in a layout in which each example lies on its own, as oneDNN's kernels want it.
  public func withExamplesApart() -> Tensor { layout == .interleaved ? plain() : self }

  /// Reads all elements in row-major order.
  @inlinable
  public func withUnsafeFloats<Result, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    let source = plain()
    let count = shape.count
    defer { withExtendedLifetime(source) {} }
    return try body(UnsafeBufferPointer(start: source.address, count: count))
  }

  /// Writes elements in row-major order. A tensor that shares its memory gets a copy of its own first.
  @inlinable
  public mutating func withUnsafeMutableFloats<Result, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUniqueAndPlain()
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableBufferPointer(start: address, count: shape.count))
  }

  /// All elements in row-major order.
  public var elements: [Float] {
    withUnsafeFloats { Array($0) }
  }

  /// The elements' memory, in the tensor's own ``layout``: for kernels. It is valid while the tensor lives.
  public var address: UnsafeMutablePointer<Float> { floats }

  /// Bytes of memory behind the tensor, padding of a blocked layout included.
  public var byteCount: Int { storage.byteCount }

  /// Whether nobody else shares this tensor's memory, so that a kernel may work in place.
  public mutating func isUnique() -> Bool { !storage.isPart && isKnownUniquelyReferenced(&storage) }

  /// Whether both are the same elements in the same memory. While one of them lives, that stays so.
  package func isSameMemory(as other: Tensor) -> Bool {
    storage.address == other.storage.address && shape == other.shape && layout == other.layout
  }

  @usableFromInline
  mutating func makeUniqueAndPlain() {
    if layout != .plain {
      self = plain()
    }
    if !isUnique() {
      let copy = Storage(byteCount: storage.byteCount)
      copy.address.copyMemory(from: storage.address, byteCount: storage.byteCount)
      self = Tensor(shape: shape, layout: .plain, storage: copy)
    }
  }

  /// Rows `range` of the first axis, as a tensor of their own that shares this one's memory until one of them is written.
  public func rows(_ range: Range<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      shape.rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "a tensor of shape \(shape) has no rows \(range)", file: file, line: line)
    let source = plain()
    let example = shape.withoutBatch
    let stride = example.count * MemoryLayout<Float>.stride
    return Tensor(
      shape: example.batched(range.count), layout: .plain,
      storage: Storage(source.storage, from: range.lowerBound * stride, byteCount: range.count * stride))
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal, whatever the layouts.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.shape == right.shape else { return false }
    return left.withUnsafeFloats { a in right.withUnsafeFloats { b in a.elementsEqual(b) } }
  }
}
