import FoveaCore

/// Where a window comes to lie as it moves over an image, checked.
struct WindowGeometry: Sendable, Hashable {
  let channels: Int
  let inputHeight: Int
  let inputWidth: Int
  let window: Extent
  let stride: Extent
  let dilation: Extent
  let padding: Sides
  let outputHeight: Int
  let outputWidth: Int

  /// - Parameter key: what the layer calls the window: `kernel` or `window`.
  /// - Throws: ``LayerError`` where the window does not fit the image.
  init(
    _ check: Check, input: Shape, key: String, window: Extent, stride: Extent, dilation: Extent = 1, padding: Padding
  ) throws(LayerError) {
    try check.image(input)
    try check.range(window, key)
    try check.range(stride, "stride")
    try check.range(dilation, "dilation")
    if case .explicit(let sides) = padding { try check.range(sides, "padding") }
    (channels, inputHeight, inputWidth) = (input[0], input[1], input[2])
    (self.window, self.stride, self.dilation) = (window, stride, dilation)
    let reach = Extent(
      height: (window.height - 1) * dilation.height + 1, width: (window.width - 1) * dilation.width + 1)
    switch padding {
    case .valid: self.padding = .none
    case .explicit(let sides): self.padding = sides
    case .same:
      let rows = Self.missing(input[1], reach: reach.height, stride: stride.height)
      let columns = Self.missing(input[2], reach: reach.width, stride: stride.width)
      self.padding = Sides(
        top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    }
    let height = input[1] + self.padding.top + self.padding.bottom
    let width = input[2] + self.padding.left + self.padding.right
    guard reach.height <= height, reach.width <= width else {
      let padded = self.padding == .none ? "" : ", padding included"
      throw check.input("at least \(reach.height)×\(reach.width) pixels\(padded), as far as '\(key)' reaches", input)
    }
    outputHeight = (height - reach.height) / stride.height + 1
    outputWidth = (width - reach.width) / stride.width + 1
  }

  /// Rows or columns that must be added for an output of ⌈input / stride⌉.
  private static func missing(_ input: Int, reach: Int, stride: Int) -> Int {
    max(0, ((input + stride - 1) / stride - 1) * stride + reach - input)
  }

  func outputShape(channels: Int) -> Shape { [channels, outputHeight, outputWidth] }

  /// Whether there is one position of the window, and it covers the image exactly.
  var coversInput: Bool {
    padding == .none && window.height == inputHeight && window.width == inputWidth
  }

  var reach: MapReach {
    MapReach(
      rows: .window(size: (window.height - 1) * dilation.height + 1, step: stride.height, padding: padding.top),
      columns: .window(size: (window.width - 1) * dilation.width + 1, step: stride.width, padding: padding.left))
  }

  func convolution(filters: Int, groups: Int, hasBias: Bool, activation: ActivationFunction?) -> ConvolutionOperation {
    var operation = ConvolutionOperation(
      batch: 1, input: (channels, inputHeight, inputWidth), output: (filters, outputHeight, outputWidth),
      kernel: (window.height, window.width), hasBias: hasBias)
    (operation.strideHeight, operation.strideWidth) = (stride.height, stride.width)
    (operation.dilationHeight, operation.dilationWidth) = (dilation.height, dilation.width)
    (operation.top, operation.left) = (padding.top, padding.left)
    (operation.bottom, operation.right) = (padding.bottom, padding.right)
    operation.groups = groups
    operation.activation = activation
    return operation
  }

  func pooling(_ reduction: PoolingOperation.Reduction) -> PoolingOperation {
    var operation = PoolingOperation(
      reduction, batch: 1, input: (channels, inputHeight, inputWidth), window: (window.height, window.width),
      stride: (stride.height, stride.width))
    (operation.top, operation.left) = (padding.top, padding.left)
    (operation.bottom, operation.right) = (padding.bottom, padding.right)
    return operation
  }
}
