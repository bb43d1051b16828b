/// The gradients of one layer's parameters, to which each backward pass adds.
///
/// A slot that nobody has added to yet holds no tensor, so that the first kernel may write straight into it instead
/// of into a temporary that is then added: for a large dense layer that halves the memory traffic.
public struct Gradients: Sendable {
  /// What was added to one parameter.
  private struct Slot: Sendable {
    let shape: Shape
    var sum: Tensor?
    /// What was added as outer products; empty where there is a sum.
    var products: [OuterProducts] = []
  }

  // One array, so that handing all of it on counts one owner more.
  private var slots: [Slot]

  /// Empty slots for parameters of these shapes.
  public init(_ shapes: [Shape]) {
    slots = shapes.map { Slot(shape: $0) }
  }

  public init(for parameters: [Tensor]) {
    slots = parameters.map { Slot(shape: $0.shape) }
  }

  /// Slots that already hold something.
  public init(_ tensors: [Tensor]) {
    slots = tensors.map { Slot(shape: $0.shape, sum: $0) }
  }

  public var count: Int { slots.count }

  /// The gradient of parameter `index`; zeros where nothing was added.
  public subscript(index: Int) -> Tensor { tensor(index) ?? zeros(index) }

  /// The gradient of each parameter; nil where nothing was added.
  public var tensors: [Tensor?] { slots.indices.map { tensor($0) } }

  /// The gradient of parameter `index`; nil where nothing was added.
  public func tensor(_ index: Int) -> Tensor? {
    guard slots[index].sum == nil, !slots[index].products.isEmpty else { return slots[index].sum }
    return whole(slots[index].products, index)
  }

  /// The gradient of parameter `index` where it is kept as outer products; empty where it is not.
  public func outerProducts(_ index: Int) -> [OuterProducts] { slots[index].products }

  /// Whether the gradient of parameter `index` holds nothing but outer products, or nothing at all.
  public func isFactored(_ index: Int) -> Bool { slots[index].sum == nil }

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
      put(gradient.converted(to: .float32), index)
      return
    }
    gradient.withUnsafeFloats { addend in
      sum.withUnsafeMutableFloats { sum in
        for i in 0..<sum.count { sum[i] += addend[i] }
      }
    }
    put(sum, index)
  }

  /// Adds outer products to the gradient of parameter `index`, whose elements are their matrix in row-major order. They
  /// are kept as they are for as long as that takes less memory than the parameter does.
  ///
  /// - Precondition: as many elements as the parameter has.
  public mutating func add(_ outerProducts: OuterProducts, to index: Int) {
    let (rows, columns, shape) = (outerProducts.rows, outerProducts.columns, slots[index].shape)
    require(rows * columns == shape.count, "\(rows) × \(columns) elements for shape \(shape)")
    let terms = slots[index].products.reduce(outerProducts.terms) { $0 + $1.terms }
    if slots[index].sum == nil, OuterProducts.areSmall(terms: terms, rows: rows, columns: columns) {
      slots[index].products.append(outerProducts)
      return
    }
    var sum = take(index) ?? zeros(index)
    outerProducts.add(to: &sum)
    put(sum, index)
  }

  /// Adds those of another pass over the same layer.
  public mutating func add(_ other: Gradients) {
    for (index, slot) in other.slots.enumerated() {
      if let tensor = slot.sum { add(tensor, to: index) }
      for product in slot.products { add(product, to: index) }
    }
  }

  /// Adds what was added to parameter `slot` of another layer to that of parameter `index`, and forgets it there: for
  /// layers that share their weights.
  package mutating func take(_ slot: Int, of other: inout Gradients, to index: Int) {
    if let tensor = other.slots[slot].sum { add(tensor, to: index) }
    for product in other.slots[slot].products { add(product, to: index) }
    other.forget(slot)
  }

  /// Forgets all that was added.
  public mutating func reset() {
    for index in slots.indices { forget(index) }
  }

  // Taking the tensor out leaves it with one owner, so that adding to it does not copy it.
  @usableFromInline
  mutating func take(_ index: Int) -> Tensor? {
    let tensor = tensor(index)
    forget(index)
    return tensor
  }

  private mutating func forget(_ index: Int) {
    slots[index].sum = nil
    if !slots[index].products.isEmpty { slots[index].products = [] }
  }

  @usableFromInline
  func zeros(_ index: Int) -> Tensor { Tensor(zeros: slots[index].shape) }

  @usableFromInline
  mutating func put(_ tensor: Tensor, _ index: Int) { slots[index].sum = tensor }

  private func whole(_ products: [OuterProducts], _ index: Int) -> Tensor {
    var sum = zeros(index)
    for product in products { product.add(to: &sum) }
    return sum
  }
}
