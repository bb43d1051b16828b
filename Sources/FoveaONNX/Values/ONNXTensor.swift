public import FoveaCore

/// A tensor as ONNX has it: any of its element types, and any number of axes. A Fovea ``Tensor`` has fewer of both, and is
/// what layers compute with; ``init(_:)`` and ``tensor()`` go from one to the other.
public struct ONNXTensor: Sendable {
  public let type: ONNXElementType
  /// Outermost first; none for a scalar.
  public let dimensions: [Int]
  /// `[T]`, where T is the type's `swiftType`.
  private let storage: any Sendable

  private var kind: any ONNXElement.Type { type.swiftType }

  init<T: ONNXElement>(_ elements: [T], _ dimensions: [Int]) {
    type = T.type
    self.dimensions = dimensions
    storage = elements
  }

  /// Of floats; there must be as many as the dimensions say, which the evaluation proves of each output.
  public init(floats: [Float], _ dimensions: [Int]) { self.init(floats, dimensions) }

  /// Of whole numbers, likewise.
  public init(wholes: [Int64], _ dimensions: [Int]) { self.init(wholes, dimensions) }

  init<T: ONNXElement>(scalar: T) { self.init([scalar], []) }

  /// The number of elements that the dimensions say; the evaluation proves that there are as many.
  public var count: Int { dimensions.reduce(1, *) }
  var rank: Int { dimensions.count }

  /// The elements; none where they are of another type.
  func elements<T: ONNXElement>(of type: T.Type) -> [T] { storage as? [T] ?? [] }

  /// Whether there can be such dimensions, and there are as many elements as they say.
  var isConsistent: Bool {
    func count<T: ONNXElement>(_ type: T.Type) -> Int { elements(of: T.self).count }
    return Strides.count(dimensions) == count(kind)
  }

  // Loops over single elements are compiled for the usual types; the others take a generic way.
  private func mapped<R>(_ other: (any ONNXElement) -> R, float: (Float) -> R, int64: (Int64) -> R) -> [R] {
    switch type {
    case .float32: return elements(of: Float.self).map(float)
    case .int64: return elements(of: Int64.self).map(int64)
    default:
      func all<T: ONNXElement>(_ type: T.Type) -> [R] { elements(of: T.self).map { other($0) } }
      return all(kind)
    }
  }

  /// All as doubles.
  public var numbers: [Double] {
    type == .float64
      ? elements(of: Double.self)
      : mapped {
        $0.number
      } float: {
        Double($0)
      } int64: {
        Double($0)
      }
  }

  /// All as whole numbers; fractions are dropped.
  public var wholes: [Int64] {
    type == .int64
      ? elements(of: Int64.self)
      : mapped {
        $0.whole
      } float: {
        $0.whole
      } int64: {
        $0
      }
  }

  /// All as floats.
  public var floats: [Float] {
    type == .float32
      ? elements(of: Float.self)
      : mapped {
        Float($0.number)
      } float: {
        $0
      } int64: {
        Float($0)
      }
  }

  public var strings: [String] { elements(of: String.self) }

  /// Bits as a file has them.
  var bits: [UInt64] {
    mapped {
      $0.bits
    } float: {
      $0.bits
    } int64: {
      $0.bits
    }
  }

  static func make(_ type: ONNXElementType, numbers: [Double], _ dimensions: [Int]) -> ONNXTensor {
    switch type {
    case .float32: return ONNXTensor(numbers.map { Float($0) }, dimensions)
    case .float64: return ONNXTensor(numbers, dimensions)
    default:
      func all<T: ONNXElement>(_ type: T.Type) -> ONNXTensor { ONNXTensor(numbers.map(T.init(number:)), dimensions) }
      return all(type.swiftType)
    }
  }

  static func make(_ type: ONNXElementType, wholes: [Int64], _ dimensions: [Int]) -> ONNXTensor {
    guard type != .int64 else { return ONNXTensor(wholes, dimensions) }
    func all<T: ONNXElement>(_ type: T.Type) -> ONNXTensor { ONNXTensor(wholes.map(T.init(whole:)), dimensions) }
    return all(type.swiftType)
  }

  static func make(_ type: ONNXElementType, floats: [Float], _ dimensions: [Int]) -> ONNXTensor {
    guard type != .float32 else { return ONNXTensor(floats, dimensions) }
    return make(type, numbers: floats.map { Double($0) }, dimensions)
  }

  /// - Parameter number: what each element is.
  static func make(_ type: ONNXElementType, repeating number: Double, _ dimensions: [Int]) -> ONNXTensor {
    func all<T: ONNXElement>(_ type: T.Type) -> ONNXTensor {
      ONNXTensor([T](repeating: T(number: number), count: dimensions.reduce(1, *)), dimensions)
    }
    return all(type.swiftType)
  }

  /// The same elements under other dimensions with the same product.
  func reshaped(_ dimensions: [Int]) -> ONNXTensor {
    func all<T: ONNXElement>(_ type: T.Type) -> ONNXTensor { ONNXTensor(elements(of: T.self), dimensions) }
    return all(kind)
  }

  /// A tensor of the elements at the places given, counted in row-major order.
  ///
  /// - Parameter filler: what stands where a place is negative: a tensor of the same type with one element.
  func picking(_ places: [Int], _ dimensions: [Int], filler: ONNXTensor? = nil) -> ONNXTensor {
    switch type {
    case .float32: picked(Float.self, places, dimensions, filler)
    case .int64: picked(Int64.self, places, dimensions, filler)
    default: picked(kind, places, dimensions, filler)
    }
  }

