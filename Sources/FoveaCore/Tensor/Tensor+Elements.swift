// Elements of other types than float32. They always lie in plain order.
extension Tensor {
  /// A tensor of any elements. Ends the program, and says why, unless there are as many as the shape holds.
  public init<Element: TensorElement>(
    elements: [Element], _ shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      elements.count == shape.count, TensorError.elementCount(shape, got: elements.count).description, file: file,
      line: line)
    self.init(uninitialized: shape, of: Element.elementType)
    elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) }
    }
  }

  /// - Throws: ``TensorError`` unless there are as many elements as the shape holds.
  public init<Element: TensorElement>(elements: [Element], checking shape: Shape) throws(TensorError) {
    guard elements.count == shape.count else { throw .elementCount(shape, got: elements.count) }
    self.init(elements: elements, shape)
  }

  /// Zeros, or false.
  public init(zeros shape: Shape, of element: ElementType) {
    self.init(uninitialized: shape, of: element)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: shape.count * element.byteCount)
  }

  /// Zeros, as ``init(checkedUninitialized:of:)``.
  package init(checkedZeros shape: Shape, of element: ElementType = .float32) throws(OutOfMemory) {
    try self.init(checkedUninitialized: shape, of: element)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// The rows of all `parts`, one or more, one after the other. They have the same elements, and the same shape but for the
  /// first axis. What is one part already takes no memory.
  package init(joining parts: [Tensor]) throws(OutOfMemory) {
    let (rows, first) = (parts.reduce(0) { $0 + $1.shape[0] }, parts[0])
    guard parts.count > 1 else {
      self = first
      return
    }
    try self.init(checkedUninitialized: first.shape.withoutBatch.batched(rows), of: first.element)
    var target = memory
    for part in parts {
      require(
        part.shape.withoutBatch == first.shape.withoutBatch && part.element == first.element,
        "rows of \(part.shape), \(part.element.rawValue), do not go with those of \(first.shape), \(first.element.rawValue)"
      )
      part.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
        target += bytes.count
      }
    }
  }

  /// The elements as others, in row-major order; itself where they are already.
  ///
  /// - A float that becomes a narrower one is rounded to the nearest, ties to even; what is too large becomes infinity, and
  ///   what is not a number stays none.
  /// - A float that becomes a whole number is rounded by `rule`; what is out of its type's range becomes the nearest in it,
  ///   and what is not a number becomes 0.
  /// - A whole number that becomes a float is rounded to the nearest float32 first. One that is out of the new type's range
  ///   becomes the nearest in it.
  /// - All but 0 becomes `true`, and `true` becomes 1.
  public func converted(to element: ElementType, rounding rule: FloatingPointRoundingRule = .toNearestOrEven) -> Tensor
  {
    guard element != self.element else { return plain() }
    let (source, result) = (plain(), Tensor(uninitialized: shape, of: element))
    switch self.element {
    case .float32: source.fill(result, from: Float.self, rule)
    case .float16: source.fill(result, from: Half.self, rule)
    case .bfloat16: source.fill(result, from: BFloat16.self, rule)
    case .int8: source.fill(result, from: Int8.self, rule)
    case .uint8: source.fill(result, from: UInt8.self, rule)
    case .int32: source.fill(result, from: Int32.self, rule)
    case .int64: source.fill(result, from: Int64.self, rule)
    case .bool: source.fill(result, from: Bool.self, rule)
    }
    return result
  }

  // For each pair of types a loop of its own, which the compiler makes as fast as one written by hand.
  private func fill<From: TensorElement>(_ result: Tensor, from: From.Type, _ rule: FloatingPointRoundingRule) {
    switch result.element {
    case .float32: fill(result, from: from, to: Float.self, rule)
    case .float16: fill(result, from: from, to: Half.self, rule)
    case .bfloat16: fill(result, from: from, to: BFloat16.self, rule)
    case .int8: fill(result, from: from, to: Int8.self, rule)
    case .uint8: fill(result, from: from, to: UInt8.self, rule)
    case .int32: fill(result, from: from, to: Int32.self, rule)
    case .int64: fill(result, from: from, to: Int64.self, rule)
    case .bool: fill(result, from: from, to: Bool.self, rule)
    }
  }

  private func fill<From: TensorElement, To: TensorElement>(
    _ result: Tensor, from: From.Type, to: To.Type, _ rule: FloatingPointRoundingRule
  ) {
    let (source, target) = (memory.assumingMemoryBound(to: From.self), result.memory.assumingMemoryBound(to: To.self))
    if From.elementType.isFloat {
      for i in 0..<shape.count { target[i] = To(rounding: source[i].floatValue, rule) }
    } else {
      for i in 0..<shape.count { target[i] = To(saturating: source[i].integerValue) }
    }
    withExtendedLifetime(self) {}
  }

  /// Reads all elements in row-major order; those of another type are converted as by ``converted(to:rounding:)``.
  @inlinable
  public func withUnsafeElements<Element: TensorElement, Result, E: Error>(
    of type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws(E) -> Result
  ) throws(E) -> Result {
    let source = converted(to: Element.elementType)
    defer { withExtendedLifetime(source) {} }
    return try body(
      UnsafeBufferPointer(start: source.memory.assumingMemoryBound(to: Element.self), count: shape.count))
  }

  /// Writes elements in row-major order. A tensor of another type becomes one of this type first, and one that shares its
  /// memory gets a copy of its own.
  @inlinable
  public mutating func withUnsafeMutableElements<Element: TensorElement, Result, E: Error>(
    of type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> Result
  ) throws(E) -> Result {
    makeUniqueAndPlain(Element.elementType)
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: Element.self), count: shape.count))
  }

  /// All elements in row-major order, converted where they are others.
  public func elements<Element: TensorElement>(of type: Element.Type) -> [Element] {
    withUnsafeElements(of: type) { Array($0) }
  }

  /// Reads the bytes of all elements in row-major order, whatever they are: ``ElementType/byteCount`` each.
  @inlinable
  public func withUnsafeBytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    let source = plain()
    defer { withExtendedLifetime(source) {} }
    return try body(UnsafeRawBufferPointer(start: source.memory, count: shape.count * element.byteCount))
  }

  /// Writes the bytes of all elements in row-major order. A bool must become 0 or 1.
  @inlinable
  public mutating func withUnsafeMutableBytes<Result, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    makeUniqueAndPlain(element)
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableRawBufferPointer(start: memory, count: shape.count * element.byteCount))
  }
}

extension Tensor: Equatable {
  /// Whether element type, shape and all elements are equal, whatever the layouts.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.shape == right.shape, left.element == right.element else { return false }
    guard left.element.isFloat else {
      return left.withUnsafeBytes { a in right.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
    return left.withUnsafeFloats { a in right.withUnsafeFloats { b in a.elementsEqual(b) } }
  }
}
