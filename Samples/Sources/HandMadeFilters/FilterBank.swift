import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel

/// Filters of one size as one convolution layer whose weights are set by hand.
struct FilterBank {
  private let model: Model
  let filters: [Filter]
  private let stride: Int
  private let padding: String

  /// - Parameter input: `[1, height, width]`.
  init(_ filters: [Filter], input: Shape, stride: Int, padding: String) throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let size = filters[0].size
    let description = ModelDescription(
      name: "filters", input: input,
      layers: [
        LayerDescription(
          name: "filters", kind: Convolution.kind,
          configuration: [
            "filters": .integer(filters.count), "kernel": .integer(size), "stride": .integer(stride),
            "padding": .string(padding), "bias": false,
          ])
      ])
    let kernel = Tensor(filters.flatMap(\.weights), [filters.count, 1, size, size])
    model = try Model(description, registry: registry, tensors: ["filters.kernel": kernel])
    self.filters = filters
    self.stride = stride
    self.padding = padding
  }

  /// One answer for each filter, as a picture of floats.
  func answers(to image: Image) throws -> [Image] {
    let shape = model.outputShape
    let values = try model.infer(Tensor(image.floats.map { $0 / 255 }, image.shape.batched(1))).elements
    let area = shape[1] * shape[2]
    return try filters.indices.map { filter in
      try Image(
        width: shape[2], height: shape[1], channels: 1,
        pixels: .floats(Array(values[filter * area..<(filter + 1) * area])))
    }
  }

  /// The pixel of the input that lies under the middle of the matrix, for one place in the answer.
  func center(x: Int, y: Int) -> (x: Int, y: Int) {
    let size = filters[0].size
    func place(_ index: Int, _ input: Int, _ output: Int) -> Int {
      // `same` lays the smaller half of what is missing to the left and above.
      let margin = padding == "same" ? max((output - 1) * stride + size - input, 0) / 2 : 0
      return index * stride + size / 2 - margin
    }
    return (
      place(x, model.inputShape[2], model.outputShape[2]), place(y, model.inputShape[1], model.outputShape[1])
    )
  }
}
