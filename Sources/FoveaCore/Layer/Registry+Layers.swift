// Layers and operators that compute forward only have one sort: a description names both under the same key.
extension Sort where Member == any Operator.Type {
  public static var layers: Sort { Sort("layers", noun: "layer", place: .description("layers")) { $0 } }
}

extension Registry {
  public var layers: KindRegistry<any Operator.Type> { self[.layers] }

  public mutating func register<O: Operator>(_ type: O.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .layers, from: origin)
  }
}