  private func picked<T: ONNXElement>(
    _ type: T.Type, _ places: [Int], _ dimensions: [Int], _ filler: ONNXTensor?
  ) -> ONNXTensor {
    let source = elements(of: T.self)
    guard let fill = filler?.elements(of: T.self).first ?? (filler == nil ? T(whole: 0) : nil) else {
      return ONNXTensor([T](), dimensions)
    }
    return ONNXTensor(places.map { $0 < 0 ? fill : source[$0] }, dimensions)
  }

  /// This tensor with the elements of `updates`, of the same type, at the places given, the later over the earlier.
  func replacing(_ places: [Int], with updates: ONNXTensor) -> ONNXTensor {
    func all<T: ONNXElement>(_ type: T.Type) -> ONNXTensor {
      var result = elements(of: T.self)
      for (place, value) in zip(places, updates.elements(of: T.self)) where place >= 0 { result[place] = value }
      return ONNXTensor(result, dimensions)
    }
    return all(kind)
  }

  /// The elements as others: floats lose their fraction, whole numbers their upper bits.
  public func converted(to type: ONNXElementType) -> ONNXTensor {
    guard type != self.type else { return self }
    if type == .string {
      let texts: [String] =
        self.type.isFloat ? numbers.map { Self.text($0, self.type) } : wholes.map(String.init)
      return ONNXTensor(texts, dimensions)
    }
    if self.type.isInteger && (type.isInteger || type == .bool) { return .make(type, wholes: wholes, dimensions) }
    return .make(type, numbers: numbers, dimensions)
  }

  private static func text(_ value: Double, _ type: ONNXElementType) -> String {
    type == .float64 ? value.description : Float(value).description
  }
}

extension ONNXTensor {
  /// Of a Fovea tensor.
  public init(_ tensor: Tensor) {
    let dimensions = tensor.shape.dimensions
    self =
      switch tensor.element {
      case .float32: ONNXTensor(tensor.elements(of: Float.self), dimensions)
      case .float16: ONNXTensor(tensor.elements(of: Half.self), dimensions)
      case .bfloat16: ONNXTensor(tensor.elements(of: BFloat16.self), dimensions)
      case .int8: ONNXTensor(tensor.elements(of: Int8.self), dimensions)
      case .uint8: ONNXTensor(tensor.elements(of: UInt8.self), dimensions)
      case .int32: ONNXTensor(tensor.elements(of: Int32.self), dimensions)
      case .int64: ONNXTensor(tensor.elements(of: Int64.self), dimensions)
      case .bool: ONNXTensor(tensor.elements(of: Bool.self), dimensions)
      }
  }

  /// As a Fovea tensor.
  ///
  /// - Throws: ``ShapeError`` where it has more axes than that may have, and ``ONNXTensorError`` where it has no such elements.
  public func tensor() throws -> Tensor {
    let shape = try Shape(checking: dimensions)
    func all<T: TensorElement & ONNXElement>(_ type: T.Type) throws -> Tensor {
      try Tensor(elements: elements(of: T.self), checking: shape)
    }
    switch type.element {
    case .float32: return try all(Float.self)
    case .float16: return try all(Half.self)
    case .bfloat16: return try all(BFloat16.self)
    case .int8: return try all(Int8.self)
    case .uint8: return try all(UInt8.self)
    case .int32: return try all(Int32.self)
    case .int64: return try all(Int64.self)
    case .bool: return try all(Bool.self)
    case nil: throw ONNXTensorError.elements(type)
    }
  }
}

/// What a Fovea tensor cannot hold.
public enum ONNXTensorError: FoveaError, Equatable {
  case elements(ONNXElementType)
  /// NumPy's code of a type.
  case numPy(String)
  case text

  public var description: String {
    switch self {
    case .elements(let type):
      "elements of type \(type.name) have no place in a tensor; it may have "
        + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    case .numPy(let code): "ONNX has no elements of NumPy's type '\(code)'"
    case .text: "an array in NumPy's format holds numbers here, and no text"
    }
  }
}

/// What goes along the edges of an ONNX graph.
public enum ONNXValue: Sendable {
  case tensor(ONNXTensor)
  case sequence([ONNXValue])
  indirect case optional(ONNXValue?)

  public var tensor: ONNXTensor? {
    switch self {
    case .tensor(let tensor): tensor
    case .optional(let value): value?.tensor
    case .sequence: nil
    }
  }

  /// A tensor in it that has not as many elements as its dimensions say; nil where all is well.
  var inconsistent: ONNXTensor? {
    switch self {
    case .tensor(let tensor): tensor.isConsistent ? nil : tensor
    case .sequence(let values): values.lazy.compactMap(\.inconsistent).first
    case .optional(let value): value?.inconsistent
    }
  }

  /// In words, for errors: `int64[2, 3]`.
  public var summary: String {
    switch self {
    case .tensor(let tensor): "\(tensor.type.name)\(tensor.dimensions)"
    case .sequence(let values): "a sequence of \(values.count)"
    case .optional(let value): value.map { "optional \($0.summary)" } ?? "nothing"
    }
  }
}
