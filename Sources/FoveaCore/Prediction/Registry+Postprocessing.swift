extension Sort where Member == any PostprocessingStep.Type {
  public static var postprocessing: Sort {
    Sort("postprocessing", noun: "postprocessing step", place: .description("postprocessing")) { $0 }
  }
}

extension Registry {
  public var postprocessing: KindRegistry<any PostprocessingStep.Type> { self[.postprocessing] }

  public mutating func register<S: PostprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .postprocessing, from: origin)
  }
}
