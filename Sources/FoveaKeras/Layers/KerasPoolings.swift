import FoveaCore

/// Poolings over windows and over all.
enum KerasPoolings {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("MaxPooling1D", "MaxPool1D") { try pooling(&$0, $1, "maximumPooling", axes: 1) },
    KerasLayerRule("MaxPooling2D", "MaxPool2D") { try pooling(&$0, $1, "maximumPooling", axes: 2) },
    KerasLayerRule("MaxPooling3D", "MaxPool3D") { try volume(&$0, $1, "MaxPool") },
    KerasLayerRule("AveragePooling1D", "AvgPool1D") { try pooling(&$0, $1, "averagePooling", axes: 1) },
    KerasLayerRule("AveragePooling2D", "AvgPool2D") { try pooling(&$0, $1, "averagePooling", axes: 2) },
    KerasLayerRule("AveragePooling3D", "AvgPool3D") { try volume(&$0, $1, "AveragePool") },
    KerasLayerRule("GlobalMaxPooling1D", "GlobalMaxPool1D") { try global(&$0, $1, "globalMaximumPooling", axes: 1) },
    KerasLayerRule("GlobalMaxPooling2D", "GlobalMaxPool2D") { try global(&$0, $1, "globalMaximumPooling", axes: 2) },
    KerasLayerRule("GlobalMaxPooling3D", "GlobalMaxPool3D") { try global(&$0, $1, "globalMaximumPooling", axes: 3) },
    KerasLayerRule("GlobalAveragePooling1D", "GlobalAvgPool1D") {
      try global(&$0, $1, "globalAveragePooling", axes: 1)
    },
    KerasLayerRule("GlobalAveragePooling2D", "GlobalAvgPool2D") {
      try global(&$0, $1, "globalAveragePooling", axes: 2)
    },
    KerasLayerRule("GlobalAveragePooling3D", "GlobalAvgPool3D") {
      try global(&$0, $1, "globalAveragePooling", axes: 3)
    },
  ]

  private static func pooling(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ kind: String, axes: Int
  ) throws -> KerasValue {
    let settings = node.settings
    let input = try KerasConvolutions.maps(&conversion, node, axes: axes)
    let window = try settings.extents("pool_size", "pool_length", count: axes, default: 2)
    let isAsWindow = settings["strides", "stride"] == nil
    let stride = try isAsWindow ? window : settings.extents("strides", "stride", count: axes)
    let padding = try settings.text("padding", "border_mode", default: "valid")
    guard ["valid", "same"].contains(padding) else { throw KerasProblem.unsupported("its padding is '\(padding)'") }
    let (source, shape) = try conversion.add(
      kind, [input.source],
      [
        "window": KerasConvolutions.image(window, axes: axes), "stride": KerasConvolutions.image(stride, axes: axes),
        "padding": .string(padding),
      ], shapes: [input.shape])
    return try KerasConvolutions.result(&conversion, node, source, shape, axes: axes)
  }

  private static func volume(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ operation: String
  ) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: 3)
    let size = try node.settings.extents("pool_size", count: 3, default: 2)
    let window = try KerasWindow(node.settings, size: size, input: Array(input.shape.dropFirst()), strideAsWindow: true)
    return try conversion.onnx(
      operation, version: 11, input,
      attributes: [
        "kernel_shape": KerasConvolutions.pair(size), "strides": KerasConvolutions.pair(window.stride),
        "pads": KerasConvolutions.pair(window.before + window.after),
      ], shape: [input.shape[0]] + window.output)
  }

  private static func global(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ kind: String, axes: Int
  ) throws -> KerasValue {
    let channelsLast = try node.settings.hasChannelsLast
    var input = try KerasConvolutions.maps(&conversion, node, axes: axes)
    if axes == 3 {
      // As an image of as many pixels.
      let count = input.shape[2] * input.shape[3]
      input = try conversion.reshaped(input, [input.shape[0], input.shape[1], count], input.order)
    }
    let (source, shape) = try conversion.add(kind, [input.source], shapes: [input.shape])
    let vector = KerasValue(source, shape: shape, order: .plain)
    guard try node.settings.flag("keepdims", default: false) else { return vector }
    let ones = Array(repeating: 1, count: axes)
    guard channelsLast else { return try conversion.reshaped(vector, shape + ones, .plain) }
    return try conversion.reshaped(vector, shape + (axes == 1 ? [1, 1] : ones), axes == 1 ? .row : .channelsFirst)
  }
}
