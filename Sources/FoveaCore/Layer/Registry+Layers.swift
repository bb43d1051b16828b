extension Sort where Member == any Layer.Type {
  public static var layers: Sort { Sort("layers", noun: "layer", place: .description("layers")) { $0 } }
}

extension Registry {
  public var layers: KindRegistry<any Layer.Type> { self[.layers] }

  public mutating func register<L: Layer>(_ type: L.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .layers, from: origin)
  }
}
