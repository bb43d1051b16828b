import FoveaCore

/// What changes shapes, and not what is in them.
enum KerasShapes {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Flatten", convert: flatten), KerasLayerRule("Reshape", convert: reshape),
    KerasLayerRule("Permute", convert: permute), KerasLayerRule("RepeatVector", convert: repetition),
    KerasLayerRule("ZeroPadding1D") { try framed(&$0, $1, ("zeroPadding", "padding"), by: "padding", axes: 1) },
    KerasLayerRule("ZeroPadding2D") { try framed(&$0, $1, ("zeroPadding", "padding"), by: "padding", axes: 2) },
    KerasLayerRule("Cropping1D") { try framed(&$0, $1, ("cropping", "sides"), by: "cropping", axes: 1) },
    KerasLayerRule("Cropping2D") { try framed(&$0, $1, ("cropping", "sides"), by: "cropping", axes: 2) },
    KerasLayerRule("UpSampling1D") { try upsampling(&$0, $1, axes: 1) },
    KerasLayerRule("UpSampling2D") { try upsampling(&$0, $1, axes: 2) },
    KerasLayerRule("ZeroPadding3D", convert: paddedVolume), KerasLayerRule("Cropping3D", convert: croppedVolume),
    KerasLayerRule("UpSampling3D", convert: largerVolume),
  ]

  private static func flatten(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try node.input()
    var from = input
    // Keras puts the channels last before it flattens, where they come first.
    let isMoved = node.settings["data_format", "dim_ordering"] != nil && conversion.version > 1
    if isMoved, try !node.settings.hasChannelsLast, input.kerasShape.count > 1 {
      from = try conversion.value(from, in: .plain)
      from = try conversion.permuted(from, Array(1..<from.shape.count) + [0])
    }
    if case .row = from.order { from = try conversion.value(from, in: .channelsFirst) }
    // With one channel or one pixel, both orders are the same.
    let (shape, maps) = (from.shape, from.kerasShape)
    let isSame = from.order == .plain || shape.dropFirst().allSatisfy { $0 == 1 } || shape[0] == 1 || shape.count == 1
    let (source, flat) = try conversion.add("flatten", [from.source], shapes: [shape])
    if case .flattened = from.order { return KerasValue(source, shape: flat, order: from.order) }
    return KerasValue(source, shape: flat, order: isSame ? .plain : .flattened(maps))
  }

  private static func reshape(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try conversion.value(node.input(), in: .plain)
    var target: [Int]
    if let whole = try node.settings.integers("newshape") {
      // The operation says the batch, too.
      guard whole.first == -1, !whole.dropFirst().contains(-1) else {
        throw KerasProblem.unsupported("its shape \(whole) does not begin with -1, the batch, and then say all")
      }
      target = Array(whole.dropFirst())
    } else if let given = try node.settings.integers("target_shape", "dims") {
      target = given
    } else {
      throw KerasProblem("its 'target_shape' is missing")
    }
    let count = input.shape.reduce(1, *)
    let known = target.filter { $0 != -1 }
    let rest = known.reduce(into: 1) { product, extent in
      let (result, overflows) = product.multipliedReportingOverflow(by: extent)
      product = overflows ? 0 : result
    }
    if known.count == target.count - 1, rest > 0, let open = target.firstIndex(of: -1) { target[open] = count / rest }
    guard target.allSatisfy({ $0 > 0 && $0 <= count }), target.count < Shape.mostAxes,
      target.reduce(into: 1, { $0 = $0 > count ? $0 : $0 * $1 }) == count
    else { throw KerasProblem("its input, \(input.shape), cannot become \(target)") }
    let settings: (KerasConfiguration, [Int], KerasValue.Order)
    if target.count == 3, !conversion.hasChannelsFirst, target[0] == 1 && target[1] == 1 {
      // A vector as an image of one pixel: the channels may as well come first.
      settings = (["shape": .array([target[2], 1, 1].map { .integer($0) })], [target[2], 1, 1], .channelsFirst)
    } else {
      settings = (["shape": .array(target.map { .integer($0) })], target, .plain)
    }
    let (source, shape) = try conversion.add("reshape", [input.source], settings.0, shapes: [input.shape])
    return KerasValue(source, shape: shape, order: settings.2)
  }

  private static func permute(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try conversion.value(node.input(), in: .plain)
    guard let axes = try node.settings.integers("dims"), axes.sorted() == Array(1...max(1, input.shape.count)) else {
      throw KerasProblem("its 'dims' are not the axes of \(input.shape)")
    }
    let (source, shape) = try conversion.add(
      "permute", [input.source], ["axes": .array(axes.map { .integer($0 - 1) })], shapes: [input.shape])
    return KerasValue(source, shape: shape, order: .plain)
  }

  private static func repetition(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try conversion.value(node.input(), in: .plain)
    let count = try node.settings.integer("n")
    guard input.shape.count == 1, (1...1 << 16).contains(count) else {
      throw KerasProblem("it repeats a vector once or more, and not \(input.shape) \(count) times")
    }
    let row = try conversion.reshaped(input, [1, input.shape[0]], .plain)
    let sources = Array(repeating: row.source, count: count)
    guard count > 1 else { return row }
    let (source, shape) = try conversion.add(
      "concatenate", sources, shapes: Array(repeating: row.shape, count: count))
    return KerasValue(source, shape: shape, order: .plain)
  }

  /// One number for all sides, one for each axis, or two.
  private static func amounts(_ node: KerasNode, _ name: String, axes: Int) throws -> (before: [Int], after: [Int]) {
    let problem = KerasProblem("its '\(name)' are no numbers of rows and columns")
    let value = node.settings[name] ?? 1
    if let all = value.wholeNumber, all >= 0 {
      return (Array(repeating: all, count: axes), Array(repeating: all, count: axes))
    }
    guard let list = value.list, let numbers = value.flatNumbers?.compactMap({ Int(exactly: $0) }),
      numbers.allSatisfy({ 0...1 << 24 ~= $0 })
    else { throw problem }
    // Of one axis, two numbers are its ends; of two, the axes.
    if axes == 1, numbers.count == 2 { return ([numbers[0]], [numbers[1]]) }
    if numbers.count == axes, list.count == axes, axes > 1 { return (numbers, numbers) }
    if numbers.count == 1, axes == 1 { return (numbers, numbers) }
    // Keras 1 wrote four numbers: top, bottom, left, right.
    guard numbers.count == 2 * axes else { throw problem }
    return (
      stride(from: 0, to: 2 * axes, by: 2).map { numbers[$0] }, stride(from: 1, to: 2 * axes, by: 2).map { numbers[$0] }
    )
  }

  /// - Parameters:
  ///   - kind: our layer, and the name of its setting.
  ///   - amount: Keras' setting.
  private static func framed(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ kind: (name: String, setting: String), by amount: String,
    axes: Int
  ) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: axes)
    let (before, after) = try amounts(node, amount, axes: axes)
    let zero = axes == 1 ? [0] : []
    let (source, shape) = try conversion.add(
      kind.name, [input.source], [kind.setting: KerasConvolutions.sides(zero + before, zero + after)],
      shapes: [input.shape])
    return try KerasConvolutions.result(&conversion, node, source, shape, axes: axes)
  }

  private static func upsampling(
    _ conversion: inout KerasConversion, _ node: KerasNode, axes: Int
  ) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: axes)
    let factor = try node.settings.extents("size", "length", count: axes, default: 2)
    let interpolation = try node.settings.text("interpolation", default: "nearest")
    // TensorFlow rounds places to 1/1024 of a pixel.
    if axes == 2, interpolation == "bicubic", factor.allSatisfy({ $0.nonzeroBitCount == 1 && $0 <= 512 }) {
      let size = zip(input.shape.dropFirst(), factor).map(*)
      let output = try conversion.resized(input, size, ["mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": 1])
      return try KerasConvolutions.result(&conversion, node, output.source, output.shape, axes: axes)
    }
    guard ["nearest", "bilinear"].contains(interpolation) else {
      throw KerasProblem.unsupported("its interpolation is '\(interpolation)'")
    }
    let (source, shape) = try conversion.add(
      "upsampling", [input.source],
      ["factor": KerasConvolutions.image(factor, axes: axes), "interpolation": .string(interpolation)],
      shapes: [input.shape])
    return try KerasConvolutions.result(&conversion, node, source, shape, axes: axes)
  }

  // MARK: - Over three axes, nodes of ONNX

  private static func wholes(_ numbers: [Int]) -> Tensor {
    Tensor(elements: numbers.map { Int64($0) }, [numbers.count])
  }

  private static func paddedVolume(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: 3)
    let (before, after) = try amounts(node, "padding", axes: 3)
    let shape = (0..<3).map { input.shape[$0 + 1] + before[$0] + after[$0] }
    let output = try conversion.onnx(
      "Pad", version: 13, input, arguments: ["input", "constant"],
      constants: [wholes([0, 0] + before + [0, 0] + after)], shape: [input.shape[0]] + shape)
    return try KerasConvolutions.result(&conversion, node, output.source, output.shape, axes: 3)
  }

  private static func croppedVolume(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: 3)
    let (before, after) = try amounts(node, "cropping", axes: 3)
    let ends = (0..<3).map { input.shape[$0 + 1] - after[$0] }
    guard zip(before, ends).allSatisfy(<) else { throw KerasProblem("it cuts all of \(input.kerasShape) off") }
    let output = try conversion.onnx(
      "Slice", version: 13, input, arguments: ["input", "constant", "constant", "constant"],
      constants: [wholes(before), wholes(ends), wholes([2, 3, 4])], shape: [input.shape[0]] + zip(ends, before).map(-))
    return try KerasConvolutions.result(&conversion, node, output.source, output.shape, axes: 3)
  }

  private static func largerVolume(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try KerasConvolutions.maps(&conversion, node, axes: 3)
    let factor = try node.settings.extents("size", count: 3, default: 2)
    let size = zip(input.shape.dropFirst(), factor).map(*)
    let output = try conversion.resized(
      input, size, ["mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"])
    return try KerasConvolutions.result(&conversion, node, output.source, output.shape, axes: 3)
  }
}
