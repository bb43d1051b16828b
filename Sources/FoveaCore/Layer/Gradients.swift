/// The gradients of one layer's parameters, to which each backward pass adds.
///
/// A slot that nobody has added to yet holds no tensor, so that the first kernel may write straight into it instead
/// of into a temporary that is then added: for a large dense layer that halves the memory traffic.
public struct Gradients: Sendable {
  private var sums: [Tensor?]
  /// What was added as outer products; empty wherever there is a tensor.
  private var products: [[OuterProducts]]
  private let shapes: [Shape]

  /// Empty slots for parameters of these shapes.
  public init(_ shapes: [Shape]) {
    self.shapes = shapes
    sums = Array(repeating: nil, count: shapes.count)
    products = Array(repeating: [], count: shapes.count)
  }

  public init(for parameters: [Tensor]) {
    self.init(parameters.map(\.shape))
  }

  /// Slots that already hold something.
  public init(_ tensors: [Tensor]) {
    shapes = tensors.map(\.shape)
    sums = tensors
    products = Array(repeating: [], count: tensors.count)
  }

  public var count: Int { shapes.count }

  /// The gradient of parameter `index`; zeros where nothing was added.
  public subscript(index: Int) -> Tensor { tensor(index) ?? zeros(index) }

  /// The gradient of each parameter; nil where nothing was added.
  public var tensors: [Tensor?] { shapes.indices.map { tensor($0) } }

  /// The gradient of parameter `index`; nil where nothing was added.
  public func tensor(_ index: Int) -> Tensor? {
    guard sums[index] == nil, !products[index].isEmpty else { return sums[index] }
    return whole(products[index], index)
  }

  /// The gradient of parameter `index` where it is kept as outer products; empty where it is not.
  public func outerProducts(_ index: Int) -> [OuterProducts] { products[index] }

  /// Whether the gradient of parameter `index` holds nothing but outer products, or nothing at all.
  public func isFactored(_ index: Int) -> Bool { sums[index] == nil }

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

  /// Adds outer products to the gradient of parameter `index`, whose elements are their matrix in row-major order. They
  /// are kept as they are for as long as that takes less memory than the parameter does.
  ///
  /// - Precondition: as many elements as the parameter has.
  public mutating func add(_ outerProducts: OuterProducts, to index: Int) {
    let (rows, columns) = (outerProducts.rows, outerProducts.columns)
    precondition(rows * columns == shapes[index].count, "\(rows) × \(columns) elements for shape \(shapes[index])")
    let terms = products[index].reduce(outerProducts.terms) { $0 + $1.terms }
    if sums[index] == nil, OuterProducts.areSmall(terms: terms, rows: rows, columns: columns) {
      products[index].append(outerProducts)
      return
    }
    var sum = take(index) ?? zeros(index)
    outerProducts.add(to: &sum)
    put(sum, index)
  }

  /// Adds those of another pass over the same layer.
  public mutating func add(_ other: Gradients) {
    for index in other.shapes.indices {
      if let tensor = other.sums[index] { add(tensor, to: index) }
      for product in other.products[index] { add(product, to: index) }
    }
  }

  /// Forgets all that was added.
  public mutating func reset() {
    for index in shapes.indices {
      sums[index] = nil
      products[index] = []
    }
  }

  // Taking the tensor out leaves it with one owner, so that adding to it does not copy it.
  @usableFromInline
  mutating func take(_ index: Int) -> Tensor? {
    defer {
      sums[index] = nil
      products[index] = []
    }
    return tensor(index)
  }

  @usableFromInline
  func zeros(_ index: Int) -> Tensor { Tensor(zeros: shapes[index]) }

  @usableFromInline
  mutating func put(_ tensor: Tensor, _ index: Int) { sums[index] = tensor }

  private func whole(_ products: [OuterProducts], _ index: Int) -> Tensor {
    var sum = zeros(index)
    for product in products { product.add(to: &sum) }
    return sum
  }
}
