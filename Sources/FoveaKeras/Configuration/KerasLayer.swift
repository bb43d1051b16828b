import FoveaCore

/// A layer as the file has it, or a model in the model.
struct KerasLayer: Sendable {
  indirect enum Body: Sendable {
    case layer
    case sequential([KerasLayer])
    case functional([KerasLayer], inputs: [KerasReference], outputs: [KerasReference])
  }

  /// Unique in the file: the order in which layers are found.
  let id: Int
  let className: String
  /// In its model.
  let ownName: String
  /// With those of the models around it: `backbone/conv1`.
  let name: String
  let settings: KerasSettings
  let body: Body
  /// Where its model uses it: one time, unless it is shared.
  let calls: [KerasCall]
  /// Of the batch and the example, where the file says it: nil for what is open.
  let inputShape: [Int?]?

  var layers: [KerasLayer] {
    switch body {
    case .layer: []
    case .sequential(let layers), .functional(let layers, _, _): layers
    }
  }

  var isModel: Bool { if case .layer = body { false } else { true } }
}

/// An output of a call of a layer.
struct KerasReference: Hashable, Sendable {
  let layer: String
  let call: Int
  let output: Int
}

extension KerasReference {
  /// With calls counted from 0, as those that the file lists are.
  ///
  /// A model in a model has been called once before, on its own input; some versions count that, and only in some places.
  func counted(in layer: KerasLayer, version: Int, isOutput: Bool) -> KerasReference {
    let isFunctional = if case .functional = layer.body { true } else { false }
    let hasOwn = version >= 3 ? isOutput && isFunctional : isFunctional || layer.layers.first?.className == "InputLayer"
    guard call > 0, hasOwn || call >= layer.calls.count else { return self }
    return KerasReference(layer: self.layer, call: call - 1, output: output)
  }
}

/// What goes into a layer where it is used.
struct KerasCall: Sendable {
  let inputs: [KerasReference]
  /// What else, such as the number of `x * 2`, in order.
  let constants: [ConfigurationValue]
  /// How many arguments were before each constant.
  let constantPlaces: [Int]
  /// What is switched on, and the names of inputs that have one: `use_causal_mask`, `attention_mask`.
  let words: [String]
}
