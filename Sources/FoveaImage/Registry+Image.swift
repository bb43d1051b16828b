public import FoveaCore

extension Registry {
  /// Registers the preprocessing steps, color maps and augmentations that come with the toolkit: this is the list.
  ///
  /// - Throws: ``RegistryError/kindIsTaken(noun:kind:by:newcomer:)`` where a name is taken already.
  public mutating func registerImageKinds() throws(RegistryError) {
    try register(Resize.self, from: .builtin)
    try register(ResizeShorterSide.self, from: .builtin)
    try register(CenterCrop.self, from: .builtin)
    try register(Letterbox.self, from: .builtin)
    try register(Pad.self, from: .builtin)
    try register(ToGrayscale.self, from: .builtin)
    try register(ToRGB.self, from: .builtin)
    try register(Invert.self, from: .builtin)
    try register(Scale.self, from: .builtin)
    try register(Normalize.self, from: .builtin)

    try register(Viridis.self, from: .builtin)
    try register(Magma.self, from: .builtin)
    try register(Inferno.self, from: .builtin)
    try register(Plasma.self, from: .builtin)
    try register(Cividis.self, from: .builtin)
    try register(Gray.self, from: .builtin)
    try register(CoolWarm.self, from: .builtin)

    try BuiltinAugmentations.register(in: &self)
  }
}
