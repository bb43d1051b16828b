public import FoveaCore

/// The views that come with the toolkit.
public enum BuiltinViews {
  /// All of them: what is not in this list cannot be named in a pipeline's description.
  public static let all: [any View.Type] = [
    HorizontalFlipView.self, VerticalFlipView.self, QuarterTurnsView.self, CropsView.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}

extension View {
  /// A tensor of the same shape, of which each pixel is one of the input's.
  ///
  /// - Parameter place: from row and column of the view to those of the input.
  func rearranged(_ input: Tensor, _ place: (Int, Int) -> (Int, Int)) throws(PredictionError) -> Tensor {
    let (height, width) = try sides(of: input)
    let places = (0..<height * width).map { index in
      let (row, column) = place(index / width, index % width)
      return row * width + column
    }
    return Tensor(input.shape) { destination in
      input.withUnsafeFloats { source in
        for plane in stride(from: 0, to: destination.count, by: places.count) {
          for (index, place) in places.enumerated() { destination[plane + index] = source[plane + place] }
        }
      }
    }
  }

  /// Height and width.
  func sides(of input: Tensor) throws(PredictionError) -> (Int, Int) {
    guard input.shape.rank == 4 else {
      throw .shape(kind: Self.kind, expected: "pictures, [batch, channels, height, width]", got: input.shape)
    }
    return (input.shape[2], input.shape[3])
  }
}
