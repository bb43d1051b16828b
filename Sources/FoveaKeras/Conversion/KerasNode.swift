public import FoveaCore

/// One use of a layer of the file.
public struct KerasNode: Sendable {
  public let className: String
  /// With the names of the models around it, and the number of the use behind it, from the second on.
  public let name: String
  public let settings: KerasSettings
  public let inputs: [KerasValue]
  /// What else goes in: numbers, where a layer is an operation, and how many inputs are before each.
  public let constants: [ConfigurationValue]
  let constantPlaces: [Int]
  /// What the call switches on, and the names of inputs that it names.
  public let words: [String]
  let layerID: Int
  let arrays: [String: HDF5Dataset]
  /// Which use of the layer it is, from 0.
  let use: Int

  /// The only input.
  public func input() throws -> KerasValue {
    guard inputs.count == 1 else { throw KerasProblem("it has \(inputs.count) inputs where one is expected") }
    return inputs[0]
  }

  /// A weight as Keras keeps it.
  public func weight(_ name: String) throws -> Tensor {
    guard let array = arrays[name] else { throw KerasProblem("its weight '\(name)' is not in the file") }
    return try array.tensor()
  }

  /// The extents of a weight.
  public func weightShape(_ name: String) throws -> [Int] {
    guard let array = arrays[name] else { throw KerasProblem("its weight '\(name)' is not in the file") }
    return array.dimensions
  }

  public func hasWeight(_ name: String) -> Bool { arrays[name] != nil }
}
