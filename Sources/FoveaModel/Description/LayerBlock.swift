extension LayerDescription {
  /// Stands in a block's layers for the name of what comes into the block.
  public static let blockInput = "$input"

  /// Layers that belong together, under a name that stands before theirs: `conv1` in the block `layer1.0` is `layer1.0.conv1`, and
  /// a rectifier without a name `layer1.0.relu1`. Names of inputs are those of the block's own layers, where it has such, and
  /// ``blockInput`` is the layer before the block, which must have a name.
  /// ```swift
  /// LayerDescription.block("layer1.0") {
  ///   Convolution.layer("conv1", filters: 64, kernel: 3) { $0.padding = .same }
  ///   Add.layer(inputs: ["conv1", LayerDescription.blockInput])
  /// }
  /// ```
  public static func block(
    _ name: String, @LayerListBuilder layers: () -> [LayerDescription]
  ) -> [LayerDescription] {
    var numbers: [String: Int] = [:]
    var own = Set<String>()
    return layers().map { layer in
      var layer = layer
      layer.inputs = layer.inputs?.map { input in
        if input == blockInput { return beforeBlock }
        // Of a layer with several outputs, `split:1` is one.
        return own.contains(input) || own.contains(String(input.prefix { $0 != ":" })) ? "\(name).\(input)" : input
      }
      if layer.name == nil {
        numbers[layer.kind, default: 0] += 1
        layer.name = "\(layer.kind)\(numbers[layer.kind, default: 0])"
      }
      own.insert(layer.name ?? "")
      layer.name = layer.name.map { "\(name).\($0)" }
      return layer
    }
  }

  /// What ``blockInput`` is until it is known what stands before the block.
  fileprivate static let beforeBlock = "$input of the block"
}

extension LayerListBuilder {
  /// One part after the other, the blocks in it joined to what stands before them.
  static func joined(_ parts: [[LayerDescription]]) -> [LayerDescription] {
    parts.reduce(into: []) { all, part in
      guard let before = all.last?.name else {
        all += part
        return
      }
      all += part.map { layer in
        var layer = layer
        layer.inputs = layer.inputs?.map { $0 == LayerDescription.beforeBlock ? before : $0 }
        return layer
      }
    }
  }
}
