import FoveaCore

/// What prepares pictures within the model.
enum KerasPreprocessing {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Rescaling") { conversion, node in
      let (scales, offsets) = (try node.settings.numbers("scale") ?? [1], try node.settings.numbers("offset") ?? [0])
      return try conversion.line(node.input(), scales: scales, offsets: offsets)
    },
    KerasLayerRule(
      "Normalization",
      weights: { settings in
        return settings["mean"] != nil
          ? []
          : [
            .init("mean", isTrained: false), .init("variance", isTrained: false), .init("count", isTrained: false),
          ]
      }, convert: normalization),
    KerasLayerRule("Resizing", convert: resizing), KerasLayerRule("CenterCrop", "RandomCrop", convert: crop),
  ]

  private static func normalization(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let input = try node.input()
    let rank = input.kerasShape.count
    let axes = try node.settings.integers("axis") ?? (node.settings.values["axis"] == .null ? [] : [-1])
    guard axes.isEmpty || axes == [-1] || axes == [rank] else {
      throw KerasProblem.unsupported("its axes are \(axes), and not the last")
    }
    let (means, variances): ([Double], [Double])
    if let given = try node.settings.numbers("mean") {
      means = given
      variances = try node.settings.numbers("variance") ?? [1]
    } else {
      means = try node.weight("mean").elements.map { Double($0) }
      variances = try node.weight("variance").elements.map { Double($0) }
    }
    let deviations = variances.map { max($0.squareRoot(), 1e-7) }
    guard means.count == deviations.count else { throw KerasProblem("it has not as many means as variances") }
    if try node.settings.flag("invert", default: false) {
      return try conversion.line(input, scales: deviations, offsets: means)
    }
    return try conversion.line(
      input, scales: deviations.map { 1 / $0 }, offsets: zip(means, deviations).map { -$0 / $1 })
  }

  private static func size(_ node: KerasNode) throws -> [Int] {
    let size = [try node.settings.integer("height"), try node.settings.integer("width")]
    guard size.allSatisfy({ (1...1 << 14).contains($0) }) else { throw KerasProblem("its size \(size) is none") }
    return size
  }

  private static func resizing(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let (settings, size) = (node.settings, try size(node))
    let input = try KerasConvolutions.maps(&conversion, node, axes: 2)
    if Array(input.shape.dropFirst()) == size { return input }
    for name in ["crop_to_aspect_ratio", "pad_to_aspect_ratio"] where try settings.flag(name, default: false) {
      throw KerasProblem.unsupported("it has '\(name)'")
    }
    if try settings.flag("antialias", default: false) { throw KerasProblem.unsupported("it has 'antialias'") }
    let attributes: KerasConfiguration
    switch try settings.text("interpolation", default: "bilinear") {
    case "bilinear": attributes = ["mode": "linear"]
    case "nearest": attributes = ["mode": "nearest", "nearest_mode": "round_prefer_ceil"]
    case let other: throw KerasProblem.unsupported("its interpolation is '\(other)'")
    }
    let output = try conversion.resized(input, size, attributes)
    return try KerasConvolutions.result(&conversion, node, output.source, output.shape, axes: 2)
  }

  private static func crop(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let size = try size(node)
    let input = try KerasConvolutions.maps(&conversion, node, axes: 2)
    let more = (0..<2).map { input.shape[$0 + 1] - size[$0] }
    if more == [0, 0] { return input }
    guard node.className == "CenterCrop", more.allSatisfy({ $0 >= 0 }) else {
      throw KerasProblem.unsupported("it resizes \(input.kerasShape) before it cuts out \(size)")
    }
    // Keras begins at half of what is left, rounded down.
    let before = more.map { $0 / 2 }
    let (source, shape) = try conversion.add(
      "cropping", [input.source],
      ["sides": KerasConvolutions.sides(before, [more[0] - before[0], more[1] - before[1]])], shapes: [input.shape])
    conversion.holdsForOneSize(source)
    return try KerasConvolutions.result(&conversion, node, source, shape, axes: 2)
  }
}

extension KerasConversion {
  /// Maps, `[channels, …]`, of another size, by a node of ONNX.
  mutating func resized(_ maps: KerasValue, _ size: [Int], _ attributes: KerasConfiguration) throws -> KerasValue {
    var attributes = attributes
    attributes["axes"] = .array(size.indices.map { .integer($0 + 2) })
    if attributes["coordinate_transformation_mode"] == nil {
      attributes["coordinate_transformation_mode"] = "half_pixel"
    }
    return try onnx(
      "Resize", version: 19, maps, attributes: attributes, arguments: ["input", "none", "none", "constant"],
      constants: [Tensor(elements: size.map { Int64($0) }, [size.count])], shape: [maps.shape[0]] + size)
  }

  /// scale·x + offset, of all elements alike.
  mutating func line(_ value: KerasValue, scale: Double, offset: Double) throws -> KerasValue {
    try line(value, scales: [scale], offsets: [offset])
  }

  /// scale·x + offset, with one number for all or one for each of Keras' last axis; training leaves them alone.
  mutating func line(_ value: KerasValue, scales: [Double], offsets: [Double]) throws -> KerasValue {
    let channels = value.kerasShape.last ?? 0
    for numbers in [scales, offsets] where numbers.count != 1 && numbers.count != channels {
      throw KerasProblem.unsupported("it has \(numbers.count) numbers for \(channels) channels")
    }
    var value = value
    if scales.count > 1 || offsets.count > 1 {
      // The channels come first.
      if value.shape.count > 1, value.order == .plain {
        value = try self.value(value, in: .channelsFirst)
      } else if case .flattened = value.order {
        value = try self.value(value, in: .plain)
      }
    }
    let count = value.shape[0]
    func tensor(_ numbers: [Double]) -> Tensor {
      Tensor((numbers.count == count ? numbers : Array(repeating: numbers[0], count: count)).map { Float($0) }, [count])
    }
    return try elementwise(
      "scaleShift", value, ["learned": false], tensors: ["scale": tensor(scales), "shift": tensor(offsets)])
  }
}
