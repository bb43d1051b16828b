/// What is wrong with the elements of a tensor.
public enum TensorError: FoveaError, Equatable {
  case elementCount(Shape, got: Int)

  public var description: String {
    switch self {
    case .elementCount(let shape, let got):
      "a tensor of shape \(shape) has \(shape.count) elements, but \(got) were given"
    }
  }
}
