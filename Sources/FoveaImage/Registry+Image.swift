public import FoveaCore

extension Registry {
  /// Registers the preprocessing steps, color maps and augmentations that come with the toolkit: this is the list.
  ///
  /// - Throws: ``RegistryError/kindIsTaken(noun:kind:by:newcomer:)`` where a name is taken already.
  public mutating func registerImageKinds() throws(RegistryError) {
    let steps: [any PreprocessingStep.Type] = [
      Resize.self, ResizeShorterSide.self, CenterCrop.self, Letterbox.self, Pad.self, ToGrayscale.self, ToRGB.self,
      ReverseChannels.self, Invert.self, Scale.self, Normalize.self,
    ]
    for step in steps { try register(step, in: .preprocessing, from: .builtin) }
    let maps: [any ColorMap.Type] = [
      Viridis.self, Magma.self, Inferno.self, Plasma.self, Cividis.self, Gray.self, CoolWarm.self,
    ]
    for map in maps { try register(map, in: .colorMaps, from: .builtin) }
    try BuiltinAugmentations.register(in: &self)
  }
}
