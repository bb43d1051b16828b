/// The gradients of one layer's parameters, to which each backward pass adds.
///
/// A slot that nobody has added to yet holds no tensor, so that the first kernel may write straight into it instead
/// of into a temporary that is then added: for a large dense layer that halves the memory traffic.
public struct Gradients: Sendable {
  public private(set) var tensors: [Tensor?]
  private let shapes: [Shape]

  /// Empty slots for parameters of these shapes.
  public init(_ shapes: [Shape]) {
    self.shapes = shapes
    tensors = Array(repeating: nil, count: shapes.count)
  }

  public init(for parameters: [Tensor]) {
    self.init(parameters.map(\.shape))
  }

  /// Slots that already hold something.
  public init(_ tensors: [Tensor]) {
    shapes = tensors.map(\.shape)
    self.tensors = tensors
  }

  public var count: Int { shapes.count }

  /// The gradient of parameter `index`; zeros where nothing was added.
  public subscript(index: Int) -> Tensor { tensors[index] ?? Tensor(zeros: shapes[index]) }

  /// Lets `body` add to the gradient of parameter `index`, in row-major order.
  @inlinable
  public mutating func add<E: Error>(
    to index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void
  ) throws(E) {
    var tensor = take(index) ?? zeros(index)
    try tensor.withUnsafeMutableFloats(body)
    put(tensor, index)
  }

  /// Adds `gradient` to that of parameter `index`.
  public mutating func add(_ gradient: Tensor, to index: Int) {
    guard var sum = take(index) else {
      put(gradient.plain(), index)
      return
    }
    gradient.withUnsafeFloats { addend in
      sum.withUnsafeMutableFloats { sum in
        for i in 0..<sum.count { sum[i] += addend[i] }
      }
    }
    put(sum, index)
  }

  /// Adds those of another pass over the same layer.
  public mutating func add(_ other: Gradients) {
    for (index, tensor) in other.tensors.enumerated() {
      if let tensor { add(tensor, to: index) }
    }
  }

  /// Forgets all that was added.
  public mutating func reset() {
    for index in tensors.indices { tensors[index] = nil }
  }

  // Taking the tensor out leaves it with one owner, so that adding to it does not copy it.
  @usableFromInline
  mutating func take(_ index: Int) -> Tensor? {
    defer { tensors[index] = nil }
    return tensors[index]
  }

  @usableFromInline
  func zeros(_ index: Int) -> Tensor { Tensor(zeros: shapes[index]) }

  @usableFromInline
  mutating func put(_ tensor: Tensor, _ index: Int) { tensors[index] = tensor }
}
