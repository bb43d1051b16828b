extension Sort where Member == any PreprocessingStep.Type {
  public static var preprocessing: Sort {
    Sort("preprocessing", noun: "preprocessing step", place: .description("preprocessing")) { $0 }
  }
}

extension Registry {
  public var preprocessing: KindRegistry<any PreprocessingStep.Type> { self[.preprocessing] }

  public mutating func register<S: PreprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .preprocessing, from: origin)
  }
}
