import COneDNN

/// An array of numbers with a shape, and the order in which they lie in memory. Where nothing else is said, they are
/// 32-bit floats.
///
/// A tensor is a value: a copy shares memory until one of the two is written. Its elements are read and written as
/// plain row-major floats; a tensor that a kernel left in a blocked layout is brought into plain order when, and only
/// when, somebody asks for its floats, and so are elements of other types converted.
public struct Tensor: @unchecked Sendable {
  /// With the batch in front: `[batch, channels, height, width]` or `[batch, features]`.
  public let shape: Shape
  /// What the elements are. It lies beside the shape, where it takes no room. A kernel's own layout may keep float32
  /// elements with fewer bits (``Layout/holdsFloats``), as it may reorder them: that tensor never leaves the layer.
  public let element: ElementType
  public let layout: Layout
  // Written only while one tensor owns it (`isKnownUniquelyReferenced`), which makes sharing it safe.
  private var storage: Storage

  /// A tensor whose elements are not yet set: for a kernel that writes all of them.
  // Where it is inlined, the optimizer of Swift 6.3 sees that the memory stays in one function, and forgets to give it
  // back: PooledConvolution.forward then lost its scratch memory at each call.
  @inline(never)
  public init(uninitialized shape: Shape, layout: Layout = .plain) {
    self.shape = shape
    element = .float32
    self.layout = layout
    storage = Storage(byteCount: layout.byteCount(shape))
  }

  /// A tensor of any elements, which are not yet set.
  @inline(never)
  public init(uninitialized shape: Shape, of element: ElementType) {
    self.init(
      shape: shape, element: element, layout: .plain, storage: Storage(byteCount: shape.count * element.byteCount))
  }

  /// As ``init(uninitialized:of:)``, which ends the program where memory is not to be had: for shapes whose size somebody
  /// else has chosen.
  @inline(never)
  package init(checkedUninitialized shape: Shape, of element: ElementType = .float32) throws(OutOfMemory) {
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: element.byteCount)
    guard !overflow else { throw OutOfMemory(bytes: .max) }
    self.init(shape: shape, element: element, layout: .plain, storage: try Storage(checkedByteCount: bytes))
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

  private init(shape: Shape, element: ElementType, layout: Layout, storage: Storage) {
    self.shape = shape
    self.element = element
    self.layout = layout
    self.storage = storage
  }

  @usableFromInline
  var memory: UnsafeMutableRawPointer { storage.address }

  private var floats: UnsafeMutablePointer<Float> { memory.assumingMemoryBound(to: Float.self) }

  /// The same elements under another shape with as many of them. A blocked tensor is brought into plain order first, and
  /// so is an interleaved one unless the batch stays what it is.
  public func reshaped(_ shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      shape.count == self.shape.count,
      "a tensor of shape \(self.shape) has \(self.shape.count) elements; shape \(shape) has \(shape.count)",
      file: file, line: line)
    if layout == .interleaved, shape.dimensions.first == self.shape.dimensions.first {
      return Tensor(shape: shape, element: element, layout: layout, storage: storage)
    }
    let source = plain()
    return Tensor(shape: shape, element: element, layout: .plain, storage: source.storage)
  }

  /// This tensor in row-major order; itself where it already is.
  public func plain() -> Tensor {
    layout == .plain ? self : Reorder.convert(self, to: .plain)
  }

  /// This tensor in the order given, which but for the plain one only floats may have; itself where it already is.
  public func converted(to layout: Layout) -> Tensor {
    layout == self.layout ? self : Reorder.convert(element == .float32 ? self : converted(to: .float32), to: layout)
  }

  /// This tensor in a layout in which each example lies on its own, as oneDNN's kernels want it.
  public func withExamplesApart() -> Tensor { layout == .interleaved ? plain() : self }

  /// Reads all elements in row-major order, as floats: see ``converted(to:rounding:)``.
  @inlinable
  public func withUnsafeFloats<Result, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    let source = plainFloats()
    let count = shape.count
    defer { withExtendedLifetime(source) {} }
    return try body(UnsafeBufferPointer(start: source.address, count: count))
  }

  /// Writes elements in row-major order. A tensor that shares its memory gets a copy of its own first, and one of other
  /// elements becomes one of floats.
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

  /// The memory of a tensor of floats, in the tensor's own ``layout``: for kernels. It is valid while the tensor lives.
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
  func plainFloats() -> Tensor {
    layout == .plain && element == .float32 ? self : converted(to: .float32)
  }

  @usableFromInline
  mutating func makeUniqueAndPlain(_ element: ElementType = .float32) {
    if layout != .plain || element != self.element {
      self = converted(to: element)
    }
    if !isUnique() {
      let copy = Storage(byteCount: storage.byteCount)
      copy.address.copyMemory(from: storage.address, byteCount: storage.byteCount)
      self = Tensor(shape: shape, element: element, layout: .plain, storage: copy)
    }
  }

  /// Rows `range` of the first axis, as a tensor of their own that shares this one's memory until one of them is written.
  public func rows(_ range: Range<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      shape.rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "a tensor of shape \(shape) has no rows \(range)", file: file, line: line)
    let source = plain()
    let example = shape.withoutBatch
    let stride = example.count * element.byteCount
    return Tensor(
      shape: example.batched(range.count), element: element, layout: .plain,
      storage: Storage(source.storage, from: range.lowerBound * stride, byteCount: range.count * stride))
  }
}
