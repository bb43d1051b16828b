import FoveaCore

/// How a model file keeps the weights of a quantized network: whole numbers of a byte under the weights' own name, and behind it
/// the scale of each filter or unit.
enum QuantizedTensors {
  /// Replaces the weights that are multiplied in bytes.
  static func fold(_ model: Model, into tensors: inout [String: Tensor]) {
    let largest = model.quantization?.weightLimit ?? QuantizedRows.usualLargest
    for (layer, parameter) in model.quantizedLayers {
      let name = "\(layer).\(parameter)"
      guard let weights = tensors[name] else { continue }
      let rows = QuantizedRows(weights, largest: largest)
      tensors[name] = rows.numbers
      tensors[QuantizedRows.name(ofScales: name)] = rows.scales
    }
  }

  /// The weights as floats, without the scales.
  ///
  /// - Returns: nil where scales and numbers do not go together; and the name of these.
  static func unfolded(_ tensors: [String: Tensor]) -> (tensors: [String: Tensor], wrong: String?) {
    var result = tensors
    for (name, scales) in tensors where name.hasSuffix(QuantizedRows.suffixOfScales) {
      let weights = String(name.dropLast(QuantizedRows.suffixOfScales.count))
      guard let numbers = tensors[weights], numbers.element == .int8 else { continue }
      guard let rows = QuantizedRows(numbers: numbers, scales: scales) else { return (tensors, weights) }
      result[weights] = rows.weights
      result[name] = nil
    }
    return (result, nil)
  }
}
