/// Everything that descriptions and model files may name: layers, steps before and after the model, losses, colour maps.
///
/// The built-in kinds are registered by the same calls as a stranger's. The registry is a value that is passed on:
/// a program that wants a kind of its own registers it in its copy.
public struct Registry: Sendable {
  public private(set) var layers = KindRegistry<any Layer.Type>(noun: "layer")
  public private(set) var preprocessing = KindRegistry<any PreprocessingStep.Type>(noun: "preprocessing step")
  public private(set) var postprocessing = KindRegistry<any PostprocessingStep.Type>(noun: "postprocessing step")
  public private(set) var losses = KindRegistry<any Loss.Type>(noun: "loss")
  public private(set) var colorMaps = KindRegistry<any ColorMap.Type>(noun: "color map")

  public init() {}

  public mutating func register<L: Layer>(_ type: L.Type, from origin: Origin = .program) throws(RegistryError) {
    try layers.register(type, as: L.kind, from: origin)
  }

  public mutating func register<S: PreprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try preprocessing.register(type, as: S.kind, from: origin)
  }

  public mutating func register<S: PostprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try postprocessing.register(type, as: S.kind, from: origin)
  }

  public mutating func register<L: Loss>(_ type: L.Type, from origin: Origin = .program) throws(RegistryError) {
    try losses.register(type, as: L.kind, from: origin)
  }

  public mutating func register<C: ColorMap>(_ type: C.Type, from origin: Origin = .program) throws(RegistryError) {
    try colorMaps.register(type, as: C.kind, from: origin)
  }
}
