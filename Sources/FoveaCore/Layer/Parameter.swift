/// A weight or a constant that a layer asks for: the model makes it, keeps it, trains it and saves it under `layer.name`.
public struct Parameter: Sendable, Equatable {
  public let name: String
  public let shape: Shape
  public let initialization: Initialization
  /// What its elements are; what is trained, and what a ``Layer`` computes with, is float32.
  public let element: ElementType
  /// False for what training must leave alone, such as codes and running statistics.
  public let isTrainable: Bool

  public init(
    _ name: String, _ shape: Shape, _ initialization: Initialization, of element: ElementType = .float32,
    isTrainable: Bool = true
  ) {
    self.name = name
    self.shape = shape
    self.initialization = initialization
    self.element = element
    self.isTrainable = isTrainable
  }
}

/// How a parameter's first values are drawn.
public enum Initialization: Sendable, Equatable {
  case zeros
  case constant(Float)
  /// As many as the parameter has elements.
  case values([Float])
  /// Uniform in ±`bound`.
  case uniform(bound: Float)
  /// Normal with mean 0 and deviation `deviation`.
  case normal(deviation: Float)
  /// −1 or +1, each as probable.
  case signs
  /// Each index of the first axis by a rule of its own.
  case rows([Initialization])
}

/// The rules by which weights are scaled to the size of their layer, by the names that descriptions use.
public enum WeightInitialization: String, Codable, Sendable, CaseIterable {
  /// Uniform in ±√(6 / (fan-in + fan-out)). Source: Glorot, Bengio 2010, eq. 16.
  case glorotUniform
  /// Normal with deviation √(2 / (fan-in + fan-out)). Source: Glorot, Bengio 2010, eq. 12.
  case glorotNormal
  /// Uniform in ±√(6 / fan-in). Source: He, Zhang, Ren, Sun 2015, eq. 10.
  case heUniform
  /// Normal with deviation √(2 / fan-in). Source: He, Zhang, Ren, Sun 2015, eq. 10.
  case heNormal
  /// Uniform in ±2.4 / fan-in. Source: LeCun, Bottou, Bengio, Haffner 1998, appendix A.
  case fanIn
  case zeros

  public func initialization(fanIn: Int, fanOut: Int) -> Initialization {
    let fanIn = Float(max(1, fanIn))
    let fanOut = Float(max(1, fanOut))
    return switch self {
    case .glorotUniform: .uniform(bound: (6 / (fanIn + fanOut)).squareRoot())
    case .glorotNormal: .normal(deviation: (2 / (fanIn + fanOut)).squareRoot())
    case .heUniform: .uniform(bound: (6 / fanIn).squareRoot())
    case .heNormal: .normal(deviation: (2 / fanIn).squareRoot())
    case .fanIn: .uniform(bound: 2.4 / fanIn)
    case .zeros: .zeros
    }
  }
}

extension Parameter {
  /// The first values, drawn from `random`; those of other elements as floats, and converted.
  public func makeTensor(using random: inout some RandomNumberGenerator) -> Tensor {
    var tensor = Tensor(zeros: shape)
    tensor.withUnsafeMutableFloats { initialization.fill($0, using: &random) }
    return tensor.converted(to: element)
  }
}

extension Initialization {
  fileprivate func fill(_ elements: UnsafeMutableBufferPointer<Float>, using random: inout some RandomNumberGenerator) {
    switch self {
    case .zeros: elements.update(repeating: 0)
    case .constant(let value): elements.update(repeating: value)
    case .values(let values):
      require(values.count == elements.count, "\(values.count) values for \(elements.count) elements")
      _ = elements.update(fromContentsOf: values)
    case .uniform(let bound): for i in elements.indices { elements[i] = random.uniform(in: -bound...bound) }
    case .normal(let deviation): for i in elements.indices { elements[i] = deviation * random.normal() }
    case .signs: for i in elements.indices { elements[i] = random.next() >> 63 == 0 ? 1 : -1 }
    case .rows(let rules):
      require(!rules.isEmpty && elements.count.isMultiple(of: rules.count), "\(rules.count) rules for the rows")
      let width = elements.count / rules.count
      for (row, rule) in rules.enumerated() {
        rule.fill(UnsafeMutableBufferPointer(rebasing: elements[row * width..<(row + 1) * width]), using: &random)
      }
    }
  }
}
