extension Sort where Member == any Loss.Type {
  public static var losses: Sort { Sort("losses", noun: "loss", plural: "losses", place: .description("loss")) { $0 } }
}

extension Registry {
  public var losses: KindRegistry<any Loss.Type> { self[.losses] }

  public mutating func register<L: Loss>(_ type: L.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .losses, from: origin)
  }
}
